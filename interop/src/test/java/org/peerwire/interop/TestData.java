package org.peerwire.interop;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.interop.LibtorrentPeer.TorrentFile;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;

/**
 * Content that is the same in every run, and its .torrent. It is made once a run, by libtorrent, so
 * that no code of ours judges our own.
 */
enum TestData {
  /** One file of 64 MiB and a bit, so that the last piece and its last block are short. */
  ONE_FILE(256 * 1024) {
    @Override
    Map<String, Long> files() {
      return Map.of("", (64L << 20) + 4321);
    }
  },

  /**
   * 64 MiB in files of odd sizes: pieces that span files, files that lie within one piece, an empty
   * one, sub-folders, names beyond ASCII.
   */
  MANY_FILES(256 * 1024) {
    @Override
    Map<String, Long> files() {
      Map<String, Long> files = new LinkedHashMap<>();
      files.put("a.bin", 1L);
      files.put("empty.txt", 0L);
      files.put("Übung/ключ 鍵.bin", 20_000_003L);
      files.put("Übung/tief/noch tiefer/x", 262_143L);
      files.put("sub/exactly one piece", 262_144L);
      files.put("sub/smile \uD83D\uDE00.dat", 17L);
      files.put("sub/z", 33_333_333L);
      files.put("zz last.bin", (64L << 20) - files.values().stream().mapToLong(n -> n).sum());
      return files;
    }
  },

  /** One file for a swarm: enough pieces for everyone to have some that others lack. */
  SWARM(64 * 1024) {
    @Override
    Map<String, Long> files() {
      return Map.of("", (8L << 20) - 1234);
    }
  },

  /** For the drivers' own tests. */
  SMALL(64 * 1024) {
    @Override
    Map<String, Long> files() {
      Map<String, Long> files = new LinkedHashMap<>();
      files.put("empty", 0L);
      files.put("eins", 1_000_001L);
      files.put("Übung/鍵", 1_048_575L);
      return files;
    }
  };

  private static final Path WORK =
      Path.of(System.getProperty("peerwire.interop.work", "target/interop")).toAbsolutePath();
  private static final Map<TestData, Made> MADE = new ConcurrentHashMap<>();

  private final int pieceLength;

  TestData(int pieceLength) {
    this.pieceLength = pieceLength;
  }

  /**
   * The files and their lengths; the one file of a single-file torrent has no name but the
   * torrent's.
   */
  abstract Map<String, Long> files();

  /** The torrent's name. */
  String torrentName() {
    return this == ONE_FILE || this == SWARM ? "one file.bin" : "many files";
  }

  int pieceLength() {
    return pieceLength;
  }

  long length() {
    return files().values().stream().mapToLong(n -> n).sum();
  }

  /** The folder that holds the content under the torrent's name. */
  Path folder() {
    return made().home().resolve("content");
  }

  Path torrent() {
    return made().home().resolve("it.torrent");
  }

  /** The same torrent, which names these trackers, each in a tier of its own. */
  Path torrentWith(Scene scene, String... trackers) throws IOException {
    return withTrackers(torrent(), scene, trackers);
  }

  static Path withTrackers(Path torrent, Scene scene, String... trackers) throws IOException {
    Metainfo metainfo;
    try {
      metainfo = Metainfo.parse(Files.readAllBytes(torrent));
    } catch (MetainfoException e) {
      throw new IOException(e);
    }
    BencodeWriter out = new BencodeWriter().beginDict().put("announce", trackers[0]);
    out.key("announce-list").beginList();
    for (String tracker : trackers) {
      out.beginList().string(tracker).end();
    }
    byte[] bytes = out.end().key("info").encoded(metainfo.infoBytes()).end().toByteArray();
    return Files.write(scene.newFolder("torrent").resolve("it.torrent"), bytes);
  }

  String infoHash() throws IOException {
    try {
      return Metainfo.parse(Files.readAllBytes(torrent())).infoHash().toString();
    } catch (MetainfoException e) {
      throw new IOException(e);
    }
  }

  /** The files in the torrent's order. */
  List<TorrentFile> torrentFiles() {
    return made().files();
  }

  private record Made(Path home, List<TorrentFile> files) {}

  private Made made() {
    return MADE.computeIfAbsent(this, TestData::make);
  }

  private static Made make(TestData data) {
    Path home = WORK.resolve(data.name());
    Path torrent = home.resolve("it.torrent");
    Path content = home.resolve("content").resolve(data.torrentName());
    try (Scene scene = new Scene(home.resolve("making"))) {
      Scene.deleteAll(home); // what another version of this class made
      for (Map.Entry<String, Long> file : data.files().entrySet()) {
        Path path = content.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        write(path, file.getValue(), file.getKey().hashCode());
      }
      return new Made(
          home, LibtorrentPeer.createTorrent(scene, content, torrent, data.pieceLength));
    } catch (InvalidPathException e) {
      throw new AssertionError(
          "this JVM cannot name files beyond ASCII; run it with LC_ALL=C.UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path path, long length, long seed) throws IOException {
    Random random = new Random(seed); // its algorithm is specified, so the bytes never change
    byte[] chunk = new byte[64 * 1024];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
      for (long left = length; left > 0; left -= chunk.length) {
        random.nextBytes(chunk);
        out.write(chunk, 0, (int) Math.min(left, chunk.length));
      }
    }
  }
}
