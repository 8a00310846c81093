package org.peerwire.cli;

import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.SafeText;
import org.peerwire.cli.probe.ClientNames;
import org.peerwire.cli.probe.ProbeReport;
import org.peerwire.extension.ExtensionHandshake;

/** What a probe saw, for people: a line each. */
final class ProbeText {
  private static final int NAME_SHOWN = 40;

  private final Console console;

  ProbeText(Console console) {
    this.console = console;
  }

  void show(Endpoint target, InfoHash asked, ProbeReport report) {
    String address = Endpoint.text(report.address());
    field("peer", address.equals(target.toString()) ? address : target + " (" + address + ")");
    field("connected", after(report.connected()));
    if (report.agreed().isPresent()) {
      field("encrypted", after(report.agreed()));
    }
    field("handshake", after(report.handshaken()));
    report.encryption().ifPresent(method -> field("encryption", Policy.word(method)));
    field("info-hash", infoHash(asked, report));
    report.handshake().ifPresent(this::show);
    if (report.handshake().isPresent()) {
      report
          .extensions()
          .ifPresentOrElse(
              said -> show(said, report),
              () ->
                  report
                      .extensionHandshake()
                      .ifPresent(raw -> field("extensions", ProbeBytes.readable(raw))));
      field(
          "has",
          report
              .have()
              .map(have -> have(have) + ", said " + after(report.told()))
              .orElse("did not say"));
      field("unchoked us", after(report.unchoked()) + (report.choking() ? " (chokes)" : ""));
      if (report.firstBlock().isPresent()) {
        field(
            "first block",
            after(report.firstBlock()) + ", " + Text.size(report.firstBlockLength()));
      }
      field("interested", report.interested() ? "yes" : "no");
      field("messages", messages(report));
    } else if (report.firstBytes().hasRemaining()) {
      field("first bytes", ProbeBytes.bytes(ProbeBytes.array(report.firstBytes())));
    }
    report.violations().forEach(line -> field("tolerated", line));
    report.notes().forEach(line -> field("note", line));
    field("read", Text.size(report.bytesRead()));
    field("ended", report.ending());
  }

  private void show(Handshake handshake) {
    PeerId id = handshake.peerId();
    field("client", ClientNames.of(id).map(name -> name + "  " + id).orElse("unknown  " + id));
    field("supports", features(handshake));
  }

  private void show(ExtensionHandshake said, ProbeReport report) {
    String names =
        said.m().entrySet().stream()
            .filter(each -> each.getValue() != 0)
            .map(each -> SafeText.of(each.getKey(), NAME_SHOWN) + " " + each.getValue())
            .collect(Collectors.joining(", "));
    field("extensions", (names.isEmpty() ? "none" : names) + ", said " + after(report.extended()));
    if (said.v() != null) {
      field("calls itself", said.v());
    }
    field(
        "queues",
        Text.count(said.requests(), "request") + (said.reqq() == null ? " (did not say)" : ""));
    Integer size = said.metadataSize();
    field("metadata", size == null || size == 0 ? "none" : Text.exactSize(size));
    if (said.p() != null) {
      field("listens on", "port " + said.p());
    }
    if (said.yourip() != null) {
      field("sees us as", said.yourip().toString());
    }
    if (Boolean.TRUE.equals(said.uploadOnly())) {
      field("upload only", "yes: it downloads nothing");
    }
    if (!said.others().isEmpty()) {
      field("says too", String.join(", ", said.others().keySet()));
    }
  }

  private void field(String name, String value) {
    console.result(String.format(Locale.ROOT, "%-13s %s", name, SafeText.of(value, 2000)));
  }

  private static String after(OptionalDouble seconds) {
    return seconds.isEmpty()
        ? "no"
        : String.format(Locale.ROOT, "after %.0f ms", seconds.getAsDouble() * 1000);
  }

  private static String infoHash(InfoHash expected, ProbeReport report) {
    return report
        .peerInfoHash()
        .map(
            hash ->
                hash.equals(expected)
                    ? hash + " (matches)"
                    : hash + " (another one; asked for " + expected + ")")
        .orElse("asked for " + expected + ", no answer");
  }

  private static String features(Handshake handshake) {
    String names =
        handshake.features().stream().map(ProbeText::word).collect(Collectors.joining(", "));
    return (names.isEmpty() ? "nothing beyond the base protocol" : names)
        + "  (reserved "
        + HexFormat.of().toHexDigits(handshake.reserved())
        + ")";
  }

  private static String word(Feature feature) {
    return feature.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String have(ProbeReport.Have have) {
    if (have.total() < 0) {
      return have.count() == Integer.MAX_VALUE
          ? "everything"
          : Text.count(have.count(), "piece") + ", of an unknown number";
    }
    return String.format(
        Locale.ROOT,
        "%,d of %s (%s)",
        have.count(),
        Text.count(have.total(), "piece"),
        Text.percent(have.count(), have.total()));
  }

  private static String messages(ProbeReport report) {
    return report.messages().entrySet().stream()
        .map(kind -> kind.getKey() + (kind.getValue() == 1 ? "" : " x" + kind.getValue()))
        .collect(Collectors.joining(", "));
  }
}
