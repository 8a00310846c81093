package org.peerwire.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.cases.Connection.block;
import static org.peerwire.cases.Connection.reject;
import static org.peerwire.cases.Connection.request;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.peerwire.Block;
import org.peerwire.PieceLayout;
import org.peerwire.frame.Message;
import org.peerwire.testkit.Cutter;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.wire.CloseCause;

/** The messages of BEP 3. */
class CoreMessageCasesTest {
  @BothWays
  void c01_aBitfieldHasTheLengthOfTheTorrents(Way way) {
    for (String bitfield : new String[] {"00000003 05", "00000005 05", "00000001 05"}) {
      Connection c = Connection.openWithoutFast(way);
      c.peer.says(bitfield);
      c.closed("close BITFIELD_LENGTH");
    }
  }

  @BothWays
  void c02_spareBitsAreMaskedOrClose(Way way) {
    Connection c = Connection.openWithoutFast(way);
    c.peer.says("00000004 05 80000F");
    if (way.strict()) {
      c.closed("close BITFIELD_SPARE_BITS");
    } else {
      c.raised("violation BITFIELD_SPARE_BITS", "bitfield 1 of 20");
      assertThat(c.wire.peerPieces().next(1)).isEqualTo(-1);
    }
  }

  @BothWays
  void c03_aSecondBitfieldReplacesTheFirstOnce(Way way) {
    Connection c = Connection.openWithoutFast(way);
    c.peer.says("00000004 05 FF0000");
    c.raised("bitfield 8 of 20");
    c.peer.says("00000004 05 00F000");
    if (way.strict()) {
      c.closed("close BITFIELD_LATE");
      return;
    }
    c.raised("violation BITFIELD_LATE", "bitfield 4 of 20");
    assertThat(c.wire.peerPieces().count()).isEqualTo(4);
    assertThat(c.wire.peerPieces().next(0)).isEqualTo(8);
    c.peer.says("00000004 05 00F000");
    c.closed("close BITFIELD_LATE");
  }

  /** As aria2 does: a bitfield in place of haves, as often as it gets pieces. */
  @BothWays
  void c03_aBitfieldThatOnlyAddsIsAWordForHaves(Way way) {
    Connection c = Connection.openWithoutFast(way);
    c.peer.says("00000004 05 800000");
    c.raised("bitfield 1 of 20");
    c.peer.says("00000004 05 C00000");
    if (way.strict()) {
      c.closed("close BITFIELD_FOR_HAVES");
      return;
    }
    c.raised("violation BITFIELD_FOR_HAVES", "bitfield 2 of 20");
    c.peer.says("00000004 05 E00000");
    c.raised("violation BITFIELD_FOR_HAVES", "bitfield 3 of 20");
    c.peer.says("00000004 05 FFFFF0");
    c.raised("violation BITFIELD_FOR_HAVES", "bitfield 20 of 20");
    assertThat(c.wire.peerPieces().isFull()).isTrue();
    // The same again adds nothing, and is what it always was.
    c.peer.says("00000004 05 FFFFF0");
    c.raised("violation BITFIELD_LATE", "bitfield 20 of 20");
    c.peer.says("00000004 05 FFFFF0");
    c.closed("close BITFIELD_LATE");
  }

  @BothWays
  void c03_aBitfieldAfterAHaveReplacesItOnce(Way way) {
    Connection c = Connection.openWithoutFast(way);
    c.peer.says("00000005 04 00000013 00000004 05 FF0000");
    if (way.strict()) {
      c.closed("have 19", "close BITFIELD_LATE");
    } else {
      c.raised("have 19", "violation BITFIELD_LATE", "bitfield 8 of 20");
      assertThat(c.wire.peerPieces().contains(19)).isFalse();
    }
  }

