package org.peerwire.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.ViolationReport;
import org.peerwire.frame.Message;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.testkit.WireBytes;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** What verbs, events and listeners may do to each other, and the bounds of the queues. */
class WireRulesTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  private static final PeerId THEIRS = PeerId.ofAscii("-XX0000-bbbbbbbbbbbb");
  private static final long FAST = Feature.FAST.mask();

  private static ScriptedPeer open(PeerWire wire, long reserved) {
    wire.handshake(TORRENT, OURS);
    ScriptedPeer peer = new ScriptedPeer(wire);
    peer.says(new Message.Handshake(new Handshake(reserved, TORRENT, THEIRS)));
    if ((reserved & FAST) != 0) {
      peer.says(new Message.HaveNone());
    }
    return peer;
  }

  // ---------------------------------------------------------------- verbs and events

  @Test
  void everyVerbMayBeCalledInsideEvents() {
    EventRecorder events =
        new EventRecorder(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.interested();
                wire.unchoke();
                wire.allowedFast(1);
                wire.suggestPiece(2);
              }

              @Override
              public void onUnchoke(PeerWire wire) {
                wire.request(0, 0, 4, (outcome, piece, begin, block) -> wire.have(piece));
              }

              @Override
              public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
                wire.request(0, 4, 4, null);
                wire.cancel(0, 4, 4);
              }

              @Override
              public void onRequest(PeerWire wire, int piece, int begin, int length) {
                wire.respond(piece, begin, ByteBuffer.allocate(length));
                wire.notInterested();
              }

              @Override
              public void onInterested(PeerWire wire) {
                wire.choke();
                wire.port(6881);
              }
            });
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, FAST);
    peer.says(
        new Message.Unchoke(),
        new Message.Piece(0, 0, ByteBuffer.allocate(4)),
        new Message.Request(7, 0, 4),
        new Message.Interested());
    assertThat(events.take())
        .endsWith("bitfield 0 of ?", "unchoke", "piece 0 0 4", "request 7 0 4", "interested");
    assertThat(peer.heard())
        .endsWith(
            new Message.HaveNone(),
            new Message.Interested(),
            new Message.Unchoke(),
            new Message.AllowedFast(1),
            new Message.SuggestPiece(2),
            new Message.Request(0, 0, 4),
            new Message.Request(0, 4, 4),
            new Message.Cancel(0, 4, 4),
            new Message.Have(0),
            new Message.Piece(7, 0, ByteBuffer.allocate(4)),
            new Message.NotInterested(),
            new Message.Choke(),
            new Message.Port(6881));
  }

  @Test
  void noEventIsRaisedFromInsideAVerb() {
    EventRecorder events = new EventRecorder().withFigures();
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, 0).says(new Message.Unchoke(), new Message.Request(0, 0, 4));
    wire.request(0, 0, 4, events.callback());
    peer.heard();
    events.take();
    wire.cancel(0, 0, 4);
    wire.unchoke();
    wire.close();
    events.assertNothingMore();
    peer.heard();
    assertThat(events.take()).contains("ended CANCELLED 0 0 0").endsWith("close ByUs");
  }

  @Test
  void verbsBeforeTheHandshakesSayWhatIsMissing() {
    PeerWire wire = new PeerWire(new EventRecorder());
    assertThatThrownBy(wire::unchoke).hasMessage("our handshake comes first");
    assertThatThrownBy(() -> wire.suggestPiece(1)).isInstanceOf(IllegalStateException.class);
    wire.handshake(TORRENT, OURS);
    assertThatThrownBy(() -> wire.handshake(TORRENT, OURS))
        .isInstanceOf(IllegalStateException.class);
    // What does not depend on a feature waits; what does can't be promised yet.
    assertThatThrownBy(() -> wire.suggestPiece(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> wire.allowedFast(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> wire.extended(0, ByteBuffer.allocate(2)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> wire.have(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(wire.request(0, 0, 4)).isCompletedExceptionally();
    PieceSet pieces = new PieceSet(8);
    pieces.add(3);
    wire.bitfield(pieces);
    pieces.add(4);
    wire.interested();
    assertThatThrownBy(() -> wire.bitfield(pieces)).isInstanceOf(IllegalStateException.class);
    ScriptedPeer peer = new ScriptedPeer(wire);
    assertThat(peer.heard()).hasSize(1);
    peer.says(new Message.Handshake(new Handshake(0, TORRENT, THEIRS)));
    peer.hears(
        new Message.Bitfield(ByteBuffer.wrap(WireBytes.hex("10"))), new Message.Interested());
  }

  @Test
  void aFeatureGivenWithTheHandshakeCounts() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events, WireOptions.builder().features(Set.of()).build());
    ScriptedPeer peer = new ScriptedPeer(wire);
    peer.says(new Message.Handshake(new Handshake(FAST, TORRENT, THEIRS)));
    wire.handshake(TORRENT, OURS, Feature.FAST);
    assertThat(wire.supports(Feature.FAST)).isTrue();
    peer.says(new Message.HaveAll());
    assertThat(events.take()).endsWith("bitfield all of ?");
    wire.suggestPiece(1);
    assertThat(peer.heard()).endsWith(new Message.HaveNone(), new Message.SuggestPiece(1));
  }

  @Test
  void noOptionsAndNoBitNoFastExtension() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events, WireOptions.builder().features(Set.of()).build());
    ScriptedPeer peer = open(wire, 0);
    assertThat(wire.supports(Feature.FAST)).isFalse();
    assertThatThrownBy(() -> wire.suggestPiece(1)).isInstanceOf(IllegalStateException.class);
    peer.says(new Message.Have(1));
    assertThat(events.take()).endsWith("have 1");
  }

  @Test
  void weCannotSayWhatAPeerWouldRefuse() {
    PeerWire wire = new PeerWire(new EventRecorder());
    ScriptedPeer peer = open(wire, FAST | Feature.EXTENSION_PROTOCOL.mask());
    wire.layout(PieceLayout.of(100, 10));
    wire.have(9);
    assertThatThrownBy(() -> wire.have(10)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> wire.bitfield(new PieceSet(10)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> wire.request(0, 0, 11, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> wire.request(0, 0, 0, null))
        .isInstanceOf(IllegalArgumentException.class);
    int most = WireOptions.DEFAULT.frames().extended() - 2;
    wire.extended(1, ByteBuffer.allocate(most));
    assertThatThrownBy(() -> wire.extended(1, ByteBuffer.allocate(most + 1)))
        .isInstanceOf(IllegalArgumentException.class);
    HashRange range = new HashRange(ByteBuffer.allocate(32), 0, 0, 2, 0);
    assertThatThrownBy(() -> wire.hashRequest(range)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> wire.hashes(range, ByteBuffer.allocate(33)))
        .isInstanceOf(IllegalArgumentException.class);
    peer.says(new Message.Unchoke());
    wire.request(0, 0, 10, null);
    assertThatThrownBy(() -> wire.request(0, 0, 10, null))
        .isInstanceOf(IllegalStateException.class);
    assertThat(peer.heard()).hasSize(5);
  }

  @Test
  void theTransportMayNotBeCalledInsideAnEvent() {
    EventRecorder events =
        new EventRecorder(
            new PeerListener() {
              @Override
              public void onUnchoke(PeerWire wire) {
                wire.transport().timeout(0);
              }
            });
    PeerWire wire = new PeerWire(events);
    open(wire, 0).says(new Message.Unchoke());
    assertThat(events.take()).endsWith("close ListenerFailed");
    assertThat(wire.closeCause()).asString().contains("inside an event");
  }

  // ---------------------------------------------------------------- listeners that throw

  private static final class Thrower implements PeerListener {
    @Override
    public void onHave(PeerWire wire, int piece) {
      if (piece == 1) {
        throw new IllegalStateException("have 1");
      }
      throw new AssertionError("have " + piece);
    }

    @Override
    public void onViolation(PeerWire wire, ViolationReport report) {
      wire.close();
    }
  }

  @Test
  void aListenerThatThrowsClosesItsWire() {
    EventRecorder events = new EventRecorder(new Thrower());
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, 0).says(new Message.Unchoke());
    wire.request(0, 0, 4, events.callback());
    peer.says(new Message.Have(1), new Message.Choke());
    assertThat(events.take()).endsWith("have 1", "ended CLOSED 0 0 0", "close ListenerFailed");
    CloseCause cause = wire.closeCause();
    peer.says(new Message.Have(2)).ends();
    assertThat(wire.closeCause()).isSameAs(cause);
    events.assertNothingMore();
  }

  @Test
  void anErrorClosesTheWireAndComesOut() {
    EventRecorder events = new EventRecorder(new Thrower());
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, 0);
    Message[] messages = {new Message.Have(2), new Message.Choke()};
    assertThatThrownBy(() -> peer.says(messages)).isInstanceOf(AssertionError.class);
    assertThat(events.take()).endsWith("have 2", "close ListenerFailed");
    peer.says(new Message.Unchoke());
    events.assertNothingMore();
  }

  @Test
  void aCallbackThatThrowsClosesTheWire() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, 0).says(new Message.Unchoke());
    wire.request(
        0,
        0,
        4,
        (outcome, piece, begin, block) -> {
          throw new IllegalStateException("mine");
        });
    peer.says(new Message.Piece(0, 0, ByteBuffer.allocate(4)));
    assertThat(events.take()).endsWith("piece 0 0 4", "close ListenerFailed");
    assertThat(wire.closeCause()).asString().contains("mine");
  }

  @Test
  void aCallbackThatThrowsAtTheEndKeepsNobodyFromBeingTold() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, 0).says(new Message.Unchoke());
    for (int i = 0; i < 3; i++) {
      wire.request(
          0,
          i,
          1,
          (outcome, piece, begin, block) -> {
            events.callback().ended(outcome, piece, begin, block);
            throw new IllegalStateException("at " + begin);
          });
    }
    assertThatThrownBy(peer::ends).isInstanceOf(IllegalStateException.class).hasMessage("at 0");
    assertThat(events.take())
        .endsWith("ended CLOSED 0 0 0", "ended CLOSED 0 1 0", "ended CLOSED 0 2 0", "close ByPeer");
    peer.advance(Duration.ofMinutes(5));
    events.assertNothingMore();
  }

  @Test
  void aListenerMayCloseInsideAViolation() {
    EventRecorder events = new EventRecorder(new Thrower());
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, FAST);
    wire.unchoke();
    // Fast is on and this request is refused: nothing more is said after the close.
    peer.says(new Message.Request(-1, 0, 4), new Message.Have(1));
    assertThat(events.take()).endsWith("violation REQUEST_OUT_OF_RANGE", "close ByUs");
    assertThat(wire.closeCause()).isEqualTo(new CloseCause.ByUs());

    EventRecorder late = new EventRecorder(new Thrower());
    PeerWire other = new PeerWire(late);
    other.handshake(TORRENT, OURS);
    // The very first word is late already, and it is a request at that.
    new ScriptedPeer(other)
        .says(
            new Message.Handshake(new Handshake(FAST, TORRENT, THEIRS)),
            new Message.Request(0, 0, 4));
    assertThat(late.take()).endsWith("violation HAVE_STATE_MISSING", "close ByUs");
    assertThat(other.closeCause()).isEqualTo(new CloseCause.ByUs());
  }

  // ---------------------------------------------------------------- queues and windows

  @Test
  void thePeersQueueIsBounded() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, FAST);
    wire.unchoke();
    peer.heard();
    for (int i = 0; i < 250; i++) {
      peer.says(new Message.Request(0, i * 1000, 1000));
    }
    assertThat(wire.peerRequests()).hasSize(250);
    peer.hears();
    peer.says(new Message.Request(0, 250_000, 1000));
    peer.hears(new Message.RejectRequest(0, 250_000, 1000));
    wire.respond(0, 0, ByteBuffer.allocate(1000));
    peer.says(new Message.Request(0, 251_000, 1000));
    peer.hears(new Message.Piece(0, 0, ByteBuffer.allocate(1000)));
    assertThat(wire.peerRequests()).hasSize(250).endsWith(new Block(0, 251_000, 1000));
  }

  @Test
  void weAreAskedOnlyForAWindow() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events, WireOptions.builder().uploadWindow(40_000).build());
    ScriptedPeer peer = open(wire, 0);
    wire.unchoke();
    peer.heard();
    peer.stopsReading();
    for (int i = 0; i < 10; i++) {
      peer.says(new Message.Request(i, 0, 16_384));
    }
    assertThat(events.take()).endsWith("request 0 0 16384", "request 1 0 16384");
    for (int i = 0; i < 10; i++) {
      int piece = i;
      boolean asked = wire.peerRequests().get(0).piece() == piece;
      assertThat(asked).isTrue();
      wire.respond(piece, 0, ByteBuffer.allocate(16_384));
      // What waits to be sent counts as what we were asked for: nothing more is asked.
      events.assertNothingMore();
      if (i > 0) {
        peer.reads().stopsReading();
        List<String> next = new ArrayList<>(events.take());
        assertThat(next).hasSizeLessThanOrEqualTo(2).allMatch(line -> line.startsWith("request "));
      }
    }
    assertThat(wire.uploaded()).isEqualTo(10 * 16_384);
  }

  @Test
  void aBlockLargerThanTheWindowIsAskedForAlone() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events, WireOptions.builder().uploadWindow(1).build());
    ScriptedPeer peer = open(wire, 0);
    wire.unchoke();
    peer.says(new Message.Request(0, 0, 16_384), new Message.Request(1, 0, 16_384));
    assertThat(events.take()).endsWith("request 0 0 16384");
    wire.respond(0, 0, ByteBuffer.allocate(16_384));
    peer.heard();
    events.expect("request 1 0 16384").assertNothingMore();
  }

  @Test
  void ourOwnQueueIsBounded() {
    PeerWire wire = new PeerWire(new EventRecorder(), WireOptions.builder().maxRequests(2).build());
    ScriptedPeer peer = open(wire, 0).says(new Message.Unchoke());
    assertThat(wire.request(0, 0, 1, null)).isTrue();
    assertThat(wire.request(0, 1, 1, null)).isTrue();
    assertThat(wire.request(0, 2, 1, null)).isFalse();
    assertThat(wire.request(0, 2, 1)).isCompletedExceptionally();
    peer.says(new Message.Piece(0, 1, ByteBuffer.allocate(1)));
    assertThat(wire.request(0, 2, 1, null)).isTrue();
    assertThat(wire.requests()).containsExactly(new Block(0, 0, 1), new Block(0, 2, 1));
  }

  @Test
  void drainedIsRaisedWhenNothingWaitsAnyMore() {
    EventRecorder events = new EventRecorder().withFigures();
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, 0);
    events.take();
    peer.stopsReading();
    wire.have(1);
    wire.unchoke();
    peer.says(new Message.Request(0, 0, 4));
    events.expect("request 0 0 4");
    wire.respond(0, 0, ByteBuffer.allocate(4));
    peer.advance(Duration.ofSeconds(1));
    events.assertNothingMore();
    peer.reads();
    events.expect("upload 4", "drained").assertNothingMore();
  }

  @Test
  void aTransportThatMayNotReadHoldsNothingAgainstThePeer() {
    EventRecorder events = new EventRecorder();
    PeerWire wire = new PeerWire(events, WireOptions.builder().controlWindow(9).build());
    ScriptedPeer peer = open(wire, 0);
    events.take();
    peer.stopsReading();
    // The peer is in the middle of a message when we stop reading.
    peer.says("0000");
    wire.have(1);
    assertThat(wire.transport().wantsInput()).isFalse();
    peer.says("0000");
    peer.advance(Duration.ofSeconds(59)).reads().stopsReading();
    events.expect("keep-alive").assertNothingMore();
    assertThat(wire.isClosed()).isFalse();
  }

  @Test
  void aBlockGivenUpWhileItStreamsIsWholeWhenAskedForAnew() {
    EventRecorder events = new EventRecorder();
    List<String> got = new ArrayList<>();
    PeerWire wire = new PeerWire(events);
    ScriptedPeer peer = open(wire, 0).says(new Message.Unchoke());
    wire.requestTimeout(Duration.ofSeconds(5));
    wire.request(0, 0, 4, events.callback());
    peer.says("0000000d 07 00000000 00000000 6162");
    peer.advance(Duration.ofSeconds(5));
    assertThat(events.take()).endsWith("ended TIMED_OUT 0 0 0", "timeout");
    wire.request(
        0,
        0,
        4,
        (outcome, piece, begin, block) -> {
          byte[] bytes = new byte[block.remaining()];
          block.get(bytes);
          got.add(outcome + " " + new String(bytes, StandardCharsets.US_ASCII));
        });
    peer.says("6364");
    assertThat(got).containsExactly("BLOCK abcd");
  }
}
