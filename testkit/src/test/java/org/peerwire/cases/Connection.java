package org.peerwire.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.ViolationReport;
import org.peerwire.frame.Message;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** A wire of ours with a hostile peer, behind the handshakes. */
final class Connection {
  static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  static final PeerId THEIRS = PeerId.ofAscii("-XX0000-bbbbbbbbbbbb");

  /** 20 pieces of 64 KiB, the last one of 20,000 bytes: a bitfield has 3 bytes and 4 spare bits. */
  static final PieceLayout LAYOUT = PieceLayout.of(19 * 65_536L + 20_000, 65_536);

  static final long FAST = Feature.FAST.mask();
  static final Message HAVE_NONE = new Message.HaveNone();

  final EventRecorder events;
  final PeerWire wire;
  final ScriptedPeer peer;

  private Connection(Way way, WireOptions.Builder options) {
    events = new EventRecorder();
    wire = new PeerWire(events, options.profile(way.profile()).build());
    peer = new ScriptedPeer(wire).cut(way.cutter());
  }

  /** Nothing was said yet. */
  static Connection fresh(Way way) {
    return new Connection(way, WireOptions.builder());
  }

  /** Fast extension, and both have said that they have nothing. */
  static Connection open(Way way) {
    Connection open = open(way, FAST, LAYOUT);
    open.peer.says(HAVE_NONE);
    open.events.expect("bitfield 0 of 20");
    return open;
  }

  /** Without the fast extension, and nobody has said anything but the handshake. */
  static Connection openWithoutFast(Way way) {
    return open(way, 0, LAYOUT);
  }

  /** The handshakes are done. */
  static Connection open(Way way, long reserved, @Nullable PieceLayout layout) {
    return open(way, WireOptions.builder(), reserved, layout);
  }

  static Connection open(
      Way way, WireOptions.Builder options, long reserved, @Nullable PieceLayout layout) {
    Connection open = new Connection(way, options);
    open.wire.handshake(TORRENT, OURS);
    open.peer.says(theirs(reserved));
    open.events.expect("info-hash " + TORRENT, "handshake " + TORRENT + " " + THEIRS);
    if (layout != null) {
      open.wire.layout(layout);
    }
    assertThat(open.peer.heard()).hasSize(1);
    return open;
  }

  static Message theirs(long reserved) {
    return new Message.Handshake(new Handshake(reserved, TORRENT, THEIRS));
  }

  static PieceSet allPieces() {
    PieceSet all = new PieceSet(LAYOUT.pieceCount());
    all.addAll();
    return all;
  }

  /** We have every piece and serve them. */
  Connection serving() {
    wire.bitfield(allPieces());
    wire.unchoke();
    assertThat(peer.heard()).hasSize(2);
    return this;
  }

  /** The peer unchokes us, and we ask for blocks of 16 KiB of piece 0. */
  Connection asking(int blocks) {
    peer.says(new Message.Unchoke());
    events.expect("unchoke");
    for (int i = 0; i < blocks; i++) {
      assertThat(wire.request(0, i << 14, 1 << 14, events.callback())).isTrue();
    }
    peer.heard();
    return this;
  }

  static Message block(int piece, int begin, int length) {
    return new Message.Piece(piece, begin, ByteBuffer.allocate(length));
  }

  static Message request(int piece, int begin, int length) {
    return new Message.Request(piece, begin, length);
  }

  static Message reject(int piece, int begin, int length) {
    return new Message.RejectRequest(piece, begin, length);
  }

  /** These events were raised and no other; the wire is open. */
  void raised(String... expected) {
    events.expect(expected).assertNothingMore();
    assertThat(wire.closeCause()).isNull();
  }

  /**
   * These events were raised, the last of them the close; nothing that comes after changes
   * anything.
   */
  void closed(String... expected) {
    peer.heard();
    events.expect(expected).assertNothingMore();
    CloseCause cause = wire.closeCause();
    assertThat(cause).isNotNull();
    long said = peer.bytesHeard();
    peer.says("00000000 00000001 01 00000005 04 00000001").advance(Duration.ofMinutes(10));
    peer.ends().fails("late");
    events.assertNothingMore();
    assertThat(wire.closeCause()).isSameAs(cause).isSameAs(events.cause());
    assertThat(peer.bytesHeard()).isEqualTo(said);
  }

  /** The violation that closed the wire. */
  ViolationReport violation() {
    if (wire.closeCause() instanceof CloseCause.Violated violated) {
      return violated.report();
    }
    throw new AssertionError("closed by " + wire.closeCause());
  }
}