  @BothWays
  void b10_c04_aBitfieldBeforeMetadataIsBoundedAndThenJudged(Way way) {
    Connection large = Connection.open(way, 0, null);
    large.peer.says("00100000 05");
    large.closed("close FRAME_TOO_LARGE");

    Connection c = Connection.open(way, 0, null);
    byte[] bitfield = new byte[5 + 524_288];
    ByteBuffer.wrap(bitfield).putInt(524_289).put((byte) 5);
    c.peer.cut(Cutter.atMost(1 << 16)).says(bitfield);
    c.raised("bitfield 0 of ?");
    c.peer.cut(way.cutter());
    c.wire.layout(PieceLayout.of(16, 1));
    c.closed("close BITFIELD_LENGTH");
  }

  @BothWays
  void c04_aBitfieldThatFitsTheMetadataIsKept(Way way) {
    Connection c = Connection.open(way, 0, null);
    c.peer.says("00000004 05 80000F");
    c.raised("bitfield 5 of ?");
    c.wire.layout(Connection.LAYOUT);
    if (way.strict()) {
      c.closed("close BITFIELD_SPARE_BITS");
    } else {
      assertThat(c.wire.peerPieces().count()).isEqualTo(1);
      c.raised();
    }
  }

  @BothWays
  void c05_aHaveBeyondTheTorrentCloses(Way way) {
    for (String piece : new String[] {"00000014", "FFFFFFFF", "80000000", "00400000"}) {
      Connection c = Connection.openWithoutFast(way);
      c.peer.says("00000005 04 00000013 00000005 04" + piece);
      c.closed("have 19", "close HAVE_OUT_OF_RANGE");
    }
  }

  @BothWays
  void b10_c05_aHaveBeforeMetadataHasALimitToo(Way way) {
    Connection c = Connection.open(way, 0, null);
    c.peer.says("00000005 04 003FFFFF");
    c.raised("have 4194303");
    c.peer.says("00000005 04 00400000");
    c.closed("close HAVE_OUT_OF_RANGE");

    Connection later = Connection.open(way, 0, null);
    later.peer.says("00000005 04 003FFFFF");
    later.raised("have 4194303");
    later.wire.layout(Connection.LAYOUT);
    later.closed("close HAVE_OUT_OF_RANGE");
  }

  @BothWays
  void c06_aRequestBeyondTheTorrentIsRejectedFiftyTimes(Way way) {
    outOfRange(way, request(20, 0, 16_384), request(-1, 0, 16_384));
  }

  @BothWays
  void c07_aRequestWhoseEndWrapsIsOutOfRange(Way way) {
    outOfRange(way, request(0, 0xFFFFF000, 0x4000), request(0, Integer.MAX_VALUE, 1));
  }

  @BothWays
  void c08_aRequestForNothingIsOutOfRange(Way way) {
    outOfRange(way, request(0, 0, 0), request(19, 20_000, 1));
  }

  private static void outOfRange(Way way, Message... requests) {
    Connection fast = Connection.open(way).serving();
    for (int i = 0; i < 50; i++) {
      Message.Request asked = (Message.Request) requests[i % requests.length];
      fast.peer.says(asked).hears(reject(asked.piece(), asked.begin(), asked.length()));
      fast.raised("violation REQUEST_OUT_OF_RANGE");
    }
    fast.peer.says(requests[0]);
    fast.closed("close REQUEST_OUT_OF_RANGE");

    Connection slow = Connection.openWithoutFast(way).serving();
    for (int i = 0; i < 200; i++) {
      slow.peer.says(requests[i % requests.length]).hears();
      slow.raised("violation REQUEST_OUT_OF_RANGE");
    }
  }

  @BothWays
  void c09_aLargeRequestIsRejected(Way way) {
    Connection fast = Connection.open(way).serving();
    for (int length : new int[] {16_385, 32_768, 65_536}) {
      fast.peer.says(request(0, 0, length)).hears(reject(0, 0, length));
      fast.raised("violation REQUEST_TOO_LARGE");
    }
    Connection slow = Connection.openWithoutFast(way).serving();
    slow.peer.says(request(0, 0, 16_385)).hears();
    slow.raised("violation REQUEST_TOO_LARGE");
  }

