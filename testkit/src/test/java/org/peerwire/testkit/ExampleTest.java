package org.peerwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.frame.Message;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** How the kit is used: against a script, and two wires against each other. */
class ExampleTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  private static final PeerId THEIRS = PeerId.ofAscii("-PW0000-bbbbbbbbbbbb");

  @Test
  void aScriptSaysBytesAndHearsMessages() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = new ScriptedPeer(wire).cut(Cutter.everyByte());
    wire.handshake(TORRENT, OURS);

    peer.says(new Message.Handshake(new Handshake(0, TORRENT, THEIRS)))
        .says("00000001 01            # unchoke")
        .says("00000005 04 0000002a   # have 42");
    wire.request(42, 0, 4, events.callback());
    peer.says(new Message.Piece(42, 0, ByteBuffer.wrap(WireBytes.hex("\"abcd\""))));

    events.expect("info-hash " + TORRENT, "handshake " + TORRENT + " " + THEIRS);
    events.expect("unchoke", "have 42", "piece 42 0 4", "ended BLOCK 42 0 4");
    events.assertNothingMore();
    assertThat(peer.heard()).element(1).isEqualTo(new Message.Request(42, 0, 4));

    peer.advance(Duration.ofSeconds(150));
    events.expect("close IDLE").assertNothingMore();
  }

  @Test
  void twoWiresMeetInMemory() {
    EventRecorder left = new EventRecorder();
    EventRecorder right =
        new EventRecorder(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.handshake(handshake.infoHash(), THEIRS);
                PieceSet all = new PieceSet(8);
                all.addAll();
                wire.bitfield(all);
              }
            });
    PeerWire ours = new PeerWire(left);
    PeerWire theirs = new PeerWire(right);
    WirePair pair = new WirePair(ours, theirs).delay(Duration.ofMillis(100));

    ours.handshake(TORRENT, OURS);
    pair.advance(Duration.ofMillis(199));
    right.expect("info-hash " + TORRENT, "handshake " + TORRENT + " " + OURS).assertNothingMore();
    left.assertNothingMore();

    pair.advance(Duration.ofMillis(1));
    left.expect("info-hash " + TORRENT, "handshake " + TORRENT + " " + THEIRS);
    left.expect("bitfield all of ?").assertNothingMore();

    theirs.close();
    pair.advance(Duration.ofMillis(200));
    right.expect("close ByUs").assertNothingMore();
    left.expect("close ByPeer").assertNothingMore();
  }

  @Test
  void anEventThatNobodyLooksAtFailsTheTest() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events);
    new ScriptedPeer(wire).ends();
    assertThatThrownBy(events::assertNothingMore).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> events.expect("close ByUs")).isInstanceOf(AssertionError.class);
    assertThat(events.take()).isEqualTo(List.of("close ByPeer"));
  }

  @Test
  void aSeedGivesTheSameNumbersForEver() {
    // The first outputs for seed 1234567, as the algorithm's reference implementation prints them.
    SplitMix64 random = new SplitMix64(1234567);
    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(random.nextLong()).isEqualTo(-8629252141511181193L);
    assertThat(random.fork("net").nextLong())
        .isEqualTo(new SplitMix64(1234567).fork("net").nextLong());
    assertThat(random).hasToString("seed 0x000000000012D687L");
  }

  @Test
  void hexadecimalDigitsMayHaveRemarks() {
    assertThat(WireBytes.hex("00 0A # ten\nff \"x\"")).containsExactly(0, 10, -1, 'x');
    assertThatThrownBy(() -> WireBytes.hex("0")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WireBytes.hex("zz")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WireBytes.hex("\"x")).isInstanceOf(IllegalArgumentException.class);
  }
}
