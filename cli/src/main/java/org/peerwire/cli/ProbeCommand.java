package org.peerwire.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
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
    versionProvider = Version.Provider.class,
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
      console.result(ProbeJson.of(target, named.infoHash(), report));
    } else {
      new ProbeText(console).show(target, named.infoHash(), report);
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
}
