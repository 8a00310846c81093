package org.peerwire.cli;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.cli.probe.ClientNames;
import org.peerwire.cli.probe.ProbeReport;
import org.peerwire.extension.ExtensionHandshake;

/** What a probe saw, for programs: one object. */
final class ProbeJson {
  private ProbeJson() {}

  static Json of(Endpoint target, InfoHash asked, ProbeReport report) {
    Json result =
        Json.event("probe")
            .put("peer", target)
            .put("address", Endpoint.text(report.address()))
            .put("ok", report.diagnosis().isEmpty())
            .put("infoHash", asked)
            .put("connectedSeconds", optional(report.connected()))
            .put("encryptedSeconds", optional(report.agreed()))
            .put("handshakeSeconds", optional(report.handshaken()))
            .put("encryption", report.encryption().map(Policy::word))
            .put("peerInfoHash", report.peerInfoHash())
            .put("infoHashMatches", report.peerInfoHash().map(asked::equals));
    report
        .handshake()
        .ifPresent(
            handshake ->
                result
                    .put("peerId", handshake.peerId())
                    .put("client", ClientNames.of(handshake.peerId()))
                    .put("reserved", HexFormat.of().toHexDigits(handshake.reserved()))
                    .put(
                        "features",
                        handshake.features().stream()
                            .map(feature -> feature.name().toLowerCase(Locale.ROOT))
                            .toList())
                    .put("choking", report.choking())
                    .put("interested", report.interested()));
    report
        .have()
        .ifPresent(
            have -> {
              boolean known = have.count() != Integer.MAX_VALUE;
              result
                  .put("piecesHeld", known ? (Object) have.count() : null)
                  .put("pieces", have.total() < 0 ? null : (Object) have.total())
                  .put("everything", !known || have.count() == have.total());
            });
    report.extensions().ifPresent(said -> put(result, said));
    result
        .put("extensionHandshakeSeconds", optional(report.extended()))
        .put("haveSeconds", optional(report.told()))
        .put("unchokedSeconds", optional(report.unchoked()))
        .put("firstBlockSeconds", optional(report.firstBlock()))
        .put("extensionHandshake", report.extensionHandshake().map(ProbeBytes::readable))
        .put(
            "extensionHandshakeHex",
            report.extensionHandshake().map(raw -> HexFormat.of().formatHex(raw)));
    List<Json> messages = new ArrayList<>();
    report
        .messages()
        .forEach(
            (name, count) -> messages.add(Json.object().put("name", name).put("count", count)));
    return result
        .put("messages", messages)
        .put("tolerated", report.violations())
        .put("notes", report.notes())
        .put("bytesRead", report.bytesRead())
        .put("firstBytesHex", HexFormat.of().formatHex(ProbeBytes.array(report.firstBytes())))
        .put("ended", report.ending())
        .put("diagnosis", report.diagnosis());
  }

  private static void put(Json result, ExtensionHandshake said) {
    List<Json> names = new ArrayList<>();
    said.m().forEach((name, id) -> names.add(Json.object().put("name", name).put("id", id)));
    result
        .put("extensions", names)
        .put("callsItself", said.v())
        .put("reqq", said.reqq())
        .put("metadataSize", said.metadataSize())
        .put("listenPort", said.p())
        .put("yourip", said.yourip())
        .put("uploadOnly", said.uploadOnly());
  }

  private static @Nullable Double optional(OptionalDouble seconds) {
    return seconds.isEmpty() ? null : Math.round(seconds.getAsDouble() * 1e6) / 1e6;
  }
}
