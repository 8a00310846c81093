package org.peerwire.swarm.tracker;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.peerwire.SafeText;

/** Any body of an HTTP tracker: an answer within bounds, or a reason that is fit to be shown. */
class HttpAnswerFuzzTest {
  private static int answers;
  private static int refusals;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(answers > 0 && refusals > 0, "inputs were read and refused");
  }

  @FuzzTest(maxDuration = "30s")
  void anyBody(byte[] body) {
    try {
      TrackerAnswer answer = HttpAnnounce.parse(ByteBuffer.wrap(body));
      check(answer.peers().size() <= TrackerAnswer.MAX_PEERS, "peers");
      check(answer.peers().size() * 6 <= body.length, "more peers than bytes");
      check(answer.peers().stream().allMatch(peer -> peer.port() > 0), "ports");
      check(answer.interval() >= 0 && answer.minInterval() >= 0, "intervals");
      answer.warning().ifPresent(HttpAnswerFuzzTest::fit);
      answers++;
    } catch (TrackerException e) {
      fit(String.valueOf(e.getMessage()));
      refusals++;
    }
  }

  static void fit(String text) {
    check(text.length() < 8 * HttpAnnounce.MAX_TEXT, "too long");
    check(text.codePoints().noneMatch(SafeText::isHidden), "not fit to be shown");
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