  @BothWays
  void c09_aHugeRequestCloses(Way way) {
    for (int length : new int[] {131_073, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
      Connection c = Connection.open(way).serving();
      c.peer.says(request(0, 0, length));
      c.closed("close REQUEST_TOO_LARGE");
    }
  }

  @BothWays
  void c10_aRequestForWhatWeLackIsRejected(Way way) {
    Connection c = Connection.open(way);
    c.wire.have(3);
    c.wire.unchoke();
    c.peer.heard();
    c.peer.says(request(4, 0, 16_384)).hears(reject(4, 0, 16_384));
    c.raised();
    c.peer.says(request(3, 0, 16_384)).hears();
    c.raised("request 3 0 16384");
  }

  @BothWays
  void c11_aRequestBeforeMetadataIsRejectedWhileWeChoke(Way way) {
    Connection c = Connection.open(way, Connection.FAST, null);
    c.peer.says(Connection.HAVE_NONE, request(0, 0, 16_384));
    c.peer.hears(new Message.HaveNone(), reject(0, 0, 16_384));
    c.raised("bitfield 0 of ?");
  }

  @BothWays
  void c12_requestsWhileChokedAreRejectedForTwoSeconds(Way way) {
    Connection c = Connection.open(way);
    c.wire.bitfield(Connection.allPieces());
    c.peer.heard();
    for (int i = 0; i < 1000; i++) {
      c.peer.says(request(0, i, 1)).hears(reject(0, i, 1));
    }
    c.peer.advance(Duration.ofSeconds(2)).says(request(0, 0, 1)).hears(reject(0, 0, 1));
    c.raised();
    c.peer.advance(Duration.ofMillis(1)).says(request(0, 0, 1));
    c.closed("close REQUEST_FLOOD");
  }

  @BothWays
  void c12_threeHundredRequestsWhileChokedAreNoFlood(Way way) {
    Connection c = Connection.open(way);
    c.wire.bitfield(Connection.allPieces());
    for (int i = 0; i < 300; i++) {
      c.peer.says(request(0, i, 1)).advance(Duration.ofMillis(50));
    }
    c.raised();
    // Another choke, another count.
    c.wire.unchoke();
    c.wire.choke();
    for (int i = 0; i < 300; i++) {
      c.peer.says(request(0, i, 1)).advance(Duration.ofMillis(50));
    }
    c.raised();
  }

  @BothWays
  void c13_aPeerThatAsksForEverythingAndReadsNothingIsStalled(Way way) {
    Connection c = Connection.open(way).serving();
    c.peer.stopsReading().cut(Cutter.atMost(1400));
    Message[] requests = new Message[50_000];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = request(i % 19, i / 19 * 16, 16_384 - i % 7);
    }
    c.peer.says(requests);
    // We asked the application for no more than the window, and hold no more than the queue.
    List<String> asked = c.events.take();
    assertThat(asked).hasSize(16).allMatch(line -> line.startsWith("request "));
    assertThat(c.wire.peerRequests()).hasSize(250);
    assertThat(c.wire.transport().pending()).isBetween(64L << 10, (64L << 10) + 1400);
    assertThat(c.peer.bytesHeldBack()).isGreaterThan(700_000);
    for (Block each : c.wire.peerRequests().subList(0, 16)) {
      c.wire.respond(each.piece(), each.begin(), ByteBuffer.allocate(each.length()));
    }
    c.peer.advance(Duration.ofMillis(59_999));
    c.raised();
    assertThat(c.wire.transport().pending()).isLessThan((256 + 64 + 2) << 10);
    c.peer.advance(Duration.ofMillis(1));
    c.closed("close SEND_STALLED");
    assertThat(c.wire.transport().pending()).isZero();
  }

