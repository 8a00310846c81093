package org.peerwire.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.client.TorrentMaker;
import org.peerwire.swarm.metainfo.InfoHashV2;
import org.peerwire.swarm.metainfo.MetaVersion;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerwire create}. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    header = "Make a .torrent file of a file or a folder.",
    description = {
      "",
      "Of a folder all files are taken; links are left out. Nothing is changed but the .torrent.",
      "",
      "--v1 is the default, since every client understands it. --v2 has SHA-256 instead of SHA-1",
      "and hashes for each file. --hybrid is both in one, for old and new clients; but old ones write",
      "what fills the gaps between its files to disk, as files of zeros.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  peerwire create film.mkv                              writes film.mkv.torrent, here",
      "  peerwire create ~/album -o album.torrent --tracker udp://tracker.example:6969",
      "  peerwire create ~/album --hybrid --piece-length 1M",
      "  peerwire create ~/album --json | jq -r .magnet",
      "",
      "Then 'peerwire seed album.torrent ~' serves it.",
      "",
      "Exit codes: 0 the file is written, 2 wrong usage, 4 a local error, such as a file that can't",
      "be read, or changes while it is hashed; 130 ended by Ctrl-C."
    })
final class CreateCommand implements Callable<Integer> {
  private static final long MIN_PIECE = 16 << 10;
  private static final long MAX_PIECE = 512 << 20;

  private final Console console;

