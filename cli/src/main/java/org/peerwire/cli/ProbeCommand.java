package org.peerwire.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.SafeText;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.cli.probe.ClientNames;
import org.peerwire.cli.probe.Probe;
import org.peerwire.cli.probe.ProbeReport;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.PieceMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerwire probe}. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    versionProvider = Tool.Version.class,
    header = "Ask a peer what it is: connect, shake hands, watch for three seconds.",
    description = {
      "",
      "Tells when each step was reached, which client it says it is, what it supports and has,",
      "whether it would let us download, and how it ended. With a .torrent file it also asks for",
      "one block. When the other side is no BitTorrent peer, it tells what it looks like.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  peerwire probe 192.0.2.7:6881 debian.torrent",
      "  peerwire probe '[2001:db8::7]:6881' 'magnet:?xt=urn:btih:...'",
      "  peerwire probe seedbox.example:51413 0123456789abcdef0123456789abcdef01234567",
      "",
      "Exit codes: 0 it shook hands, 1 it did not, 3 the torrent, magnet link or info-hash is",
      "not valid, 4 a local error."
    })
final class ProbeCommand implements Callable<Integer> {
  private static final int HEX_SHOWN = 48;

  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "HOST:PORT",
      description = "The peer.",
      converter = Endpoint.OfPeer.class)
  private @Nullable Endpoint peer;

  @Parameters(
      index = "1",
      paramLabel = "TORRENT|MAGNET|INFOHASH",
      description = "A torrent that it should have.")
  private String argument = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long all of it may take. Default: ${DEFAULT-VALUE}.")
  private int timeout;

  @Option(
      names = "--encryption",
      paramLabel = "off|prefer|require",
      defaultValue = "off",
      description =
          "Whether to ask for encryption: prefer tries once more without it. Default:"
              + " ${DEFAULT-VALUE}.",
      converter = Policy.class)
  private EncryptionPolicy encryption = EncryptionPolicy.OFF;

  @Option(names = "--json", description = "One JSON object instead of text for people.")
  private boolean json;

  ProbeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Options.checkSeconds("--timeout", timeout, 1);
    Endpoint target = Options.present(peer, "HOST:PORT");
    Torrents.Named named = Torrents.named(argument);
    Duration limit = Duration.ofSeconds(timeout);
    long start = System.nanoTime();
    InetSocketAddress[] addresses = resolve(target, limit);
    Duration left = limit.minusNanos(System.nanoTime() - start);
    byte[] random = new byte[PeerId.LENGTH];
    new SecureRandom().nextBytes(random);
    PeerId ownId = PeerId.of("-PW0100-", random);
    // Half of the time is for the second try.
    Probe probe =
        probe(
            named,
            ownId,
            encryption == EncryptionPolicy.PREFER ? left.dividedBy(2) : left,
            encryption);
    ProbeReport report = probe.run(addresses, () -> console.interruption().isRequested());
    if (probe.mayRetryInPlaintext() && !console.interruption().isRequested()) {
      left = limit.minusNanos(System.nanoTime() - start);
      probe = probe(named, ownId, left, EncryptionPolicy.OFF);
      report = probe.run(addresses, () -> console.interruption().isRequested());
    }
    if (json) {
      console.result(json(target, named, report));
    } else {
      show(target, named, report);
    }
    if (report.diagnosis().isPresent()) {
      throw Failure.notDone("no handshake with " + target + ": " + report.diagnosis().get()).told();
    }
    return ExitCode.DONE;
  }

  private static Probe probe(
      Torrents.Named named, PeerId ownId, Duration limit, EncryptionPolicy encryption)
      throws IOException {
    return new Probe(
        named.infoHash(), ownId, layout(named.torrent()), Options.name(), limit, encryption);
  }

  /** Names are looked up on a thread of its own: the JDK's call knows no limit. */
  private static InetSocketAddress[] resolve(Endpoint target, Duration limit)
      throws Failure, InterruptedException {
    CompletableFuture<InetSocketAddress[]> answer = new CompletableFuture<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                answer.complete(target.resolveAll());
              } catch (UnknownHostException e) {
                answer.completeExceptionally(new CompletionException(e));
              }
            },
            "peerwire-resolve");
    asking.setDaemon(true);
    asking.start();
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Failure(
          ExitCode.NOT_DONE, "no address is known for the host '" + target.host() + "'", e);
    }
  }

  private static @Nullable PieceLayout layout(@Nullable Metainfo torrent) {
    if (torrent == null) {
      return null;
    }
    PieceMap map = torrent.pieceMap();
    return new PieceLayout() {
      @Override
      public int pieceCount() {
        return map.pieceCount();
      }

      @Override
      public int pieceLength(int piece) {
        return map.pieceSize(piece);
      }
    };
  }

  // ---------------------------------------------------------------- for people

  private void show(Endpoint target, Torrents.Named named, ProbeReport report) {
    String address = Endpoint.text(report.address());
    field("peer", address.equals(target.toString()) ? address : target + " (" + address + ")");
    field("connected", after(report.connected()));
    field("handshake", after(report.handshaken()));
    report.encryption().ifPresent(method -> field("encryption", Policy.word(method)));
    field("info-hash", infoHash(named.infoHash(), report));
    report.handshake().ifPresent(this::show);
    if (report.handshake().isPresent()) {
      field("has", report.have().map(ProbeCommand::have).orElse("did not say"));
      field("unchoked us", after(report.unchoked()) + (report.choking() ? " (chokes)" : ""));
      if (report.firstBlock().isPresent()) {
        field(
            "first block",
            after(report.firstBlock()) + ", " + Text.size(report.firstBlockLength()));
      }
      field("interested", report.interested() ? "yes" : "no");
      report.extensionHandshake().ifPresent(raw -> field("extensions", readable(raw)));
      field("messages", messages(report));
    } else if (report.firstBytes().hasRemaining()) {
      field("first bytes", bytes(array(report.firstBytes())));
    }
    report.violations().forEach(line -> field("tolerated", line));
    field("read", Text.size(report.bytesRead()));
    field("ended", report.ending());
  }

  private void show(Handshake handshake) {
    PeerId id = handshake.peerId();
    field("client", ClientNames.of(id).map(name -> name + "  " + id).orElse("unknown  " + id));
    field("supports", features(handshake));
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
        handshake.features().stream().map(ProbeCommand::word).collect(Collectors.joining(", "));
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

  /** A dictionary as one, if it is one. */
  private static String readable(byte[] bencoded) {
    try {
      return Bencode.parse(bencoded, BencodeLimits.WIRE, BencodeMode.LENIENT).root().toString();
    } catch (BencodeException e) {
      return bytes(bencoded) + " (" + e.getMessage() + ")";
    }
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** Printable text as text, anything else as hexadecimal digits. */
  private static String bytes(byte[] bytes) {
    int shown = Math.min(bytes.length, HEX_SHOWN);
    boolean text = true;
    for (int i = 0; i < shown; i++) {
      text &= (bytes[i] >= 0x20 && bytes[i] < 0x7f) || bytes[i] == '\r' || bytes[i] == '\n';
    }
    String start =
        text
            ? "\"" + new String(bytes, 0, shown, StandardCharsets.US_ASCII) + "\""
            : HexFormat.of().formatHex(bytes, 0, shown);
    return shown < bytes.length ? start + "..." : start;
  }

  // ---------------------------------------------------------------- for programs

  private static Json json(Endpoint target, Torrents.Named named, ProbeReport report) {
    Json result =
        Json.event("probe")
            .put("peer", target)
            .put("address", Endpoint.text(report.address()))
            .put("ok", report.diagnosis().isEmpty())
            .put("infoHash", named.infoHash())
            .put("connectedSeconds", optional(report.connected()))
            .put("handshakeSeconds", optional(report.handshaken()))
            .put("encryption", report.encryption().map(Policy::word))
            .put("peerInfoHash", report.peerInfoHash())
            .put("infoHashMatches", report.peerInfoHash().map(named.infoHash()::equals));
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
    result
        .put("unchokedSeconds", optional(report.unchoked()))
        .put("firstBlockSeconds", optional(report.firstBlock()))
        .put("extensionHandshake", report.extensionHandshake().map(ProbeCommand::readable))
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
        .put("bytesRead", report.bytesRead())
        .put("firstBytesHex", HexFormat.of().formatHex(array(report.firstBytes())))
        .put("ended", report.ending())
        .put("diagnosis", report.diagnosis());
  }

  private static @Nullable Double optional(OptionalDouble seconds) {
    return seconds.isEmpty() ? null : Math.round(seconds.getAsDouble() * 1e6) / 1e6;
  }
}
