package org.peerwire.swarm.metainfo;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;

/** Any text in place of a magnet link: a faultless one, or an exception that says why not. */
class MagnetLinkFuzzTest {
  private static int arrived;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(arrived > 0, "no input was a magnet link");
  }

  @FuzzTest(maxDuration = "20s")
  void anyTextIsAMagnetLinkOrAnException(byte[] data) {
    MagnetLink link;
    try {
      link = MagnetLink.parse(new String(data, StandardCharsets.UTF_8));
    } catch (MetainfoException notALink) {
      check(notALink.fault() != null && notALink.getMessage() != null, "no reason is given");
      return;
    }
    check(link.infoHash().toBytes().length == 20, "no info-hash");
    check(link.trackers().size() <= MagnetLink.MAX_ADDRESSES, "too many trackers");
    check(link.peers().size() <= MagnetLink.MAX_ADDRESSES, "too many peers");
    check(link.peers().stream().allMatch(peer -> peer.port() >= 1024), "a privileged port");
    check(link.selection().map(FileSelection::size).orElse(1) > 0, "an empty selection");
    arrived++;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
