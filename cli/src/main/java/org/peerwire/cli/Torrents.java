package org.peerwire.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.SafeText;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;
import org.peerwire.swarm.metainfo.MetainfoOptions;

/** Reads what a user gives for a torrent: a file, a magnet link, an info-hash. */
final class Torrents {
  /** Each torrent is held in memory. */
  private static final int MOST_OF_A_FOLDER = 10_000;

  private Torrents() {}

  /**
   * What names a torrent.
   *
   * @param torrent all of it, if it was a file
   */
  record Named(InfoHash infoHash, @Nullable Metainfo torrent) {}

  private static final String HEX = "(?i)[0-9a-f]{40}|[a-z2-7]{32}";
  private static final String HEX_V2 = "(?i)[0-9a-f]{64}";

  /** Reads a .torrent file; anything else is refused. */
  static Metainfo file(String argument) throws Failure {
    if (MagnetLink.looksLike(argument)) {
      magnet(argument);
      throw Failure.usage(
          "a magnet link is not enough for this command; give it the .torrent file, which 'peerwire metadata' makes");
    }
    if (isUrl(argument)) {
      throw Failure.usage("addresses are not fetched; download the .torrent file and name that");
    }
    return read(argument);
  }

  /**
   * Reads .torrent files, and all of the folders that are named: in those, a file that is not valid
   * is told and left out, as nobody has asked for it by name. A torrent that comes twice counts
   * once.
   */
  static List<Metainfo> files(Console console, List<String> arguments) throws Failure {
    Map<InfoHash, Metainfo> torrents = new LinkedHashMap<>();
    for (String argument : arguments) {
      if (isFolder(argument)) {
        for (Path file : inFolder(argument)) {
          try {
            Metainfo torrent = read(file.toString());
            torrents.putIfAbsent(torrent.infoHash(), torrent);
          } catch (Failure e) {
            console.note("left out: " + SafeText.of(e.line(), 400));
          }
        }
      } else {
        Metainfo torrent = file(argument);
        torrents.putIfAbsent(torrent.infoHash(), torrent);
      }
    }
    if (torrents.isEmpty()) {
      throw new Failure(
          ExitCode.NOT_VALID, "no valid .torrent file in " + SafeText.of(arguments.get(0), 200));
    }
    return List.copyOf(torrents.values());
  }

  private static boolean isFolder(String argument) {
    try {
      return Files.isDirectory(Path.of(argument));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static List<Path> inFolder(String argument) throws Failure {
    try (Stream<Path> files = Files.list(Path.of(argument))) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().endsWith(".torrent"))
              .sorted()
              .limit(MOST_OF_A_FOLDER + 1L)
              .toList();
      if (found.size() > MOST_OF_A_FOLDER) {
        throw Failure.usage(
            argument + " holds more than " + MOST_OF_A_FOLDER + " .torrent files; name fewer");
      }
      return found;
    } catch (IOException e) {
      throw Failure.local(e);
    }
  }

  static MagnetLink magnet(String argument) throws Failure {
    try {
      return MagnetLink.parse(argument);
    } catch (MetainfoException e) {
      throw Failure.notValid(SafeText.of(argument, 60), e);
    }
  }

  /** A magnet link, or an info-hash as if it were one. */
  static MagnetLink magnetOrHash(String argument) throws Failure {
    if (MagnetLink.looksLike(argument)) {
      return magnet(argument);
    }
    if (isInfoHash(argument)) {
      String kind = argument.matches(HEX_V2) ? "btmh:1220" : "btih:";
      return magnet("magnet:?xt=urn:" + kind + argument);
    }
    checkNoTruncatedHash(argument);
    throw new Failure(
        ExitCode.NOT_VALID,
        SafeText.of(argument, 100) + ": neither a magnet link nor an info-hash");
  }

  private static boolean isInfoHash(String argument) {
    return argument.matches(HEX) || argument.matches(HEX_V2);
  }

  private static void checkNoTruncatedHash(String argument) throws Failure {
    if (argument.matches("(?i)[0-9a-f]{30,70}") && !Files.exists(Path.of(argument))) {
      throw new Failure(
          ExitCode.NOT_VALID,
          argument + ": not an info-hash: it has " + argument.length() + " digits, not 40 or 64");
    }
  }

  /** A file, a magnet link, or an info-hash in 40 (or for v2 64) digits or in base 32. */
  static Named named(String argument) throws Failure {
    if (MagnetLink.looksLike(argument)) {
      return new Named(magnet(argument).infoHash(), null);
    }
    if (isInfoHash(argument)) {
      return new Named(magnetOrHash(argument).infoHash(), null);
    }
    checkNoTruncatedHash(argument);
    Metainfo torrent = file(argument);
    return new Named(torrent.infoHash(), torrent);
  }

  private static Metainfo read(String argument) throws Failure {
    if (argument.isEmpty()) {
      throw Failure.usage("the torrent's name is empty; name a .torrent file");
    }
    int limit = MetainfoOptions.DEFAULT.bencode().maxBytes();
    String shown = SafeText.of(argument, 200);
    try {
      Path path = Path.of(argument);
      if (Files.isDirectory(path)) {
        throw new Failure(ExitCode.LOCAL, shown + ": a folder, where a .torrent file is needed");
      }
      try (InputStream in = Files.newInputStream(path)) {
        return Metainfo.parse(in.readNBytes(limit + 1));
      }
    } catch (NoSuchFileException e) {
      if (isInfoHash(argument)) {
        throw new Failure(
            ExitCode.LOCAL,
            shown
                + ": there is no such file; an info-hash is written magnet:?xt=urn:"
                + (argument.matches(HEX_V2) ? "btmh:1220" : "btih:")
                + argument,
            e);
      }
      throw new Failure(ExitCode.LOCAL, shown + ": there is no such file; name a .torrent file", e);
    } catch (InvalidPathException e) {
      throw new Failure(ExitCode.LOCAL, shown + ": can't be the name of a file here", e);
    } catch (IOException e) {
      throw Failure.local(e);
    } catch (MetainfoException e) {
      throw Failure.notValid(shown, e);
    }
  }

  private static boolean isUrl(String argument) {
    return argument.matches("(?i)(https?|ftp|udp)://.*");
  }
}