  @BothWays
  void c14_theSameRequestIsHeldOnce(Way way) {
    Connection c = Connection.open(way).serving();
    c.peer.says(request(0, 0, 16_384));
    c.raised("request 0 0 16384");
    for (int i = 0; i < 100; i++) {
      c.peer.says(request(0, 0, 16_384));
      c.raised("violation REQUEST_DUPLICATE");
    }
    assertThat(c.wire.peerRequests()).containsExactly(new Block(0, 0, 16_384));
    c.peer.says(request(0, 0, 16_384));
    c.closed("close REQUEST_DUPLICATE");
  }

  @BothWays
  void c15_aBlockThatNobodyAskedForIsToldOrCloses(Way way) {
    Connection c = Connection.open(way);
    for (int i = 0; i < 8 && !way.strict(); i++) {
      c.peer.says(block(0, 0, 16_384));
      c.raised("violation UNREQUESTED_BLOCK");
      assertThat(c.wire.wasted()).isEqualTo(16_384L * (i + 1));
    }
    c.peer.says(block(0, 0, 16_384));
    c.closed("close UNREQUESTED_BLOCK");
    assertThat(c.wire.downloaded()).isZero();
  }

  @BothWays
  void c15_aBlockOfAWithdrawnRequestIsIgnored(Way way) {
    for (boolean fast : new boolean[] {true, false}) {
      Connection c = fast ? Connection.open(way) : Connection.openWithoutFast(way);
      c.asking(4);
      c.wire.cancel(0, 0, 16_384);
      c.peer.heard();
      c.raised("ended CANCELLED 0 0 0");
      c.wire.requestTimeout(Duration.ofSeconds(5));
      c.peer.advance(Duration.ofSeconds(5));
      c.raised("ended TIMED_OUT 0 16384 0", "timeout");
      if (fast) {
        c.peer.says(reject(0, 32_768, 16_384), reject(0, 49_152, 16_384));
        c.events.expect("reject 0 32768 16384", "ended REJECTED 0 32768 0");
        c.raised("reject 0 49152 16384", "ended REJECTED 0 49152 0");
      } else {
        c.peer.says(new Message.Choke());
        c.raised("choke", "ended CHOKED 0 32768 0", "ended CHOKED 0 49152 0");
      }
      c.peer.advance(Duration.ofSeconds(110));
      for (int i = 0; i < 4; i++) {
        c.peer.says(block(0, i << 14, 16_384));
      }
      c.raised();
      assertThat(c.wire.wasted()).isEqualTo(4 * 16_384);
      assertThat(c.wire.downloaded()).isZero();
      // Each is forgiven once.
      c.peer.says(block(0, 0, 16_384));
      assertThat(c.events.take())
          .containsExactly((way.strict() ? "close " : "violation ") + "UNREQUESTED_BLOCK");
    }
  }

  @BothWays
  void c15_aWithdrawnRequestIsForgottenAfterTwoMinutes(Way way) {
    Connection c = Connection.open(way).asking(1);
    c.wire.cancel(0, 0, 16_384);
    c.peer.advance(Duration.ofSeconds(119)).says(new byte[4]).advance(Duration.ofMillis(1001));
    c.peer.says(block(0, 0, 16_384));
    c.events.expect("ended CANCELLED 0 0 0", "keep-alive");
    c.events.expect((way.strict() ? "close " : "violation ") + "UNREQUESTED_BLOCK");
    c.events.assertNothingMore();
  }

  @BothWays
  void c16_aBlockOutsideOfItsPieceClosesAtItsHeader(Way way) {
    String[] heads = {
      "00004009 07 00000014 00000000", // piece 20 of 20
      "00004009 07 FFFFFFFF 00000000",
      "00004009 07 00000000 0000C001", // a byte too far
      "00004009 07 00000000 FFFFF000", // the end wraps
      "00000009 07 00000014 00000000", // empty, and nowhere
      "0000000A 07 00000013 00004E20" // behind the last byte of the torrent
    };
    for (String head : heads) {
      Connection c = Connection.open(way).asking(1);
      c.peer.says(head);
      c.closed("ended CLOSED 0 0 0", "close BLOCK_OUT_OF_RANGE");
    }
  }

