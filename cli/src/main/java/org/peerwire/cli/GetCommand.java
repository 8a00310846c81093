package org.peerwire.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.PeerSources;
import org.peerwire.client.Transfer;
import org.peerwire.client.TransferException;
import org.peerwire.client.TransferOptions;
import org.peerwire.client.TransferStatus;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.FileSelection;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerwire get}. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    header = "Download a torrent or a magnet link.",
    description = {
      "",
      "What is in the folder already is checked and kept, so the same command again goes on where",
      "an earlier run was stopped. Only verified data counts.",
      "Peers come from the trackers that the torrent names, and you may name more of both; and"
          + " peers",
      "tell of others, unless the torrent is private.",
      "Of a magnet link the metadata is fetched first; the peers that it names are dialled too, if",
      "they have public addresses.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  peerwire get debian.torrent                           from whoever its trackers know",
      "  peerwire get debian.torrent --peer 192.0.2.7:6881 --no-trackers --no-pex    from it alone",
      "  peerwire get debian.torrent --tracker udp://tracker.example:6969",
      "  peerwire get debian.torrent --peer 192.0.2.7:6881 --peer seedbox.example:51413 -o ~/in",
      "  peerwire get 'magnet:?xt=urn:btih:...' --peer 192.0.2.7:6881",
      "  peerwire get debian.torrent --lsd                     ... and from the local network",
      "  peerwire get debian.torrent --listen 6881             wait for a peer that dials us",
      "  peerwire get debian.torrent --listen 6881 --seed      and give it on, until Ctrl-C",
      "  peerwire get film.torrent --peer 192.0.2.7:6881 --sequential",
      "  peerwire get films.torrent --peer 192.0.2.7:6881 --select 0,3-5",
      "  peerwire get debian.torrent --peer 192.0.2.7:6881 --json | jq -r .event",
      "",
      "Exit codes: 0 every piece is verified and on disk, 1 not done, 2 wrong usage, 3 the torrent",
      "is not valid, 4 a local error; 130 and 143 ended by Ctrl-C or SIGTERM, to be resumed."
    })
final class GetCommand implements Callable<Integer> {
  /** Any port that is free, on all addresses of this machine. */
  private static final Endpoint ANYWHERE = new Endpoint("", 0);

  private final Console console;

  @Parameters(
      paramLabel = "TORRENT|MAGNET",
      description = "The .torrent file, or a magnet link in quotes.")
  private String argument = "";

  @Option(
      names = {"-p", "--peer"},
      paramLabel = "HOST:PORT",
      description = "A peer to dial. May be given more than once.",
      converter = Endpoint.OfPeer.class)
  private List<Endpoint> peers = new ArrayList<>();

  @Mixin private final SourceOptions more = new SourceOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The folder that gets the content under the torrent's name. Default: here.")
  private Path folder = Path.of("");

