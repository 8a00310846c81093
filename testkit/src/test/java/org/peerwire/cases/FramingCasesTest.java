package org.peerwire.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.Feature;
import org.peerwire.frame.Message;
import org.peerwire.testkit.Cutter;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.testkit.WireBytes;
import org.peerwire.wire.BlockCallback;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** Lengths, ids and the ends of streams. */
class FramingCasesTest {
  @BothWays
  void f01_theLargestLengthThereIsClosesAtByteFour(Way way) {
    tooLargeAtByteFour(way, "FFFFFFFF");
  }

  @BothWays
  void f02_twoGibibytesCloseBeforeTheIdIsIn(Way way) {
    // The catalogue allows a byte more, by the limit of the id; the limit of any message is there
    // sooner.
    tooLargeAtByteFour(way, "7FFFFFFF");
  }

  @BothWays
  void f03_theSignBitIsABitOfTheLength(Way way) {
    tooLargeAtByteFour(way, "80000000");
  }

  @BothWays
  void f04_oneByteMoreThanAMebibyteCloses(Way way) {
    tooLargeAtByteFour(way, "00100001");
  }

  private static void tooLargeAtByteFour(Way way, String length) {
    Connection c = Connection.open(way);
    c.peer.says(length.substring(0, 6));
    c.raised();
    c.peer.says(length.substring(6));
    c.closed("close FRAME_TOO_LARGE");
    assertThat(c.violation().offset()).isEqualTo(68 + 5);
    assertThat(c.violation().messageId()).isEqualTo(-1);
    assertThat(c.violation().context()).isEqualToIgnoringCase(length);
  }

  @BothWays
  void f05_aFixedSizeMessageHasNoOtherSize(Way way) {
    int[] ids = {0, 1, 2, 3, 4, 6, 8, 9, 13, 14, 15, 16, 17, 21, 23};
    int[] lengths = {1, 1, 1, 1, 5, 13, 13, 3, 5, 1, 1, 13, 5, 49, 49};
    for (int i = 0; i < ids.length; i++) {
      for (int length : new int[] {lengths[i] - 1, lengths[i] + 1}) {
        if (length > 0) {
          wrongLength(way, ids[i], lengths[i], length);
        }
      }
    }
  }

  private static void wrongLength(Way way, int id, int expected, int length) {
    WireOptions.Builder options = WireOptions.builder().hashMessages(true);
    Connection c = Connection.open(way, options, Connection.FAST, Connection.LAYOUT);
    c.peer.says(String.format("%08x", length));
    c.raised();
    // The id is enough; a message that would begin behind it is never read.
    c.peer.says(String.format("%02x", id)).says("00000001 01");
    c.closed("close FRAME_LENGTH");
    assertThat(c.violation().messageId()).isEqualTo(id);
    assertThat(c.violation().detail())
        .contains("(id " + id + ")", "length " + length, "expected " + expected);
  }

  @BothWays
  void f06_aPieceShorterThanItsHeaderClosesAtItsId(Way way) {
    Connection c = Connection.open(way);
    c.peer.says("00000005 07");
    c.closed("close FRAME_LENGTH");
    assertThat(c.violation().messageId()).isEqualTo(7);
  }

  @BothWays
  void f07_anEmptyBlockIsARejectOrAViolation(Way way) {
    Connection c = Connection.open(way).asking(1);
    c.peer.says("00000009 07 00000000 00000000");
    if (way.strict()) {
      c.closed("ended CLOSED 0 0 0", "close BLOCK_LENGTH");
      return;
    }
    c.raised("reject 0 0 16384", "ended REJECTED 0 0 0");
    for (int i = 0; i < 200; i++) {
      c.peer.says("00000009 07 00000000 00000000");
      c.raised("violation BLOCK_LENGTH");
    }
  }

  @BothWays
  void f08_anUnknownMessageIsSkippedOrCloses(Way way) {
    for (int id : new int[] {0x63, 0x0a, 0x0b, 0x0c, 0x12, 0x13, 0x15, 0x16, 0x17, 0xff}) {
      Connection c = Connection.open(way);
      c.peer.says(String.format("00000001 %02x 00000001 01", id));
      if (way.strict()) {
        c.closed("close UNKNOWN_MESSAGE");
        assertThat(c.violation().messageId()).isEqualTo(id);
      } else {
        c.raised("violation UNKNOWN_MESSAGE", "unknown " + id + " 0 0", "unchoke");
      }
    }
  }

