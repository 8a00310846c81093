package org.peerwire.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.frame.Message;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.testkit.WireBytes;
import org.peerwire.wire.PeerWire;

/** A wire that is quiet for a while gives memory back, and forgets nothing for it. */
class QuietWireTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  private static final PeerId THEIRS = PeerId.ofAscii("-XX0000-bbbbbbbbbbbb");

  private final EventRecorder events = new EventRecorder();
  private final PeerWire wire = new PeerWire(events);
  private final ScriptedPeer peer = new ScriptedPeer(wire);

  QuietWireTest() {
    wire.handshake(TORRENT, OURS);
    wire.keepAlive(Duration.ofSeconds(20));
    peer.says(new Message.Handshake(new Handshake(0, TORRENT, THEIRS)), new Message.Unchoke());
    wire.unchoke();
    events.expect("info-hash " + TORRENT, "handshake " + TORRENT + " " + THEIRS, "unchoke");
    peer.heard();
  }

  /** Two of our keep-alives and none of the peer's, so that nothing but time has passed. */
  private void beQuiet() {
    peer.advance(Duration.ofSeconds(50)).hears(new Message.KeepAlive(), new Message.KeepAlive());
  }

  @Test
  void figuresStayAndBlocksGoOn() {
    for (int i = 1; i <= 3; i++) {
      wire.request(0, i, 4, events.callback());
      peer.says(new Message.Piece(0, i, ByteBuffer.allocate(4)));
      peer.says(new Message.Piece(9, i, ByteBuffer.allocate(2)));
      peer.says(new Message.Request(1, i, 8));
      assertThat(wire.respond(1, i, ByteBuffer.allocate(8))).isTrue();
      events.expect("piece 0 " + i + " 4", "ended BLOCK 0 " + i + " 4");
      events.expect("violation UNREQUESTED_BLOCK", "request 1 " + i + " 8");
      peer.heard();
      beQuiet();
      assertThat(wire.downloaded()).isEqualTo(4L * i);
      assertThat(wire.uploaded()).isEqualTo(8L * i);
      assertThat(wire.wasted()).isEqualTo(2L * i);
      assertThat(wire.downloadSpeed()).isZero();
      assertThat(wire.uploadSpeed()).isZero();
      assertThat(wire.toString()).contains("0 requests; peer").contains("0 requests]");
    }
    events.assertNothingMore();
  }

  @Test
  void whatIsPendingIsPendingStill() {
    wire.request(0, 0, 4, events.callback());
    peer.says(new Message.Request(1, 0, 8));
    events.expect("request 1 0 8");
    peer.heard();
    beQuiet();
    assertThat(wire.requestCount()).isEqualTo(1);
    assertThat(wire.respond(1, 0, ByteBuffer.allocate(8))).isTrue();
    peer.says(new Message.Piece(0, 0, ByteBuffer.allocate(4)));
    events.expect("piece 0 0 4", "ended BLOCK 0 0 4").assertNothingMore();
  }

  @Test
  void aBlockThatIsCutGoesOn() {
    wire.request(0, 0, 40, events.callback());
    byte[] piece = WireBytes.of(new Message.Piece(0, 0, ByteBuffer.allocate(40)));
    peer.says(Arrays.copyOf(piece, 30)).heard();
    beQuiet();
    assertThat(wire.cancel(0, 0, 40)).isTrue();
    wire.request(0, 0, 40, events.callback());
    peer.says(Arrays.copyOfRange(piece, 30, piece.length));
    events.expect("ended CANCELLED 0 0 0", "piece 0 0 40", "ended BLOCK 0 0 40");
    events.assertNothingMore();
  }

  @Test
  void aHeadThatIsCutGoesOn() {
    peer.says("000000").advance(Duration.ofSeconds(50)).says("05 04 0000");
    peer.says("0007");
    events.expect("have 7").assertNothingMore();
  }

  @Test
  void c15_aLateBlockIsStillTakenForOne() {
    wire.request(0, 0, 4, events.callback());
    wire.cancel(0, 0, 4);
    peer.heard();
    beQuiet();
    events.expect("ended CANCELLED 0 0 0");
    peer.says(new Message.Piece(0, 0, ByteBuffer.allocate(4)));
    events.assertNothingMore();
    assertThat(wire.wasted()).isEqualTo(4);
  }

  @Test
  void c12_requestsWhileChokedAreStillCounted() {
    wire.choke();
    for (int i = 0; i < 300; i++) {
      peer.says(new Message.Request(0, i, 1));
    }
    peer.heard();
    beQuiet();
    events.assertNothingMore();
    peer.says(new Message.Request(0, 300, 1));
    events.expect("close REQUEST_FLOOD").assertNothingMore();
  }

  @Test
  void noKeepAliveIsPutBehindWhatThePeerDoesNotTake() {
    peer.stopsReading();
    wire.have(1);
    peer.advance(Duration.ofSeconds(59));
    assertThat(wire.transport().pending()).isEqualTo(9);
    events.assertNothingMore();
    peer.advance(Duration.ofSeconds(1));
    events.expect("close SEND_STALLED").assertNothingMore();
  }
}
