package org.peerwire.swarm.metainfo;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;

/**
 * Any bytes as a torrent in place of a torrent: a faultless one, or an exception that says why not.
 */
class MetainfoFuzzTest {
  private static int arrived;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(arrived > 0, "no input was a torrent");
  }

  @FuzzTest(maxDuration = "20s")
  void anyBytesAreATorrentOrAnException(byte[] data) throws MetainfoException {
    Metainfo torrent;
    try {
      torrent = Metainfo.parse(data);
    } catch (MetainfoException notATorrent) {
      check(notATorrent.fault() != null && notATorrent.getMessage() != null, "no reason is given");
      return;
    }
    PieceMap map = torrent.pieceMap();
    long end = 0;
    for (FileEntry file : torrent.files()) {
      check(file.length() >= 0 && file.offset() >= end, "files overlap");
      end = file.end();
      check(!file.path().isEmpty(), "a file without a name");
      for (String name : file.path()) {
        check(!name.isEmpty() && !name.equals(".") && !name.equals(".."), "a path: " + name);
        check(name.indexOf('/') < 0 && name.indexOf('\\') < 0 && name.indexOf(0) < 0, "a name");
      }
    }
    long bytes = 0;
    for (int piece = 0; piece < map.pieceCount(); piece++) {
      bytes += map.pieceSize(piece);
    }
    check(map.pieceCount() == torrent.pieceCount(), "the pieces are not those of the torrent");
    check(bytes <= end, "more bytes in pieces than in files");
    byte[] info = new byte[torrent.infoBytes().remaining()];
    torrent.infoBytes().get(info);
    Metainfo again = Metainfo.parseInfo(info);
    check(again.infoHash().equals(torrent.infoHash()), "the info dictionary has another hash");
    arrived++;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
