package org.peerwire.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.Transfer;
import org.peerwire.client.TransferException;
import org.peerwire.client.TransferOptions;
import org.peerwire.client.TransferStatus;
import org.peerwire.swarm.metainfo.Metainfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerwire seed}. */
@Command(
    name = "seed",
    mixinStandardHelpOptions = true,
    versionProvider = Tool.Version.class,
    header = "Serve what is on disk to peers, until Ctrl-C.",
    description = {
      "",
      "All data is checked first; then a line with 'listening on HOST:PORT' is printed, and the",
      "torrent's trackers are told. Nothing is written.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  peerwire seed debian.torrent ~/Downloads              serves ~/Downloads/<name>",
      "  peerwire seed debian.torrent . --listen 127.0.0.1:0   on this machine alone, any port",
      "  peerwire seed debian.torrent . --peer 192.0.2.7:6881  dial a peer that cannot dial us",
      "",
      "Exit codes: 0 ended by Ctrl-C or SIGTERM, 1 the data does not match, 2 wrong usage, 3 the",
      "torrent is not valid, 4 a local error, such as a port that is taken."
    })
final class SeedCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "TORRENT", description = "The .torrent file.")
  private String argument = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The folder that holds the content under the torrent's name.")
  private Path folder = Path.of("");

  @Option(
      names = "--listen",
      paramLabel = "[HOST:]PORT",
      defaultValue = "6881",
      description =
          "Where peers may dial us; port 0 is any that is free. Default: ${DEFAULT-VALUE}, on all"
              + " addresses of this machine.",
      converter = Endpoint.OfListener.class)
  private @Nullable Endpoint listen;

  @Option(
      names = {"-p", "--peer"},
      paramLabel = "HOST:PORT",
      description = "A peer to dial, beside those that dial us. May be given more than once.",
      converter = Endpoint.OfPeer.class)
  private List<Endpoint> peers = new ArrayList<>();

  @Mixin private Connections connections = new Connections();

  @Mixin private SourceOptions more = new SourceOptions();

  @Option(names = "--json", description = "What happens as JSON on standard output, a line each.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but where it listens, unless it fails.")
  private boolean quiet;

  SeedCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Metainfo torrent = Torrents.file(argument);
    Endpoint place = Options.present(listen, "--listen");
    List<InetSocketAddress> addresses = Options.resolve(console, peers);
    if (json) {
      console.result(
          Json.event("start")
              .put("command", "seed")
              .put("name", torrent.name())
              .put("infoHash", torrent.infoHash())
              .put("length", torrent.totalLength())
              .put("pieces", torrent.pieceCount())
              .put("pieceLength", torrent.pieceLength()));
    }
    ClientOptions options = connections.client().listenAddress(Options.address(place)).build();
    try (Client client = Client.open(options)) {
      return seed(client, torrent, addresses);
    }
  }

  private int seed(Client client, Metainfo torrent, List<InetSocketAddress> addresses)
      throws Failure, IOException, InterruptedException {
    Transfer transfer =
        client.seed(torrent, folder, TransferOptions.builder().sources(more.sources()).build());
    TransferRun run = new TransferRun(console, transfer, json, quiet);
    try {
      if (run.toCompletion().isPresent()) {
        Options.tellListening(console, client, json, false);
        addresses.forEach(transfer::addPeer);
        run.untilStopped();
      }
    } catch (TransferException e) {
      Failure failure = Failure.local(e);
      if (json) {
        console.result(
            run.summary("failed", transfer.status())
                .put("exit", failure.exitCode())
                .put("message", failure.line()));
      }
      throw failure.told();
    }
    TransferStatus status = transfer.status();
    if (json) {
      console.result(run.summary("done", status).put("exit", ExitCode.DONE));
    } else if (!quiet) {
      console.note("stopped; " + Text.size(status.uploaded()) + " were sent");
    }
    return ExitCode.DONE;
  }
}