  @Option(
      names = "--listen",
      paramLabel = "[HOST:]PORT",
      description =
          "Let peers dial us; port 0 is any that is free, as with --lsd. Default: do not.",
      converter = Endpoint.OfListener.class)
  private @Nullable Endpoint listen;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description =
          "Give up when nothing was gained for so long; 0: never. Default: ${DEFAULT-VALUE}.")
  private int timeout;

  @Option(names = "--seed", description = "Go on serving when everything is here, until Ctrl-C.")
  private boolean seed;

  @Option(
      names = "--sequential",
      description = "From the first piece to the last, not rarest first.")
  private boolean sequential;

  @Option(
      names = "--select",
      paramLabel = "FILES",
      description =
          "Only these files, by their numbers in 'peerwire show', such as 0,2,4-6. Default: those"
              + " that a magnet link selects, or all.",
      converter = Selection.class)
  private @Nullable FileSelection selection;

  @Option(
      names = "--trust-resume",
      description =
          "Count what an earlier run noted as verified without reading it again; by default it is"
              + " read while the rest is fetched.")
  private boolean trustResume;

  @Option(
      names = "--overwrite",
      description = "Write over files that are in the way and hold nothing of the torrent.")
  private boolean overwrite;

  @Mixin private Connections connections = new Connections();
  @Mixin private final MetadataLimit limit = new MetadataLimit();

  @Option(names = "--json", description = "What happens as JSON on standard output, a line each.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing unless it fails.")
  private boolean quiet;

  GetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Options.checkSeconds("--timeout", timeout, 0);
    MagnetLink magnet = MagnetLink.looksLike(argument) ? Torrents.magnet(argument) : null;
    Metainfo torrent = magnet == null ? Torrents.file(argument) : null;
    boolean named = magnet != null && !magnet.peers().isEmpty();
    PeerSources sources = more.sources();
    boolean tracked =
        !sources.trackers().isEmpty()
            || (sources.ownTrackers()
                && (torrent == null
                    ? magnet != null && !magnet.trackers().isEmpty()
                    : !torrent.announceTiers().isEmpty()));
    boolean local =
        sources.local()
            && (torrent == null
                ? magnet != null && magnet.trackers().isEmpty()
                : !torrent.isPrivate());
    if (local && listen == null) {
      // Those that are found may be the ones that dial.
      listen = ANYWHERE;
    }
    if (peers.isEmpty() && listen == null && !named && !tracked) {
      throw Failure.usage(
          "get needs a source: name a peer with --peer HOST:PORT or a tracker with --tracker URL,"
              + " look for peers on the local network with --lsd, or wait for one with --listen"
              + " PORT");
    }
    List<InetSocketAddress> addresses = new ArrayList<>(Options.resolve(console, peers));
    if (magnet != null) {
      addresses.addAll(Magnets.peers(console, magnet, json, quiet));
    }
    if (addresses.isEmpty() && listen == null && !tracked) {
      throw Failure.notDone(
          named
              ? "none of the peers can be dialled; name one with --peer HOST:PORT"
              : "no address is known for any of the peers; check the host names given with --peer");
    }
    if (selection == null && magnet != null) {
      selection = magnet.selection().orElse(null);
    }
    if (torrent != null) {
      tellStart(torrent);
    }
    ClientOptions.Builder options = connections.client();
    limit.applyTo(options);
    if (listen != null) {
      options.listenAddress(Options.address(listen));
    }
    try (Client client = Client.open(options.build())) {
      Options.tellListening(console, client, json, quiet);
      if (magnet != null) {
        if (!json && !quiet) {
          console.note("fetching the metadata of " + SafeText.of(magnet.toString()));
        }
        torrent =
            Magnets.fetch(
                console,
                client,
                magnet,
                addresses,
                sources,
                Duration.ofSeconds(timeout),
                json,
                quiet);
        if (torrent == null) {
          return stopped();
        }
        tellStart(torrent);
      } else {
        Metainfo read = Options.present(torrent, "TORRENT");
        torrent =
            read.missingLayers().isEmpty()
                ? read
                : Magnets.layers(
                    console, client, read, addresses, Duration.ofSeconds(timeout), json, quiet);
        if (torrent == null) {
          return stopped();
        }
      }
      return get(client, Options.present(torrent, "TORRENT"), addresses);
    }
  }

  private void tellStart(Metainfo torrent) throws Failure {
    List<FileEntry> selected = selected(torrent);
    if (selected != null && !json && !quiet) {
      long length = selected.stream().mapToLong(FileEntry::length).sum();
      int all = (int) torrent.files().stream().filter(FileEntry::isWritten).count();
      console.note(
          "selected: "
              + Text.count(selected.size(), "file")
              + " of "
              + all
              + ", "
              + Text.size(length));
    }
    if (json) {
      console.result(
          Json.event("start")
              .put("command", "get")
              .put("name", torrent.name())
              .put("infoHash", torrent.infoHash())
              .put("length", torrent.totalLength())
              .put("pieces", torrent.pieceCount())
              .put("pieceLength", torrent.pieceLength())
              .put(
                  "selected",
                  selected == null ? null : selected.stream().map(FileEntry::index).toList())
              .put("output", folder));
    }
  }

  /** The files that are to be fetched; null: all. */
  private @Nullable List<FileEntry> selected(Metainfo torrent) throws Failure {
    FileSelection chosen = selection;
    if (chosen == null) {
      return null;
    }
    List<FileEntry> files =
        torrent.files().stream()
            .filter(file -> file.isWritten() && chosen.contains(file.index()))
            .toList();
    if (files.isEmpty()) {
      throw Failure.usage(
          "none of the selected files is there: "
              + SafeText.of(torrent.name())
              + " has the numbers 0 to "
              + (torrent.files().size() - 1)
              + ", see 'peerwire show'");
    }
    return files;
  }

  /** The user did not want to wait for the metadata. */
  private int stopped() {
    String line = "stopped before the metadata was there";
    if (json) {
      console.result(Json.event("failed").put("exit", ExitCode.INTERRUPTED).put("message", line));
    }
    if (!quiet) {
      console.note(line);
    }
    return ExitCode.INTERRUPTED;
  }

  private int get(Client client, Metainfo torrent, List<InetSocketAddress> addresses)
      throws Failure, IOException, InterruptedException {
    TransferOptions.Builder options =
        TransferOptions.builder()
            .sequential(sequential)
            .overwrite(overwrite)
            .trustResume(trustResume)
            .stallTimeout(Duration.ofSeconds(timeout))
            .seedAfter(seed)
            .sources(more.sources())
            .anyPort(more.anyPort());
    if (selection != null) {
      options.files(selection);
    }
    Transfer transfer = client.download(torrent, folder, options.build());
    TransferRun run = new TransferRun(console, transfer, json, quiet);
    addresses.forEach(transfer::addPeer);
    Optional<TransferStatus> end;
    try {
      end = run.toCompletion();
    } catch (TransferException e) {
      throw failed(run, transfer, e);
    }
    if (end.isEmpty()) {
      TransferStatus status = transfer.status();
      String line =
          "stopped at "
              + Text.percent(status.bytesDone(), status.bytesTotal())
              + "; the same command goes on from there";
      if (json) {
        console.result(
            run.summary("failed", status).put("exit", ExitCode.INTERRUPTED).put("message", line));
      }
      if (!quiet) {
        console.note(line);
      }
      return ExitCode.INTERRUPTED;
    }
    if (!seed) {
      done(run, torrent, end.get());
      return ExitCode.DONE;
    }
    if (!json && !quiet) {
      console.note("everything is here; serving it until Ctrl-C");
    }
    new SeedWatch(console, List.of(run)).untilStopped(json || quiet);
    done(run, torrent, transfer.status());
    return ExitCode.DONE;
  }

  private Failure failed(TransferRun run, Transfer transfer, TransferException e) {
    Failure failure = Failure.local(e);
    TransferStatus status = transfer.status();
    String message = failure.line();
    if (e.reason() == TransferException.Reason.STALLED
        || e.reason() == TransferException.Reason.POISONED) {
      message =
          "incomplete, "
              + Text.percent(status.bytesDone(), status.bytesTotal())
              + " is here: "
              + message
              + run.whyNobodyWasMet()
              + "; the same command goes on from there";
    }
    if (json) {
      console.result(
          run.summary("failed", status).put("exit", failure.exitCode()).put("message", message));
    }
    return new Failure(failure.exitCode(), message, e).told();
  }

  private void done(TransferRun run, Metainfo torrent, TransferStatus status) {
    if (json) {
      console.result(run.summary("done", status).put("exit", ExitCode.DONE));
    } else if (!quiet) {
      long resumed = run.resumed(status);
      long fetched = status.bytesTotal() - resumed;
      double seconds = run.seconds();
      console.result(
          fetched == 0
              ? "done: all " + Text.size(status.bytesTotal()) + " were here already"
              : "done: "
                  + Text.size(fetched)
                  + " in "
                  + Text.seconds(seconds)
                  + " ("
                  + Text.speed(fetched / seconds)
                  + ") from "
                  + Text.count(run.ledger().givers(), "peer")
                  + (resumed == 0 ? "" : ", " + Text.size(resumed) + " were here already"));
      console.result("saved: " + folder.resolve(torrent.name()).normalize());
    }
  }
}