  @Parameters(paramLabel = "PATH", description = "The file or the folder.")
  private Path path = Path.of("");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "What to write; a file that is there is written over. Default: the name of PATH and"
              + " .torrent, here, if no such file is there.")
  private @Nullable Path output;

  @Option(
      names = "--piece-length",
      paramLabel = "BYTES",
      description =
          "How long a piece is: a power of two from 16K to 512M. Default: one that makes about a"
              + " thousand pieces.",
      converter = ByteSize.class)
  private @Nullable Long pieceLength;

  @Option(
      names = {"-t", "--tracker"},
      paramLabel = "URL",
      description =
          "A tracker: http, https or udp. May be given more than once; they are tried in order.")
  private List<String> trackers = new ArrayList<>();

  @Option(names = "--private", description = "Peers may come from the trackers only.")
  private boolean isPrivate;

  @Option(names = "--comment", paramLabel = "TEXT", description = "A comment for people.")
  private @Nullable String comment;

  @ArgGroup private Version version = new Version();

  /** At most one of them. */
  private static final class Version {
    @Option(names = "--v1", description = "SHA-1 of pieces, for all clients. The default.")
    private boolean v1;

    @Option(names = "--v2", description = "SHA-256 trees of files, for newer clients alone.")
    private boolean v2;

    @Option(names = "--hybrid", description = "Both.")
    private boolean hybrid;
  }

  @Option(names = "--json", description = "One JSON object instead of text for people.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing unless it fails.")
  private boolean quiet;

  CreateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException {
    TorrentMaker maker = maker();
    Path file = target();
    byte[] bytes;
    long start = System.nanoTime();
    // How much there is to do is known when the hashing begins.
    try (LateView view = new LateView(console, json || quiet, "hashing")) {
      bytes = maker.notices(this::warn).make((done, total) -> view.at(done, total, seconds(start)));
    } catch (InterruptedIOException e) {
      return ExitCode.INTERRUPTED;
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.LOCAL, path + ": there is no such file or folder", e);
    }
    if (console.interruption().isRequested()) {
      return ExitCode.INTERRUPTED;
    }
    Metainfo torrent = parse(bytes);
    write(file, bytes);
    tell(torrent, file, seconds(start));
    return ExitCode.DONE;
  }

  private void warn(String line) {
    if (json) {
      console.result(Json.event("warning").put("message", line));
    } else if (!quiet) {
      console.note("warning: " + line);
    }
  }

  private TorrentMaker maker() throws Failure {
    TorrentMaker maker = new TorrentMaker(path).isPrivate(isPrivate).version(metaVersion());
    Long length = pieceLength;
    if (length != null) {
      if (length < MIN_PIECE || length > MAX_PIECE || Long.bitCount(length) != 1) {
        throw Failure.usage(
            "--piece-length is " + length + ", and must be a power of two from 16K to 512M");
      }
      maker.pieceLength(length.intValue());
    }
    for (String tracker : trackers) {
      if (!tracker.matches("(?i)(https?|udp)://[^/\\s].*")) {
        throw Failure.usage(
            "--tracker '" + tracker + "' is not the address of one: http://, https:// or udp://");
      }
      maker.tracker(tracker);
    }
    return comment == null ? maker : maker.comment(comment);
  }

  private MetaVersion metaVersion() {
    if (version.v1) {
      return MetaVersion.V1;
    }
    return version.hybrid ? MetaVersion.HYBRID : version.v2 ? MetaVersion.V2 : MetaVersion.V1;
  }

  /** Looked at before hours of hashing, not after. */
  private Path target() throws Failure {
    Path asked = output;
    if (asked != null) {
      if (Files.isDirectory(asked)) {
        throw new Failure(ExitCode.LOCAL, asked + ": a folder; --output names the file to write");
      }
      Path parent = asked.toAbsolutePath().getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        throw new Failure(ExitCode.LOCAL, parent + ": there is no such folder; make it first");
      }
      return asked;
    }
    Path name = path.toAbsolutePath().normalize().getFileName();
    Path file = Path.of((name == null ? "" : name) + ".torrent");
    if (Files.exists(file)) {
      throw exists(file, null);
    }
    return file;
  }

  private static Failure exists(Path file, @Nullable Exception e) {
    return new Failure(
        ExitCode.LOCAL, file + ": is there already; name another file with --output", e);
  }

  private void write(Path file, byte[] torrent) throws Failure, IOException {
    try {
      if (output == null) {
        Files.write(file, torrent, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } else {
        Files.write(file, torrent);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(file, e);
    }
  }

  private static Metainfo parse(byte[] torrent) {
    try {
      return Metainfo.parse(torrent);
    } catch (MetainfoException e) {
      throw new IllegalStateException("our own torrent is not valid", e);
    }
  }

  private void tell(Metainfo torrent, Path file, double seconds) {
    if (json) {
      console.result(
          Json.event("created")
              .put("output", file)
              .put("name", torrent.name())
              .put("version", torrent.version().name().toLowerCase(Locale.ROOT))
              .put("infoHash", torrent.infoHash())
              .put("infoHashV1", torrent.infoHashV1())
              .put("infoHashV2", torrent.infoHashV2())
              .put("length", torrent.totalLength())
              .put("pieceLength", torrent.pieceLength())
              .put("pieces", torrent.pieceCount())
              .put("magnet", magnet(torrent))
              .putSeconds("seconds", seconds)
              .put("exit", ExitCode.DONE));
    } else if (!quiet) {
      console.result(
          String.format(
              Locale.ROOT,
              "hashed: %s in %s, %s of %s",
              Text.size(torrent.totalLength()),
              Text.seconds(seconds),
              Text.count(torrent.pieceCount(), "piece"),
              Text.size(torrent.pieceLength())));
      torrent.infoHashV1().ifPresent(hash -> console.result("v1 info-hash: " + hash));
      torrent.infoHashV2().ifPresent(hash -> console.result("v2 info-hash: " + hash));
      console.result("saved: " + file);
    }
  }

  private static String magnet(Metainfo torrent) {
    List<String> hashes = new ArrayList<>();
    torrent.infoHashV1().ifPresent(hash -> hashes.add("xt=urn:btih:" + hash));
    torrent
        .infoHashV2()
        .map(InfoHashV2::toString)
        .ifPresent(h -> hashes.add("xt=urn:btmh:1220" + h));
    return "magnet:?" + String.join("&", hashes);
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
