package org.peerwire.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.frame.Message;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.testkit.WireBytes;
import org.peerwire.testkit.WirePair;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestFailedException;
import org.peerwire.wire.RequestOutcome;
import org.peerwire.wire.WireOptions;

/**
 * The README of the node module {@code peer-wire-protocol}, section by section and in its order;
 * the calls and events that it names stand above the lines that answer them. Like the module,
 * neither side has the fast extension unless a test says so.
 */
class ReadmeOfTheModelTest {
  private static final InfoHash INFO_HASH = InfoHash.of(WireBytes.hex("\"my info hash--------\""));
  private static final PeerId PEER_ID = PeerId.ofAscii("my peer id----------");
  private static final PeerId THEIR_ID = PeerId.ofAscii("their peer id-------");
  private static final WireOptions LIKE_THE_MODEL =
      WireOptions.builder().features(Set.of(Feature.EXTENSION_PROTOCOL)).build();

  private final EventRecorder events = new EventRecorder();
  private final EventRecorder peerEvents = new EventRecorder();
  private final PeerWire wire = new PeerWire(events, LIKE_THE_MODEL);
  private final PeerWire peer = new PeerWire(peerEvents, LIKE_THE_MODEL);
  private final WirePair pair = new WirePair(wire, peer);

  @BeforeEach
  void shakeHands() {
    wire.handshake(INFO_HASH, PEER_ID);
    peer.handshake(INFO_HASH, THEIR_ID);
    pair.run();
    events.expect("info-hash " + INFO_HASH, "handshake " + INFO_HASH + " " + THEIR_ID);
    peerEvents.expect("info-hash " + INFO_HASH, "handshake " + INFO_HASH + " " + PEER_ID);
  }

  /** Nobody looked away. */
  private void nothingMore() {
    pair.run();
    events.assertNothingMore();
    peerEvents.assertNothingMore();
  }

  private void unchoked() {
    peer.unchoke();
    pair.run();
    events.expect("unchoke");
  }

  /** Its first program: piping, and the answer to a handshake. */
  @Test
  void pipeToAndFromTheProtocol() {
    List<String> printed = new ArrayList<>();
    PeerWire server =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.handshake(INFO_HASH, PEER_ID);
              }

