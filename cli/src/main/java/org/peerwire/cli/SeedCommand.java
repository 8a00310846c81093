package org.peerwire.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
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
    versionProvider = Version.Provider.class,
    header = "Serve what is on disk to peers, until Ctrl-C.",
    description = {
      "",
      "All data is checked first; then a line with 'listening on HOST:PORT' is printed, and the",
      "trackers are told. Nothing is written. Of several torrents, those whose data is not right are",
      "told and not served.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  peerwire seed debian.torrent ~/Downloads              serves ~/Downloads/<name>",
      "  peerwire seed debian.torrent fedora.torrent ~/isos    both, behind one port",
      "  peerwire seed ~/torrents ~/isos                       every .torrent file of a folder",
      "  peerwire seed debian.torrent . --listen 127.0.0.1:0   on this machine alone, any port",
      "  peerwire seed debian.torrent . --lsd                  tell the local network, too",
      "  peerwire seed debian.torrent . --peer 192.0.2.7:6881  dial a peer that cannot dial us",
      "",
      "Exit codes: 0 ended by Ctrl-C or SIGTERM, 1 the data does not match, 2 wrong usage, 3 the",
      "torrent is not valid, 4 a local error, such as a port that is taken."
    })
final class SeedCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..*",
      paramLabel = "TORRENT... DIR",
      hideParamSyntax = true,
      description =
          "The .torrent files, or folders of them, and last the folder that holds the content under"
              + " the torrents' names.")
  private List<String> arguments = new ArrayList<>();

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
    if (arguments.size() < 2) {
      throw Failure.usage(
          "seed needs TORRENT and DIR: a .torrent file, and the folder that holds its content");
    }
    int last = arguments.size() - 1;
    List<Metainfo> torrents = Torrents.files(console, arguments.subList(0, last));
    Path folder = Path.of(arguments.get(last));
    Endpoint place = Options.present(listen, "--listen");
    List<InetSocketAddress> addresses = Options.resolve(console, peers);
    for (Metainfo torrent : json ? torrents : List.<Metainfo>of()) {
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
      List<TransferRun> runs = check(client, torrents, folder);
      if (!console.interruption().isRequested()) {
        Options.tellListening(console, client, json, false);
        runs.forEach(run -> addresses.forEach(run.transfer()::addPeer));
        new SeedWatch(console, runs).untilStopped(json || quiet);
      }
      runs.forEach(this::tellEnd);
      return ExitCode.DONE;
    }
  }

  /** Those whose data is right; fails if there is none. */
  private List<TransferRun> check(Client client, List<Metainfo> torrents, Path folder)
      throws Failure, IOException, InterruptedException {
    TransferOptions options =
        TransferOptions.builder().sources(more.sources()).anyPort(more.anyPort()).build();
    boolean several = torrents.size() > 1;
    List<TransferRun> right = new ArrayList<>();
    Failure last = null;
    for (Metainfo torrent : torrents) {
      if (console.interruption().isRequested()) {
        break;
      }
      Transfer transfer = client.seed(torrent, folder, options);
      TransferRun run = TransferRun.ofSeed(console, transfer, json, quiet, several);
      try {
        run.toCompletion();
        right.add(run);
      } catch (TransferException e) {
        last = Failure.local(e);
        refused(run, last, several);
      }
    }
    if (last != null && right.isEmpty()) {
      throw several
          ? new Failure(last.exitCode(), "none of the torrents can be served", last)
          : last.told();
    }
    return right;
  }

  private void refused(TransferRun run, Failure failure, boolean several) {
    Metainfo torrent = run.transfer().torrent();
    if (json) {
      console.result(
          run.summary(several ? "refused" : "failed", run.transfer().status())
              .put("exit", failure.exitCode())
              .put("message", failure.line()));
    } else if (several) {
      console.note(SafeText.of(torrent.name(), 60) + " is not served: " + failure.line());
    }
  }

  private void tellEnd(TransferRun run) {
    TransferStatus status = run.transfer().status();
    if (json) {
      console.result(run.summary("done", status).put("exit", ExitCode.DONE));
    } else if (!quiet) {
      console.note(
          "stopped; "
              + Text.size(status.uploaded())
              + " of "
              + SafeText.of(run.transfer().torrent().name(), 60)
              + " were sent");
    }
  }
}
