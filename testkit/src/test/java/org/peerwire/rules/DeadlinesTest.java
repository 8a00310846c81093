package org.peerwire.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.frame.Message;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.testkit.VirtualTime;
import org.peerwire.wire.PeerWire;

/** Z27: whatever the clock shows at first, also if it wraps, only differences of time count. */
class DeadlinesTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  private static final PeerId THEIRS = PeerId.ofAscii("-XX0000-bbbbbbbbbbbb");
  private static final long SECOND = 1_000_000_000L;

  private final EventRecorder events = new EventRecorder();
  private final PeerWire wire = new PeerWire(events);

  private ScriptedPeer open(long start) {
    return open(new VirtualTime(start));
  }

  private ScriptedPeer open(VirtualTime time) {
    wire.handshake(TORRENT, OURS);
    ScriptedPeer peer = new ScriptedPeer(wire, time);
    peer.says(new Message.Handshake(new Handshake(0, TORRENT, THEIRS)), new Message.Unchoke());
    events.expect("info-hash " + TORRENT, "handshake " + TORRENT + " " + THEIRS, "unchoke");
    peer.heard();
    return peer;
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, -1, 42, Long.MAX_VALUE - 9 * SECOND, Long.MAX_VALUE - 5 * SECOND, Long.MIN_VALUE})
  void theHandshakeHasTenSeconds(long start) {
    ScriptedPeer peer = new ScriptedPeer(wire, new VirtualTime(start));
    peer.advance(Duration.ofNanos(10 * SECOND - 1));
    events.assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("close HANDSHAKE_TIMEOUT").assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 100 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE})
  void silenceHas150Seconds(long start) {
    ScriptedPeer peer = open(start);
    peer.advance(Duration.ofSeconds(100)).says(new byte[4]);
    peer.advance(Duration.ofNanos(150 * SECOND - 1));
    events.expect("keep-alive").assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("close IDLE").assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 30 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE})
  void aMessageBegunHas60Seconds(long start) {
    ScriptedPeer peer = open(start).says("00");
    peer.advance(Duration.ofNanos(60 * SECOND - 1));
    events.assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("close FRAME_STALLED").assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 30 * SECOND})
  void aLargeMessageHasASecondForEachKibibyte(long start) {
    ScriptedPeer peer = open(start).says("00040000 63");
    events.expect("violation UNKNOWN_MESSAGE");
    for (int i = 0; i < 255; i++) {
      peer.advance(Duration.ofSeconds(1)).says("00");
      events.expect("unknown 99 262143 " + i + " 00");
    }
    events.assertNothingMore();
    peer.advance(Duration.ofSeconds(1));
    events.expect("close FRAME_STALLED").assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 30 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE})
  void whatWaitsToBeSentHas60SecondsFromTheLastProgress(long start) {
    ScriptedPeer peer = open(start).stopsReading();
    peer.advance(Duration.ofSeconds(20));
    wire.have(1);
    peer.advance(Duration.ofSeconds(59)).reads().stopsReading();
    wire.have(2);
    peer.advance(Duration.ofNanos(60 * SECOND - 1));
    events.assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("close SEND_STALLED").assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 3 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE})
  void aRequestHasItsTime(long start) {
    ScriptedPeer peer = open(start);
    wire.requestTimeout(Duration.ofSeconds(5));
    peer.advance(Duration.ofSeconds(2));
    wire.request(0, 0, 1, events.callback());
    wire.request(0, 1, 1, events.callback());
    peer.advance(Duration.ofNanos(5 * SECOND - 1));
    events.assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("ended TIMED_OUT 0 0 0", "timeout").assertNothingMore();
    peer.advance(Duration.ofNanos(5 * SECOND - 1));
    events.assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("ended TIMED_OUT 0 1 0", "timeout").assertNothingMore();
    // Both may still come, for two minutes.
    peer.advance(Duration.ofSeconds(100));
    peer.says(new Message.Piece(0, 0, ByteBuffer.allocate(1)));
    events.assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 30 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE})
  void aKeepAliveLeavesWhenNothingElseDid(long start) {
    ScriptedPeer peer = open(start);
    wire.keepAlive(Duration.ofSeconds(45));
    peer.advance(Duration.ofNanos(45 * SECOND - 1)).hears();
    peer.advance(Duration.ofNanos(1)).hears(new Message.KeepAlive());
    peer.advance(Duration.ofSeconds(44));
    wire.have(1);
    peer.hears(new Message.Have(1)).advance(Duration.ofSeconds(44)).hears();
    peer.advance(Duration.ofSeconds(1)).hears(new Message.KeepAlive());
    events.assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 10 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE})
  void speedsGrowAndFade(long start) {
    ScriptedPeer peer = open(start);
    wire.unchoke();
    assertThat(wire.downloadSpeed()).isZero();
    assertThat(wire.uploadSpeed()).isZero();
    List<Double> down = new ArrayList<>();
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 10; i++) {
        wire.request(0, i * 1000, 1000, null);
        peer.says(new Message.Piece(0, i * 1000, ByteBuffer.allocate(1000)));
        peer.says(new Message.Request(0, i * 500, 500));
        wire.respond(0, i * 500, ByteBuffer.allocate(500));
        peer.advance(Duration.ofMillis(100));
      }
      down.add(wire.downloadSpeed());
    }
    assertThat(down).isSorted();
    assertThat(wire.downloadSpeed()).isBetween(9_500.0, 10_500.0);
    assertThat(wire.uploadSpeed()).isBetween(4_750.0, 5_250.0);
    peer.advance(Duration.ofSeconds(5));
    assertThat(wire.downloadSpeed()).isBetween(3_300.0, 4_000.0);
    peer.advance(Duration.ofSeconds(30));
    assertThat(wire.downloadSpeed()).isLessThan(20);
    assertThat(wire.downloaded()).isEqualTo(600_000);
    assertThat(wire.uploaded()).isEqualTo(300_000);
  }

  /** As after a sleep of the machine: everything is overdue, and what came lies unread. */
  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 100 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE})
  void z28_whoStoodStillReadsBeforeAnythingTimesOut(long start) {
    VirtualTime time = new VirtualTime(start);
    ScriptedPeer peer = open(time);
    wire.requestTimeout(Duration.ofSeconds(5));
    wire.request(0, 0, 4, events.callback());
    wire.request(0, 4, 4, events.callback());
    peer.advance(Duration.ofSeconds(1));
    time.advance(Duration.ofHours(8));
    peer.says(new Message.Piece(0, 0, ByteBuffer.allocate(4)));
    peer.says(new Message.Piece(0, 4, ByteBuffer.allocate(4)));
    events.expect("piece 0 0 4", "ended BLOCK 0 0 4", "piece 0 4 4", "ended BLOCK 0 4 4");
    peer.advance(Duration.ofSeconds(100));
    events.assertNothingMore();
  }

  @Test
  void z28_whoHasNothingToReadIsClosedSoonAfter() {
    VirtualTime time = new VirtualTime();
    ScriptedPeer peer = open(time);
    time.advance(Duration.ofHours(8));
    peer.advance(Duration.ofNanos(SECOND - 1));
    events.assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("close IDLE").assertNothingMore();
  }

  @Test
  void z28_whoLooksSeldomClosesASilentPeerAllTheSame() {
    VirtualTime time = new VirtualTime();
    ScriptedPeer peer = open(time);
    for (int looks = 0; looks < 3; looks++) {
      events.assertNothingMore();
      time.advance(Duration.ofMinutes(2));
      peer.advance(Duration.ZERO);
    }
    events.expect("close IDLE").assertNothingMore();
  }

  /** Z11, S17: the silence of a peer that is not read is our own doing. */
  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 100 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE})
  void z11_nothingTimesOutWhileWeReadNothing(long start) {
    ScriptedPeer peer = open(new VirtualTime(start));
    wire.requestTimeout(Duration.ofSeconds(5));
    wire.request(0, 0, 4, events.callback());
    peer.says("00");
    wire.pause(true);
    peer.says("0000");
    assertThat(peer.bytesHeldBack()).isEqualTo(2);
    peer.advance(Duration.ofHours(1));
    events.assertNothingMore();
    wire.pause(false);
    assertThat(peer.bytesHeldBack()).isZero();
    peer.advance(Duration.ofNanos(5 * SECOND - 1));
    events.assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("ended TIMED_OUT 0 0 0", "timeout");
    peer.advance(Duration.ofNanos(55 * SECOND - 1));
    events.assertNothingMore();
    peer.advance(Duration.ofNanos(1));
    events.expect("close FRAME_STALLED").assertNothingMore();
  }

  @Test
  void aHandshakeIsReadToItsEndWhilePaused() {
    wire.pause(true);
    ScriptedPeer peer = open(0);
    peer.says(new Message.Have(1));
    assertThat(peer.bytesHeldBack()).isEqualTo(9);
    wire.pause(false);
    peer.advance(Duration.ZERO);
    events.expect("have 1").assertNothingMore();
  }
}