  @BothWays
  void c17_aShorterBlockIsARejectFourTimes(Way way) {
    Connection c = Connection.open(way).asking(4);
    for (int i = 0; i < 4; i++) {
      c.peer.says(block(0, i << 14, 8192));
      c.raised(
          "violation BLOCK_LENGTH",
          "reject 0 " + (i << 14) + " 16384",
          "ended REJECTED 0 " + (i << 14) + " 0");
    }
    assertThat(c.wire.downloaded()).isZero();
    assertThat(c.wire.wasted()).isEqualTo(4 * 8192);
    c.wire.request(1, 0, 16_384, c.events.callback());
    c.peer.says(block(1, 0, 8192));
    c.closed("ended CLOSED 1 0 0", "close BLOCK_LENGTH");
  }

  @BothWays
  void c17_aLongerBlockCloses(Way way) {
    Connection beyondLimit = Connection.open(way).asking(1);
    beyondLimit.peer.says("00008009 07");
    beyondLimit.closed("ended CLOSED 0 0 0", "close BLOCK_LENGTH");

    Connection c = Connection.open(way);
    c.asking(0);
    c.wire.request(0, 0, 8192, c.events.callback());
    c.peer.says("00004009 07 00000000 00000000");
    c.closed("ended CLOSED 0 0 0", "close BLOCK_LENGTH");
  }

  @BothWays
  void c18_aCancelOfWhatWasNeverRequestedIsIgnored(Way way) {
    Connection c = Connection.open(way).serving();
    c.peer.says(request(0, 0, 16_384));
    c.raised("request 0 0 16384");
    c.peer.says(
        new Message.Cancel(0, 16_384, 16_384),
        new Message.Cancel(0, 0, 8192),
        new Message.Cancel(20, 0, 16_384),
        new Message.Cancel(-1, -1, -1));
    c.raised();
    c.peer.hears();
    assertThat(c.wire.peerRequests()).hasSize(1);
  }

  @BothWays
  void c19_aCancelThatRacesTheBlockGetsOneAnswer(Way way) {
    for (int seed = 0; seed < 100; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      Connection c = Connection.open(way).serving();
      List<Message> answers = new ArrayList<>();
      int count = 40;
      for (int i = 0; i < count; i++) {
        c.peer.says(request(i % 4, i, 100));
        for (Block each : c.wire.peerRequests()) {
          switch (random.nextInt(6)) {
            case 0 -> c.wire.respond(each.piece(), each.begin(), ByteBuffer.allocate(100));
            case 1 -> c.peer.says(new Message.Cancel(each.piece(), each.begin(), 100));
            case 2 -> c.wire.reject(each.piece(), each.begin(), 100);
            case 3 -> {
              // Both at once, the answer on its way when the cancel comes.
              c.wire.respond(each.piece(), each.begin(), ByteBuffer.allocate(100));
              c.peer.says(new Message.Cancel(each.piece(), each.begin(), 100));
            }
            default -> {}
          }
        }
        if (random.oneIn(10)) {
          c.wire.choke();
          c.wire.unchoke();
        }
        answers.addAll(c.peer.heard());
      }
      c.wire.choke();
      answers.addAll(c.peer.heard());
      int[] answered = new int[count];
      for (Message each : answers) {
        if (each instanceof Message.Piece piece) {
          answered[piece.begin()]++;
        } else if (each instanceof Message.RejectRequest rejected) {
          answered[rejected.begin()]++;
        }
      }
      assertThat(answered).as("%s", random).containsOnly(1);
      c.events.take();
      c.raised();
    }
  }

  @BothWays
  void c20_interestThatFlapsCostsNothing(Way way) {
    Connection c = Connection.open(way);
    Message[] flaps = new Message[2000];
    for (int i = 0; i < flaps.length; i += 2) {
      flaps[i] = new Message.Interested();
      flaps[i + 1] = new Message.NotInterested();
    }
    for (int i = 0; i < 100; i++) {
      c.peer.says(flaps);
    }
    assertThat(c.events.take()).hasSize(200_000);
    c.raised();
    c.peer.hears();
    assertThat(c.wire.amChoking()).isTrue();
  }