  @BothWays
  void f08_sixteenUnknownMessagesAMinuteAreTooMany(Way way) {
    Connection c = Connection.open(way);
    if (way.strict()) {
      c.peer.says("00000001 63");
      c.closed("close UNKNOWN_MESSAGE");
      return;
    }
    for (int minute = 0; minute < 3; minute++) {
      for (int i = 0; i < 16; i++) {
        c.peer.says("00000001 63");
        c.raised("violation UNKNOWN_MESSAGE", "unknown 99 0 0");
      }
      c.peer.advance(Duration.ofSeconds(61));
    }
    for (int i = 0; i < 16; i++) {
      c.peer.says("00000001 63");
      c.raised("violation UNKNOWN_MESSAGE", "unknown 99 0 0");
    }
    c.peer.says("00000001 63");
    c.closed("close UNKNOWN_MESSAGE");
  }

  @BothWays
  void f08_aLongUnknownMessageStreamsThrough(Way way) {
    Connection c = Connection.open(way);
    c.peer.says("00000005 63 01020304 00000001 01");
    if (way.strict()) {
      c.closed("close UNKNOWN_MESSAGE");
    } else if (way.everyByte()) {
      c.raised(
          "violation UNKNOWN_MESSAGE",
          "unknown 99 4 0 01",
          "unknown 99 4 1 02",
          "unknown 99 4 2 03",
          "unknown 99 4 3 04",
          "unchoke");
    } else {
      c.raised("violation UNKNOWN_MESSAGE", "unknown 99 4 0 01020304", "unchoke");
    }
  }

  @BothWays
  void f09_keepAlivesCostNothingAndTooManyAreTold(Way way) {
    Connection c = Connection.open(way);
    c.peer.says(new byte[4 * 50_000]);
    c.events
        .expectTimes(600, "keep-alive")
        .expect("violation KEEPALIVE_FLOOD")
        .expectTimes(49_400, "keep-alive");
    c.raised();
    assertThat(c.peer.heard()).isEmpty();
  }

  @BothWays
  void f09_nineKeepAlivesASecondAreNoFlood(Way way) {
    Connection c = Connection.open(way);
    for (int second = 0; second < 300; second++) {
      c.peer.says(new byte[4 * 9]).advance(Duration.ofSeconds(1));
    }
    c.events.expectTimes(2700, "keep-alive");
    c.raised();
  }

  @BothWays
  void f10_aMessageThatTricklesInIsStalled(Way way) {
    Connection c = Connection.open(way);
    c.peer.says("00").advance(Duration.ofSeconds(30));
    c.peer.says("00").advance(Duration.ofSeconds(29));
    c.peer.says("00");
    c.raised();
    c.peer.advance(Duration.ofSeconds(1));
    c.closed("close FRAME_STALLED");
  }

  @BothWays
  void f10_aBlockThatTricklesInIsStalled(Way way) {
    Connection c = Connection.open(way).asking(1);
    c.peer.says("00004009 07 00000000 00000000");
    for (int i = 0; i < 5; i++) {
      c.peer.says("00").advance(Duration.ofSeconds(10));
    }
    c.raised();
    c.peer.advance(Duration.ofSeconds(10));
    c.closed("ended CLOSED 0 0 0", "close FRAME_STALLED");
  }

  @BothWays
  void f10_aMessageThatEndsInTimeMakesRoomForTheNext(Way way) {
    Connection c = Connection.open(way);
    for (int i = 0; i < 10; i++) {
      c.peer.says("000000").advance(Duration.ofSeconds(59));
      c.peer.says("00");
      c.raised("keep-alive");
    }
  }

