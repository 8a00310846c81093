package org.peerwire.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.cases.Connection.block;
import static org.peerwire.cases.Connection.reject;
import static org.peerwire.cases.Connection.request;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.Feature;
import org.peerwire.frame.Message;
import org.peerwire.wire.AllowedFastSet;
import org.peerwire.wire.WireOptions;

/** The messages of BEP 6. */
class FastExtensionCasesTest {
  private static final List<Message> FAST_MESSAGES =
      List.of(
          new Message.SuggestPiece(1),
          new Message.HaveAll(),
          new Message.HaveNone(),
          reject(0, 0, 16_384),
          new Message.AllowedFast(1));

  @BothWays
  void a01_aFastMessageWithoutTheirBitCloses(Way way) {
    for (Message each : FAST_MESSAGES) {
      Connection c = Connection.openWithoutFast(way);
      c.peer.says(each);
      c.closed("close FAST_NOT_NEGOTIATED");
    }
  }

  @BothWays
  void a01_aFastMessageWithoutOurBitCloses(Way way) {
    for (Message each : FAST_MESSAGES) {
      WireOptions.Builder options = WireOptions.builder().features(Set.of(Feature.DHT));
      Connection c = Connection.open(way, options, Connection.FAST, Connection.LAYOUT);
      c.peer.says(each);
      c.closed("close FAST_NOT_NEGOTIATED");
    }
  }

  @BothWays
  void a02_twoHaveStatesAreOneTooMany(Way way) {
    String[] states = {"00000001 0E", "00000001 0F", "00000004 05 FFFFF0"};
    for (String first : states) {
      for (String second : new String[] {states[0], states[1]}) {
        Connection c = Connection.open(way, Connection.FAST, Connection.LAYOUT);
        c.peer.says(first);
        assertThat(c.events.take()).hasSize(1);
        c.peer.says(second);
        if (way.strict()) {
          c.closed("close HAVE_STATE_REPEATED");
          continue;
        }
        boolean all = second.endsWith("E");
        c.raised("violation HAVE_STATE_REPEATED", "bitfield " + (all ? "20" : "0") + " of 20");
        assertThat(c.wire.peerPieces().isFull()).isEqualTo(all);
        c.peer.says(first);
        c.closed("close HAVE_STATE_REPEATED");
      }
    }
  }

  @BothWays
  void a03_withoutAHaveStateThePeerHasNothingOrCloses(Way way) {
    Connection c = Connection.open(way, Connection.FAST, Connection.LAYOUT);
    c.peer.says("00000000 00000001 02 00000001 01");
    if (way.strict()) {
      c.closed("keep-alive", "close HAVE_STATE_MISSING");
      return;
    }
    c.raised("keep-alive", "violation HAVE_STATE_MISSING", "interested", "unchoke");
    assertThat(c.wire.peerPieces().isEmpty()).isTrue();
  }

  @BothWays
  void a04_aRejectOfWhatWasNotRequestedIsToldSixtyFourTimes(Way way) {
    Connection c = Connection.open(way).asking(1);
    Message[] wrong = {
      reject(0, 0, 8192), reject(0, 1, 16_384), reject(5, 0, 16_384), reject(-1, -1, -1)
    };
    for (int i = 0; i < 64; i++) {
      c.peer.says(wrong[i % wrong.length]);
      c.raised("violation REJECT_UNREQUESTED");
    }
    assertThat(c.wire.requestCount()).isEqualTo(1);
    c.peer.says(wrong[0]);
    c.closed("ended CLOSED 0 0 0", "close REJECT_UNREQUESTED");
  }

  @BothWays
  void a05_aPeerThatRejectsEverythingEndsEachRequest(Way way) {
    Connection c = Connection.open(way).asking(0);
    for (int i = 0; i < 200; i++) {
      c.wire.request(0, 0, 16_384, c.events.callback());
      c.peer.says(reject(0, 0, 16_384));
      c.raised("reject 0 0 16384", "ended REJECTED 0 0 0");
      assertThat(c.wire.requestCount()).isZero();
    }
  }

  @BothWays
  void a06_allowedFastIsCapped(Way way) {
    WireOptions.Builder options = WireOptions.builder();
    Connection c = Connection.open(way, options, Connection.FAST, null);
    c.peer.says(Connection.HAVE_NONE);
    c.events.expect("bitfield 0 of ?");
    for (int i = 0; i < 100_000; i += 1000) {
      Message[] messages = new Message[1000];
      for (int j = 0; j < messages.length; j++) {
        messages[j] = new Message.AllowedFast(i + j);
      }
      c.peer.says(messages);
    }
    for (int i = 0; i < 64; i++) {
      c.events.expect("allowed-fast " + i);
    }
    c.raised();
    assertThat(c.wire.isAllowedFast(63)).isTrue();
    assertThat(c.wire.isAllowedFast(64)).isFalse();
  }

