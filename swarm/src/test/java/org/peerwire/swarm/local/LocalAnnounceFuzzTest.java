package org.peerwire.swarm.local;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** Any datagram: an announce that can be written and read again, or nothing. */
class LocalAnnounceFuzzTest {
  private static int announces;
  private static int others;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(announces > 0 && others > 0, "inputs were announces and others");
  }

  @FuzzTest(maxDuration = "20s")
  void anyDatagram(byte[] data) {
    Optional<LocalAnnounce> parsed = LocalAnnounce.parse(ByteBuffer.wrap(data));
    if (parsed.isEmpty()) {
      others++;
      return;
    }
    LocalAnnounce announce = parsed.get();
    check(data.length <= LocalAnnounce.MAX_LENGTH, "it is too long");
    check(announce.port() > 0 && announce.port() <= 0xffff, "a port");
    check(!announce.infoHashes().isEmpty(), "a torrent");
    check(announce.infoHashes().size() * 51 < data.length, "torrents from nowhere");
    if (announce.infoHashes().size() <= LocalAnnounce.MAX_INFO_HASHES) {
      ByteBuffer again = announce.toDatagram("239.192.152.143:6771");
      check(LocalAnnounce.parse(again).equals(parsed), "it changes when it is written");
    }
    announces++;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