  @BothWays
  void f11_everyCutGivesTheSameEvents(Way way) {
    byte[] session =
        WireBytes.of(
            Connection.theirs(Connection.FAST | Feature.EXTENSION_PROTOCOL.mask()),
            new Message.Bitfield(ByteBuffer.wrap(WireBytes.hex("ff00f0"))),
            new Message.Extended(0, ByteBuffer.wrap(WireBytes.hex("\"de\""))),
            new Message.KeepAlive(),
            new Message.Unchoke(),
            new Message.Interested(),
            new Message.Have(9),
            new Message.AllowedFast(3),
            new Message.SuggestPiece(4),
            Connection.block(0, 0, 300),
            Connection.reject(1, 0, 16_384),
            Connection.request(2, 0, 16_384),
            new Message.Cancel(2, 0, 16_384),
            new Message.Port(6881),
            new Message.NotInterested(),
            new Message.Choke());
    List<String> whole = eventsOf(way, session, Cutter.whole());
    assertThat(whole).hasSize(19).contains("ended BLOCK 0 0 300", "ended REJECTED 1 0 0");
    assertThat(eventsOf(way, session, Cutter.everyByte())).isEqualTo(whole);
    for (int at = 1; at < session.length; at++) {
      assertThat(eventsOf(way, session, Cutter.atMost(at))).as("%s", at).isEqualTo(whole);
    }
    for (int seed = 0; seed < 50; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      Cutter cutter = Cutter.random(random, 1 + random.nextInt(60));
      assertThat(eventsOf(way, session, cutter)).as("%s", random).isEqualTo(whole);
    }
  }

  private static List<String> eventsOf(Way way, byte[] session, Cutter cutter) {
    Asker asker = new Asker();
    EventRecorder events = new EventRecorder(asker);
    asker.callback = events.callback();
    PeerWire wire = new PeerWire(events, WireOptions.builder().profile(way.profile()).build());
    wire.handshake(Connection.TORRENT, Connection.OURS);
    wire.layout(Connection.LAYOUT);
    wire.bitfield(Connection.allPieces());
    wire.unchoke();
    new ScriptedPeer(wire).cut(cutter).says(session);
    return events.take();
  }

  /** Asks for two blocks when it is unchoked. */
  private static final class Asker implements PeerListener {
    @Nullable BlockCallback callback;

    @Override
    public void onUnchoke(PeerWire wire) {
      wire.request(0, 0, 300, callback);
      wire.request(1, 0, 16_384, callback);
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      // It stays pending until the peer cancels it.
    }
  }

  @BothWays
  void f12_theEndOfInputInsideAMessageIsACut(Way way) {
    byte[] messages =
        WireBytes.of(new Message.Have(1), Connection.block(0, 0, 300), new Message.KeepAlive());
    for (int at = 0; at <= messages.length; at++) {
      Connection c = Connection.open(way).asking(0);
      c.wire.request(0, 0, 300, null);
      c.peer.says(Arrays.copyOf(messages, at)).ends();
      boolean boundary = at == 0 || at == 9 || at == 9 + 313 || at == messages.length;
      assertThat(c.events.take()).endsWith(boundary ? "close ByPeer" : "close CutInFrame");
      c.closed();
    }
  }

  @BothWays
  void f12_aResetIsToldAsWhatItIs(Way way) {
    Connection c = Connection.open(way);
    c.peer.says("0000").fails("connection reset");
    c.closed("close TransportFailed");
    assertThat(c.wire.closeCause()).isEqualTo(new CloseCause.TransportFailed("connection reset"));
  }

  @BothWays
  void f13_aMebibyteOfZerosIsKeepAlives(Way way) {
    Connection c = Connection.open(way);
    for (int i = 0; i < (1 << 20) >> 14; i++) {
      c.peer.says(new byte[1 << 14]);
    }
    List<String> raised = c.events.take();
    assertThat(raised).hasSize((1 << 18) + 1);
    assertThat(Collections.frequency(raised, "violation KEEPALIVE_FLOOD")).isEqualTo(1);
    c.raised();
    assertThat(c.peer.heard()).isEmpty();
  }

  @BothWays
  void f14_whatComesBehindOurCloseIsDiscarded(Way way) {
    Connection c = Connection.open(way);
    c.wire.have(3);
    c.wire.close();
    c.peer.says("00000001 01 FFFFFFFF");
    assertThat(c.peer.heard()).contains(new Message.Have(3));
    c.closed("close ByUs");
  }

  @BothWays
  void f14_whatComesBehindACloseInsideAnEventIsDiscarded(Way way) {
    EventRecorder events =
        new EventRecorder(
            new PeerListener() {
              @Override
              public void onUnchoke(PeerWire wire) {
                wire.close();
              }
            });
    PeerWire wire = new PeerWire(events, WireOptions.builder().profile(way.profile()).build());
    wire.handshake(Connection.TORRENT, Connection.OURS);
    new ScriptedPeer(wire)
        .cut(way.cutter())
        .says(Connection.theirs(0), new Message.Unchoke(), new Message.Have(1), new Message.Choke())
        .says("FFFFFFFF");
    assertThat(events.take()).hasSize(4).endsWith("unchoke", "close ByUs");
  }
}