  @BothWays
  void a06_suggestionsAreNotKept(Way way) {
    Connection c = Connection.open(way);
    Message[] messages = new Message[1000];
    for (int i = 0; i < messages.length; i++) {
      messages[i] = new Message.SuggestPiece(i % 20);
    }
    c.peer.says(messages);
    assertThat(c.events.take()).hasSize(1000).contains("suggest 19");
    c.raised();
  }

  @BothWays
  void a07_aHintBeyondTheTorrentIsToldEightTimes(Way way) {
    Connection c = Connection.open(way);
    for (int i = 0; i < 4; i++) {
      c.peer.says(new Message.AllowedFast(20), new Message.SuggestPiece(-1));
      c.raised("violation ALLOWED_FAST_OUT_OF_RANGE", "violation ALLOWED_FAST_OUT_OF_RANGE");
    }
    c.peer.says(new Message.AllowedFast(20));
    c.closed("close ALLOWED_FAST_OUT_OF_RANGE");
  }

  @BothWays
  void a08_anAllowedFastPieceIsNotAHave(Way way) {
    Connection c = Connection.open(way);
    c.peer.says(new Message.AllowedFast(7));
    c.raised("allowed-fast 7");
    assertThat(c.wire.peerPieces().contains(7)).isFalse();
    // But it may be asked for while the peer chokes us.
    assertThat(c.wire.peerChoking()).isTrue();
    assertThat(c.wire.request(7, 0, 16_384, c.events.callback())).isTrue();
    assertThat(c.wire.request(8, 0, 16_384, c.events.callback())).isFalse();
    c.peer.says(block(7, 0, 16_384));
    c.raised("piece 7 0 16384", "ended BLOCK 7 0 16384");
  }

  @BothWays
  void a09_anAllowedFastBlockIsServedThreeTimesWhileChoked(Way way) {
    Connection c = Connection.open(way);
    c.wire.bitfield(Connection.allPieces());
    c.wire.allowedFast(2);
    c.peer.heard();
    for (int i = 0; i < 3; i++) {
      c.peer.says(request(2, 0, 16_384));
      c.raised("request 2 0 16384");
      c.wire.respond(2, 0, ByteBuffer.allocate(16_384));
      c.peer.hears(block(2, 0, 16_384));
    }
    c.peer.says(request(2, 0, 16_384)).hears(reject(2, 0, 16_384));
    c.peer.says(request(2, 1, 16_383)).hears(reject(2, 1, 16_383));
    c.raised();
    c.peer.says(request(2, 16_384, 16_384));
    c.raised("request 2 16384 16384");
    c.wire.reject(2, 16_384, 16_384);
    c.wire.unchoke();
    c.peer.says(request(2, 0, 16_384));
    c.raised("request 2 0 16384");
  }

  @Test
  void a10_oneNetworkGetsOneAllowedFastSet() {
    // The example of BEP 6.
    int[] nine = {1059, 431, 808, 1217, 287, 376, 1188, 353, 508};
    assertThat(setOf(1313, 9, 80, 4, 4, 200)).containsExactly(nine);
    assertThat(setOf(1313, 7, 80, 4, 4, 200)).containsExactly(Arrays.copyOf(nine, 7));
    for (int host = 0; host < 256; host++) {
      assertThat(setOf(1313, 9, 80, 4, 4, host)).containsExactly(nine);
    }
    assertThat(setOf(1313, 9, 80, 4, 5, 200)).isNotEqualTo(nine);
  }

  @Test
  void a10_theAllowedFastSetIsBounded() {
    assertThat(setOf(1313, Integer.MAX_VALUE, 80, 4, 4, 200)).hasSize(10).doesNotHaveDuplicates();
    for (int pieces = 0; pieces <= 12; pieces++) {
      int size = Math.min(pieces, 10);
      assertThat(setOf(pieces, 10, 127, 0, 0, 1)).hasSize(size).doesNotHaveDuplicates();
    }
    assertThat(AllowedFastSet.of(Connection.TORRENT, new byte[16], 1313, 7)).isEmpty();
  }

  private static int[] setOf(int pieceCount, int count, int... address) {
    byte[] bytes = new byte[address.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) address[i];
    }
    return AllowedFastSet.of(Connection.TORRENT, bytes, pieceCount, count);
  }
}