  @BothWays
  void c21_aChokeThatFlapsEndsEachRequestOnce(Way way) {
    Connection c = Connection.openWithoutFast(way);
    for (int i = 0; i < 2000; i++) {
      c.peer.says(new Message.Unchoke());
      c.wire.request(0, 0, 16_384, c.events.callback());
      c.peer.says(new Message.Choke()).advance(Duration.ofMillis(1));
      c.raised("unchoke", "choke", "ended CHOKED 0 0 0");
    }
    assertThat(c.wire.requests()).isEmpty();
    // The wire asks for nothing by itself.
    assertThat(Collections.frequency(c.peer.heard(), request(0, 0, 16_384))).isEqualTo(2000);
  }

  @BothWays
  void c22_aPortIsAnEventAndPortZeroAViolation(Way way) {
    Connection c = Connection.open(way);
    c.peer.says("00000003 09 1AE1 00000003 09 0000 00000003 09 FFFF");
    c.raised("port 6881", "violation PORT_ZERO", "port 65535");
    c.peer.hears();
  }

  @BothWays
  void c23_aPeerThatNeverServesTimesOutRequestByRequest(Way way) {
    Connection c = Connection.openWithoutFast(way);
    c.peer.says("00000004 05 FFFFF0");
    c.events.expect("bitfield 20 of 20");
    c.asking(2);
    c.wire.requestTimeout(Duration.ofSeconds(10));
    c.peer.advance(Duration.ofSeconds(10));
    c.raised("ended TIMED_OUT 0 0 0", "timeout");
    c.peer.advance(Duration.ofSeconds(10));
    c.raised("ended TIMED_OUT 0 16384 0", "timeout");
    c.peer.advance(Duration.ofSeconds(100));
    c.raised();
  }

  @BothWays
  void c24_aPeerThatClaimsNothingIsServedAndCounted(Way way) {
    Connection c = Connection.open(way).serving();
    for (int i = 0; i < 100; i++) {
      c.peer.says(request(0, 0, 16_384));
      c.wire.respond(0, 0, ByteBuffer.allocate(16_384));
      c.peer.hears(block(0, 0, 16_384));
      c.raised("request 0 0 16384");
    }
    assertThat(c.wire.uploaded()).isEqualTo(100 * 16_384);
    assertThat(c.wire.peerPieces().isEmpty()).isTrue();
  }

  @BothWays
  void everyCaseThatClosesSaysWhy(Way way) {
    Connection c = Connection.open(way);
    c.peer.says("00000005 04 00000014");
    c.closed("close HAVE_OUT_OF_RANGE");
    assertThat(c.wire.closeCause()).isInstanceOf(CloseCause.Violated.class);
    assertThat(c.violation().detail()).isEqualTo("piece 20");
    assertThat(c.violation().messageId()).isEqualTo(4);
    assertThat(c.violation().offset()).isEqualTo(68 + 5);
    assertThat(c.violation().context()).isEqualTo("000000050400000014");
    assertThat(c.wire.closeCause()).asString().contains("HAVE_OUT_OF_RANGE", "piece 20", "byte 73");
  }

  @BothWays
  void aHostilePeerMayAskBeforeWeHaveShakenHands(Way way) {
    Connection c = Connection.fresh(way);
    c.peer.says(Connection.theirs(Connection.FAST), Connection.HAVE_NONE, request(0, 0, 16_384));
    c.raised(
        "info-hash " + Connection.TORRENT,
        "handshake " + Connection.TORRENT + " " + Connection.THEIRS,
        "bitfield 0 of ?");
    c.peer.hears();
    c.wire.handshake(Connection.TORRENT, Connection.OURS);
    assertThat(c.peer.heard()).hasSize(1);
  }
}