              @Override
              public void onUnchoke(PeerWire wire) {
                printed.add("unchoked; peerChoking is " + wire.peerChoking());
              }
            });
    EventRecorder heard = new EventRecorder();
    PeerWire client = new PeerWire(heard);
    client.handshake(INFO_HASH, THEIR_ID);
    client.unchoke();
    // socket.pipe(wire).pipe(socket);
    new WirePair(server, client).run();
    heard.expect("info-hash " + INFO_HASH, "handshake " + INFO_HASH + " " + PEER_ID);
    assertThat(printed).containsExactly("unchoked; peerChoking is false");
  }

  /** The section on the handshake. */
  @Nested
  class HandshakeSection {
    @Test
    void handshakeIsTheFirstMessage() {
      // wire.handshake(infoHash, peerId, {dht:true});
      // wire.on('handshake', function(infoHash, peerId, extensions) { });
      EventRecorder heard = new EventRecorder();
      PeerWire fresh = new PeerWire(heard);
      assertThatThrownBy(fresh::interested).isInstanceOf(IllegalStateException.class);
      fresh.handshake(INFO_HASH, PEER_ID, Feature.DHT);
      ScriptedPeer other = new ScriptedPeer(fresh);
      long dht = Feature.DHT.mask();
      other.says(new Message.Handshake(new Handshake(dht, INFO_HASH, THEIR_ID)));
      heard.expect("info-hash " + INFO_HASH, "handshake " + INFO_HASH + " " + THEIR_ID);
      heard.assertNothingMore();
      assertThat(fresh.supports(Feature.DHT)).isTrue();
      assertThat(fresh.supports(Feature.FAST)).isFalse();
      assertThat(fresh.peerHandshake()).isEqualTo(new Handshake(dht, INFO_HASH, THEIR_ID));
    }

    @Test
    void infoHashAndPeerIdAre20Bytes() {
      // Both have 20 bytes.
      assertThatThrownBy(() -> InfoHash.of(new byte[19]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> PeerId.of(new byte[21]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(InfoHash.parse(INFO_HASH.toString())).isEqualTo(INFO_HASH);
    }
  }

  /** The section on choking. */
  @Nested
  class ChokingSection {
    @Test
    void bothChokeAtFirst() {
      // wire.peerChoking; wire.amChoking;
      assertThat(wire.peerChoking()).isTrue();
      assertThat(wire.amChoking()).isTrue();
      peer.unchoke();
      pair.run();
      // wire.on('unchoke', function() { });
      events.expect("unchoke");
      assertThat(wire.peerChoking()).isFalse();
      assertThat(peer.amChoking()).isFalse();
      peer.choke();
      pair.run();
      // wire.on('choke', function() { });
      events.expect("choke");
      assertThat(wire.peerChoking()).isTrue();
      nothingMore();
    }

    @Test
    void sayingItAgainSendsNothing() {
      wire.choke();
      assertThat(wire.transport().pending()).isZero();
      wire.unchoke();
      wire.unchoke();
      pair.run();
      peerEvents.expect("unchoke");
      nothingMore();
    }
  }

  /** The section on interest. */
  @Nested
  class InterestSection {
    @Test
    void nobodyIsInterestedAtFirst() {
      // wire.peerInterested; wire.amInterested;
      assertThat(wire.peerInterested()).isFalse();
      assertThat(wire.amInterested()).isFalse();
      peer.interested();
      pair.run();
      // wire.on('interested', function() { });
      events.expect("interested");
      assertThat(wire.peerInterested()).isTrue();
      assertThat(peer.amInterested()).isTrue();
      peer.notInterested();
      pair.run();
      // wire.on('uninterested', function() { });
      events.expect("not-interested");
      assertThat(wire.peerInterested()).isFalse();
      nothingMore();
    }

    @Test
    void sayingItAgainSendsNothing() {
      wire.notInterested();
      assertThat(wire.transport().pending()).isZero();
      wire.interested();
      wire.interested();
      pair.run();
      peerEvents.expect("interested");
      nothingMore();
    }
  }

  /** The section on who has which pieces. */
  @Nested
  class PiecesSection {
    @Test
    void bitfieldAndHave() {
      PieceSet buffer = new PieceSet(12);
      buffer.add(0);
      buffer.add(11);
      // wire.bitfield(buffer);
      peer.bitfield(buffer);
      pair.run();
      // wire.on('bitfield', function(bitfield) { });
      events.expect("bitfield 2 of ?");
      // wire.have(pieceIndex);
      peer.have(5);
      pair.run();
      // wire.on('have', function(pieceIndex) { });
      events.expect("have 5");
      // wire.peerPieces[i];
      for (int i = 0; i < 12; i++) {
        assertThat(wire.peerPieces().contains(i)).isEqualTo(i == 0 || i == 5 || i == 11);
      }
      nothingMore();
    }
  }

  /** The section on requests and answers. */
  @Nested
  class RequestsSection {
    private final ByteBuffer block = ByteBuffer.wrap(WireBytes.hex("\"hello\""));

    @Test
    void aRequestIsAnsweredWithABlock() {
      unchoked();
      // wire.request(pieceIndex, offset, length, function(err, block) { });
      List<String> got = new ArrayList<>();
      wire.request(
          0,
          1,
          5,
          (outcome, piece, begin, bytes) -> {
            assertThat(outcome).isEqualTo(RequestOutcome.BLOCK);
            got.add(piece + " " + begin + " " + bytes.equals(block));
          });
      // wire.requests; wire.peerRequests;
      assertThat(wire.requests()).containsExactly(new Block(0, 1, 5));
      pair.run();
      assertThat(peer.peerRequests()).containsExactly(new Block(0, 1, 5));
      // wire.on('request', function(pieceIndex, offset, length, callback) { callback(null, piece);
      // });
      peerEvents.expect("request 0 1 5");
      assertThat(peer.respond(0, 1, block)).isTrue();
      pair.run();
      events.expect("piece 0 1 5");
      assertThat(got).containsExactly("0 1 true");
      assertThat(wire.requests()).isEmpty();
      assertThat(peer.peerRequests()).isEmpty();
      nothingMore();
    }

    @Test
    void aRequestIsAFutureForThoseWhoPreferThat() throws Exception {
      unchoked();
      CompletableFuture<ByteBuffer> future = wire.request(0, 1, 5);
      pair.run();
      peerEvents.expect("request 0 1 5");
      peer.respond(0, 1, block);
      pair.run();
      events.expect("piece 0 1 5");
      assertThat(future).isCompletedWithValue(ByteBuffer.wrap(WireBytes.hex("\"hello\"")));
      peer.choke();
      pair.run();
      events.expect("choke");
      assertThat(wire.request(0, 1, 5))
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .withCauseInstanceOf(RequestFailedException.class)
          .withMessageContaining("CHOKED");
    }

    @Test
    void aChokeFailsPendingRequests() {
      // Its callback gets an error when the peer chokes.
      unchoked();
      wire.request(0, 0, 5, events.callback());
      wire.request(0, 5, 5, events.callback());
      pair.run();
      peerEvents.expect("request 0 0 5", "request 0 5 5");
      peer.choke();
      pair.run();
      events.expect("choke", "ended CHOKED 0 0 0", "ended CHOKED 0 5 0");
      assertThat(wire.requests()).isEmpty();
      assertThat(peer.peerRequests()).isEmpty();
      nothingMore();
    }

    @Test
    void aRequestWhileChokedFailsAtOnce() {
      assertThat(wire.request(0, 0, 5, events.callback())).isFalse();
      assertThat(wire.transport().pending()).isZero();
      assertThat(wire.requests()).isEmpty();
      nothingMore();
    }

    @Test
    void aRequestAfterCloseSaysSo() {
      unchoked();
      wire.request(0, 0, 5, events.callback());
      pair.run();
      peerEvents.expect("request 0 0 5");
      wire.close();
      pair.run();
      events.expect("ended CLOSED 0 0 0", "close ByUs");
      peerEvents.expect("close ByPeer");
      assertThat(wire.request(0, 0, 5, events.callback())).isFalse();
      assertThat(wire.request(0, 0, 5))
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .withMessageContaining("CLOSED");
      nothingMore();
    }

    @Test
    void cancelFailsTheLocalCallback() {
      unchoked();
      wire.request(0, 0, 5, events.callback());
      pair.run();
      peerEvents.expect("request 0 0 5");
      // wire.cancel(pieceIndex, offset, length);
      assertThat(wire.cancel(0, 0, 5)).isTrue();
      assertThat(wire.cancel(0, 0, 5)).isFalse();
      // No event comes from inside a verb, but from the next call of the transport.
      events.assertNothingMore();
      assertThat(wire.requests()).isEmpty();
      pair.run();
      events.expect("ended CANCELLED 0 0 0");
      peerEvents.expect("cancel 0 0 5");
      nothingMore();
    }

    @Test
    void aLateResponseIsDropped() {
      unchoked();
      wire.request(0, 0, 5, null);
      wire.request(0, 5, 5, null);
      pair.run();
      peerEvents.expect("request 0 0 5", "request 0 5 5");
      wire.cancel(0, 0, 5);
      pair.run();
      peerEvents.expect("cancel 0 0 5");
      assertThat(peer.respond(0, 0, block.duplicate())).isFalse();
      peer.choke();
      assertThat(peer.respond(0, 5, block.duplicate())).isFalse();
      pair.run();
      events.expect("choke");
      assertThat(wire.bytesReceived()).isEqualTo(68 + 5 + 5);
      nothingMore();
    }

    @Test
    void aBlockThatWasCancelledTooLateIsDropped() {
      unchoked();
      wire.request(0, 0, 5, events.callback());
      pair.run();
      peerEvents.expect("request 0 0 5");
      peer.respond(0, 0, block);
      wire.cancel(0, 0, 5);
      pair.run();
      events.expect("ended CANCELLED 0 0 0");
      assertThat(wire.downloaded()).isZero();
      nothingMore();
    }

    @Test
    void aRequestOfAChokedPeerIsNotRaised() {
      unchoked();
      wire.request(0, 0, 5, events.callback());
      // The choke crosses the request.
      peer.choke();
      pair.run();
      events.expect("choke", "ended CHOKED 0 0 0");
      nothingMore();
    }
  }

  /** The section on the request timeout. */
  @Nested
  class TimeoutSection {
    @Test
    void theHeadRequestTimesOutAndTheNextIsArmed() {
      unchoked();
      // wire.setTimeout(5000);
      wire.requestTimeout(Duration.ofSeconds(5));
      wire.request(0, 0, 5, events.callback());
      pair.advance(Duration.ofSeconds(3));
      wire.request(0, 5, 5, events.callback());
      pair.advance(Duration.ofMillis(1999));
      peerEvents.expect("request 0 0 5", "request 0 5 5");
      nothingMore();
      pair.advance(Duration.ofMillis(1));
      // The callback gets an error, and there is an event.
      events.expect("ended TIMED_OUT 0 0 0", "timeout");
      assertThat(wire.requests()).containsExactly(new Block(0, 5, 5));
      pair.advance(Duration.ofMillis(4999));
      nothingMore();
      pair.advance(Duration.ofMillis(1));
      events.expect("ended TIMED_OUT 0 5 0", "timeout");
      pair.advance(Duration.ofSeconds(60));
      nothingMore();
      assertThat(wire.isClosed()).isFalse();
    }

    @Test
    void anAnsweredHeadArmsTheNext() {
      unchoked();
      wire.requestTimeout(Duration.ofSeconds(5));
      wire.request(0, 0, 1, events.callback());
      wire.request(0, 1, 1, events.callback());
      pair.advance(Duration.ofSeconds(4));
      peerEvents.expect("request 0 0 1", "request 0 1 1");
      peer.respond(0, 0, ByteBuffer.allocate(1));
      pair.advance(Duration.ofMillis(4999));
      events.expect("piece 0 0 1", "ended BLOCK 0 0 1");
      nothingMore();
      pair.advance(Duration.ofMillis(1));
      events.expect("ended TIMED_OUT 0 1 0", "timeout");
      nothingMore();
    }

    @Test
    void settingItAgainRearmsTheHead() {
      unchoked();
      wire.request(0, 0, 5, events.callback());
      pair.advance(Duration.ofSeconds(100));
      peerEvents.expect("request 0 0 5");
      wire.requestTimeout(Duration.ofSeconds(5));
      pair.advance(Duration.ofSeconds(4));
      wire.requestTimeout(Duration.ofSeconds(3));
      pair.advance(Duration.ofMillis(2999));
      nothingMore();
      pair.advance(Duration.ofMillis(1));
      events.expect("ended TIMED_OUT 0 0 0", "timeout");
      wire.requestTimeout(Duration.ZERO);
      nothingMore();
    }
  }

  /** The section on the DHT flag and port. */
  @Test
  void port() {
    // wire.port(dhtPort);
    peer.port(6881);
    pair.run();
    // wire.on('port', function(dhtPort) { });
    events.expect("port 6881");
    assertThatThrownBy(() -> wire.port(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> wire.port(65_536)).isInstanceOf(IllegalArgumentException.class);
    nothingMore();
  }

  /** The section on keep-alives. */
  @Nested
  class KeepAliveSection {
    @Test
    void itIsSentEverySixtySeconds() {
      // wire.setKeepAlive(true);
      peer.setKeepAlive(true);
      wire.setKeepAlive(true);
      pair.advance(Duration.ofMillis(59_999));
      nothingMore();
      pair.advance(Duration.ofMillis(1));
      // wire.on('keep-alive', function() { });
      events.expect("keep-alive");
      peerEvents.expect("keep-alive");
      pair.advance(Duration.ofHours(1));
      events.expectTimes(60, "keep-alive");
      peerEvents.expectTimes(60, "keep-alive");
      nothingMore();
    }

    @Test
    void itIsNotSentAtFirstNorWhenSwitchedOff() {
      pair.advance(Duration.ofSeconds(100));
      wire.setKeepAlive(true);
      pair.run();
      peerEvents.expect("keep-alive");
      wire.setKeepAlive(false);
      pair.advance(Duration.ofSeconds(100));
      // And the peer that heard nothing for 150 seconds has not closed yet.
      events.expect("close IDLE");
    }

    @Test
    void itIsNotSentWhereSomethingElseWas() {
      peer.setKeepAlive(true);
      pair.advance(Duration.ofSeconds(59));
      peer.have(1);
      pair.advance(Duration.ofSeconds(59));
      events.expect("have 1");
      nothingMore();
      pair.advance(Duration.ofSeconds(1));
      events.expect("keep-alive");
      nothingMore();
    }
  }

  /** The section on bytes moved. */
  @Test
  void uploadedAndDownloaded() {
    EventRecorder down = new EventRecorder().withFigures();
    EventRecorder up = new EventRecorder().withFigures();
    PeerWire leecher = new PeerWire(down, LIKE_THE_MODEL);
    PeerWire seeder = new PeerWire(up, LIKE_THE_MODEL);
    WirePair both = new WirePair(leecher, seeder);
    leecher.handshake(INFO_HASH, PEER_ID);
    seeder.handshake(INFO_HASH, THEIR_ID);
    seeder.unchoke();
    both.run();
    leecher.request(0, 0, 1000, null);
    leecher.request(0, 1000, 500, null);
    both.run();
    seeder.respond(0, 0, ByteBuffer.allocate(1000));
    seeder.respond(0, 1000, ByteBuffer.allocate(500));
    down.take();
    up.take();
    both.run();
    // wire.uploaded; wire.downloaded;
    assertThat(seeder.uploaded()).isEqualTo(1500);
    assertThat(leecher.downloaded()).isEqualTo(1500);
    // wire.on('download', function(numberOfBytes) { });
    down.expect("piece 0 0 1000", "download 1000", "piece 0 1000 500", "download 500");
    // wire.on('upload', function(numberOfBytes) { });
    up.expect("upload 1500", "drained");
    down.assertNothingMore();
    up.assertNothingMore();
    // Not in its README, but in the module: uploadSpeed(), downloadSpeed().
    assertThat(seeder.uploadSpeed()).isPositive();
    assertThat(leecher.downloadSpeed()).isPositive();
    both.advance(Duration.ofSeconds(100));
    assertThat(seeder.uploadSpeed()).isLessThan(1);
    assertThat(leecher.downloadSpeed()).isLessThan(1);
  }

  /** What the module does and its README leaves out. */
  @Nested
  class BesideTheReadme {
    @Test
    void unknownMessages() {
      EventRecorder heard = new EventRecorder();
      PeerWire one = new PeerWire(heard, LIKE_THE_MODEL);
      one.handshake(INFO_HASH, PEER_ID);
      ScriptedPeer other = new ScriptedPeer(one);
      other.says(new Message.Handshake(new Handshake(0, INFO_HASH, THEIR_ID)));
      heard.expect("info-hash " + INFO_HASH, "handshake " + INFO_HASH + " " + THEIR_ID);
      // wire.on('unknownmessage', function(buffer) { });
      other.says("00000003 63 0102");
      heard.expect("violation UNKNOWN_MESSAGE", "unknown 99 2 0 0102").assertNothingMore();
    }

    @Test
    void extended() {
      // wire.extended(0, {m: {}});
      peer.extended(0, ByteBuffer.wrap(WireBytes.hex("\"d1:mdee\"")));
      pair.run();
      // wire.on('extended', function(id, ext) { });
      events.expect("extended 0 64313a6d646565");
      nothingMore();
    }

    @Test
    void destroyAndFinish() {
      // wire.destroy(); wire.on('close', function() { });
      wire.have(1);
      wire.close();
      assertThatThrownBy(() -> wire.have(2)).isInstanceOf(IllegalStateException.class);
      pair.run();
      events.expect("close ByUs");
      // wire.on('finish', function() { });
      peerEvents.expect("have 1", "close ByPeer");
      assertThat(wire.closeCause()).isEqualTo(new CloseCause.ByUs());
      assertThat(peer.closeCause()).isEqualTo(new CloseCause.ByPeer());
      nothingMore();
    }
  }
}
