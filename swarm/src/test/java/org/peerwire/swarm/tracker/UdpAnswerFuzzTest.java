package org.peerwire.swarm.tracker;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;

/**
 * Any packets from a UDP tracker, each with a byte of length before it, of which the first bit says
 * whether the transaction id is put right. The announce ends, within its transmissions.
 */
class UdpAnswerFuzzTest {
  private static final int TRANSMISSIONS = 3;

  private static int answers;
  private static int failures;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(answers > 0 && failures > 0, "inputs were answers and failures");
  }

  @FuzzTest(maxDuration = "30s")
  void anyPackets(byte[] data) {
    ByteBuffer input = ByteBuffer.wrap(data);
    UdpAnnounce udp =
        new UdpAnnounce(
            Announces.of(AnnounceEvent.NONE, null),
            "",
            new UdpConnection(),
            Announces.random(1),
            data.length % 2 == 1,
            TRANSMISSIONS);
    long now = 0;
    int sent = 0;
    int transaction = 0;
    while (!udp.isDone()) {
      ByteBuffer packet = ByteBuffer.allocate(UdpAnnounce.MAX_PACKET);
      if (udp.poll(packet, now)) {
        check(packet.position() == 16 || packet.position() == 98, "a packet's length");
        transaction = packet.getInt(12);
        sent++;
      } else if (input.remaining() > 0) {
        udp.receive(next(input, transaction), now);
      } else if (!udp.isDone()) {
        now += udp.nanosUntilPoll(now);
      }
    }
    check(sent <= 2 * TRANSMISSIONS + 2, "packets: " + sent);
    TrackerAnswer answer = udp.answer();
    TrackerException failure = udp.failure();
    check((answer == null) != (failure == null), "one end");
    if (answer != null) {
      check(answer.peers().size() <= TrackerAnswer.MAX_PEERS, "peers");
      check(answer.interval() >= 0, "interval");
      answers++;
    }
    if (failure != null) {
      HttpAnswerFuzzTest.fit(String.valueOf(failure.getMessage()));
      failures++;
    }
  }

  private static ByteBuffer next(ByteBuffer input, int transaction) {
    int head = input.get() & 0xff;
    int length = Math.min(head & 0x7f, input.remaining());
    byte[] packet = new byte[length];
    input.get(packet);
    if ((head & 0x80) != 0 && length >= 8) {
      ByteBuffer.wrap(packet).putInt(4, transaction);
    }
    return ByteBuffer.wrap(packet);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
