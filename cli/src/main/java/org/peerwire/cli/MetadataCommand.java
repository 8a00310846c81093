package org.peerwire.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.PeerSources;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerwire metadata}. */
@Command(
    name = "metadata",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    header = "Make a .torrent file of a magnet link, with the metadata of one peer.",
    description = {
      "",
      "What the peer sends is checked against the info-hash. The file has the link's trackers too.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  peerwire metadata 192.0.2.7:6881 'magnet:?xt=urn:btih:...'",
      "  peerwire metadata 192.0.2.7:6881 0123456789abcdef0123456789abcdef01234567 -o a.torrent",
      "  peerwire metadata 192.0.2.7:6881 'magnet:?xt=urn:btih:...' -o - | sha1sum",
      "",
      "Exit codes: 0 the file is written, 1 the peer did not give the metadata, 3 the magnet link,",
      "the info-hash or the torrent is not valid, 4 a local error, such as a file that is there."
    })
final class MetadataCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "HOST:PORT",
      description = "The peer.",
      converter = Endpoint.OfPeer.class)
  private @Nullable Endpoint peer;

  @Parameters(
      index = "1",
      paramLabel = "MAGNET|INFOHASH",
      description = "A magnet link in quotes, or an info-hash.")
  private String argument = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "What to write; a file that is there is written over, and - is standard output. Default:"
              + " the torrent's name and .torrent, here, if no such file is there.")
  private @Nullable Path output;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long all of it may take. Default: ${DEFAULT-VALUE}.")
  private int timeout;

  @Mixin private final MetadataLimit limit = new MetadataLimit();

  @Option(names = "--json", description = "What happens as JSON on standard output, a line each.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing unless it fails.")
  private boolean quiet;

  MetadataCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Options.checkSeconds("--timeout", timeout, 1);
    boolean toOutput = output != null && output.toString().equals(STANDARD_OUTPUT);
    if (toOutput && json) {
      throw Failure.usage("standard output is either for JSON or for the torrent");
    }
    ClientOptions.Builder options = Options.client();
    limit.applyTo(options);
    Endpoint target = Options.present(peer, "HOST:PORT");
    MagnetLink magnet = Torrents.magnetOrHash(argument);
    List<InetSocketAddress> addresses = Options.resolve(console, List.of(target));
    if (addresses.isEmpty()) {
      throw Failure.notDone("no address is known for the host '" + target.host() + "'");
    }
    Metainfo torrent;
    try (Client client = Client.open(options.build())) {
      torrent =
          Magnets.fetch(
              console,
              client,
              magnet,
              addresses,
              PeerSources.NONE,
              Duration.ofSeconds(timeout),
              json,
              quiet);
    }
    if (torrent == null) {
      return ExitCode.INTERRUPTED;
    }
    // Each tracker in a tier of its own: they are tried in the order of the link.
    byte[] bytes = torrent.toTorrent(magnet.trackers().stream().map(List::of).toList());
    if (toOutput) {
      console.result(bytes);
    }
    Path file = toOutput ? null : write(torrent, bytes);
    int lacking = torrent.missingLayers().size();
    if (json) {
      console.result(
          Json.event("done")
              .put("name", torrent.name())
              .put("infoHash", torrent.infoHash())
              .put("length", torrent.totalLength())
              .put("pieces", torrent.pieceCount())
              .put("output", file)
              .put("missingLayers", lacking == 0 ? null : lacking)
              .put("exit", ExitCode.DONE));
    } else if (!quiet) {
      if (file != null) {
        console.result("saved: " + file);
      }
      if (lacking > 0) {
        console.note(
            "warning: it lacks the v2 hashes of "
                + Text.count(lacking, "file")
                + ", which the peer did not give");
      }
    }
    return ExitCode.DONE;
  }

  private Path write(Metainfo torrent, byte[] bytes) throws Failure, IOException {
    Path asked = output;
    Path file = asked == null ? Path.of(torrent.name() + ".torrent") : asked;
    OpenOption[] how =
        asked == null
            ? new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE}
            : new OpenOption[0];
    try (OutputStream out = Files.newOutputStream(file, how)) {
      out.write(bytes);
    } catch (FileAlreadyExistsException e) {
      throw new Failure(
          ExitCode.LOCAL, file + ": is there already; name another file with --output", e);
    }
    return file;
  }
}
