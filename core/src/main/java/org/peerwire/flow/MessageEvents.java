package org.peerwire.flow;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.ViolationReport;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.frame.Message;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * Makes a message of each event that stands for one, and passes every event on. Messages wait until
 * they are taken, in bounds: {@link #room} tells how much the wire may read. Belongs to the loop.
 */
final class MessageEvents implements PeerListener {
  /** How many messages may wait. */
  static final int MOST = 1000;

  /** From how many waiting bytes of blocks and payloads on nothing is read. */
  static final int MOST_BYTES = 256 << 10;

  /** No message is shorter on the wire. */
  private static final int SHORTEST = 4;

  private final Queue<Message> waiting = new ArrayDeque<>();
  private PeerListener next;
  private int bytes;
  private boolean stopped;
  private @Nullable ByteBuffer unknown;
  private @Nullable CloseCause cause;

  private MessageEvents(PeerListener next) {
    this.next = next;
  }

  /** Takes the place of the wire's listener. */
  static MessageEvents of(PeerWire wire) {
    MessageEvents events = new MessageEvents(wire.listener());
    wire.handOver(events);
    return events;
  }

  /** Takes its place again, if the application has handed the wire over meanwhile. */
  void keepPlace(PeerWire wire) {
    PeerListener now = wire.listener();
    if (now != this) {
      next = now;
      wire.handOver(this);
    }
  }

  /**
   * How many bytes the wire may read, so that no more than {@link #MOST} messages wait: none until
   * half of them are taken, so that it does not read in crumbs.
   */
  int room() {
    if (stopped) {
      return Integer.MAX_VALUE;
    }
    boolean full = waiting.size() > MOST / 2 || bytes >= MOST_BYTES;
    // One that has begun may end with the first byte.
    return full ? 0 : SHORTEST * (MOST - 1 - waiting.size());
  }

  @Nullable Message poll() {
    Message message = waiting.poll();
    if (message != null) {
      bytes -= size(message);
    }
    return message;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** How the wire ended; null while it has not. */
  @Nullable CloseCause cause() {
    return cause;
  }

  /** Nobody takes messages any more. */
  void stop() {
    stopped = true;
    waiting.clear();
    bytes = 0;
    unknown = null;
  }

  @Override
  public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
    pass(wire, to -> to.onInfoHash(wire, infoHash, reserved));
  }

  @Override
  public void onHandshake(PeerWire wire, Handshake handshake) {
    add(new Message.Handshake(handshake));
    pass(wire, to -> to.onHandshake(wire, handshake));
  }

  @Override
  public void onKeepAlive(PeerWire wire) {
    add(new Message.KeepAlive());
    pass(wire, to -> to.onKeepAlive(wire));
  }

  @Override
  public void onChoke(PeerWire wire) {
    add(new Message.Choke());
    pass(wire, to -> to.onChoke(wire));
  }

  @Override
  public void onUnchoke(PeerWire wire) {
    add(new Message.Unchoke());
    pass(wire, to -> to.onUnchoke(wire));
  }

  @Override
  public void onInterested(PeerWire wire) {
    add(new Message.Interested());
    pass(wire, to -> to.onInterested(wire));
  }

  @Override
  public void onNotInterested(PeerWire wire) {
    add(new Message.NotInterested());
    pass(wire, to -> to.onNotInterested(wire));
  }

  @Override
  public void onHave(PeerWire wire, int piece) {
    add(new Message.Have(piece));
    pass(wire, to -> to.onHave(wire, piece));
  }

  @Override
  public void onBitfield(PeerWire wire, Pieces pieces) {
    add(whatItHas(pieces));
    pass(wire, to -> to.onBitfield(wire, pieces));
  }

  @Override
  public void onRequest(PeerWire wire, int piece, int begin, int length) {
    add(new Message.Request(piece, begin, length));
    pass(wire, to -> to.onRequest(wire, piece, begin, length));
  }

  @Override
  public void onCancel(PeerWire wire, int piece, int begin, int length) {
    add(new Message.Cancel(piece, begin, length));
    pass(wire, to -> to.onCancel(wire, piece, begin, length));
  }

  @Override
  public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
    add(new Message.Piece(piece, begin, block));
    pass(wire, to -> to.onPiece(wire, piece, begin, block));
  }

  @Override
  public void onReject(PeerWire wire, int piece, int begin, int length) {
    add(new Message.RejectRequest(piece, begin, length));
    pass(wire, to -> to.onReject(wire, piece, begin, length));
  }

  @Override
  public void onTimeout(PeerWire wire) {
    pass(wire, to -> to.onTimeout(wire));
  }

  @Override
  public void onSuggestPiece(PeerWire wire, int piece) {
    add(new Message.SuggestPiece(piece));
    pass(wire, to -> to.onSuggestPiece(wire, piece));
  }

  @Override
  public void onAllowedFast(PeerWire wire, int piece) {
    add(new Message.AllowedFast(piece));
    pass(wire, to -> to.onAllowedFast(wire, piece));
  }

  @Override
  public void onPort(PeerWire wire, int port) {
    add(new Message.Port(port));
    pass(wire, to -> to.onPort(wire, port));
  }

  @Override
  public void onExtended(PeerWire wire, int extendedId, ByteBuffer payload) {
    add(new Message.Extended(extendedId, payload));
    pass(wire, to -> to.onExtended(wire, extendedId, payload));
  }

  @Override
  public void onExtensionHandshake(PeerWire wire, ExtensionHandshake peer) {
    pass(wire, to -> to.onExtensionHandshake(wire, peer));
  }

  @Override
  public void onHashRequest(PeerWire wire, HashRange range) {
    add(new Message.HashRequest(range));
    pass(wire, to -> to.onHashRequest(wire, range));
  }

  @Override
  public void onHashes(PeerWire wire, HashRange range, ByteBuffer hashes) {
    add(new Message.Hashes(range, hashes));
    pass(wire, to -> to.onHashes(wire, range, hashes));
  }

  @Override
  public void onHashReject(PeerWire wire, HashRange range) {
    add(new Message.HashReject(range));
    pass(wire, to -> to.onHashReject(wire, range));
  }

  @Override
  public void onUnknownMessage(PeerWire wire, int id, int length, int offset, ByteBuffer part) {
    collect(id, length, offset, part);
    pass(wire, to -> to.onUnknownMessage(wire, id, length, offset, part));
  }

  @Override
  public void onDownload(PeerWire wire, int count) {
    pass(wire, to -> to.onDownload(wire, count));
  }

  @Override
  public void onUpload(PeerWire wire, int count) {
    pass(wire, to -> to.onUpload(wire, count));
  }

  @Override
  public void onViolation(PeerWire wire, ViolationReport report) {
    pass(wire, to -> to.onViolation(wire, report));
  }

  @Override
  public void onDrained(PeerWire wire) {
    pass(wire, to -> to.onDrained(wire));
  }

  @Override
  public void onClose(PeerWire wire, CloseCause why) {
    cause = why;
    unknown = null;
    pass(wire, to -> to.onClose(wire, why));
  }

  private void pass(PeerWire wire, Consumer<PeerListener> event) {
    event.accept(next);
    keepPlace(wire);
  }

  private void add(Message message) {
    if (!stopped) {
      waiting.add(message);
      bytes += size(message);
    }
  }

  /** A payload that comes in parts; held for as much of it as has come, twice at the most. */
  private void collect(int id, int length, int offset, ByteBuffer part) {
    if (stopped) {
      return;
    }
    int end = offset + part.remaining();
    ByteBuffer whole = offset == 0 ? null : unknown;
    if (whole == null) {
      whole = ByteBuffer.allocate(end);
    } else if (whole.capacity() < end) {
      ByteBuffer larger = ByteBuffer.allocate(Math.min(length, 2 * end));
      whole = larger.put(whole.flip());
    }
    whole.put(part.duplicate());
    if (end == length) {
      unknown = null;
      add(new Message.Unknown(id, whole.flip()));
    } else {
      unknown = whole;
    }
  }

  private static Message whatItHas(Pieces pieces) {
    if (pieces.isFull()) {
      return new Message.HaveAll();
    }
    if (pieces.isEmpty()) {
      return new Message.HaveNone();
    }
    if (pieces.size() != Pieces.UNKNOWN) {
      ByteBuffer bits = ByteBuffer.allocate(PieceSet.bitfieldLength(pieces.size()));
      pieces.writeBitfield(bits);
      return new Message.Bitfield(bits.flip());
    }
    int last = 0;
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      last = piece;
    }
    byte[] bits = new byte[PieceSet.bitfieldLength(last + 1)];
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      bits[piece >> 3] |= (byte) (0x80 >> (piece & 7));
    }
    return new Message.Bitfield(ByteBuffer.wrap(bits));
  }

  private static int size(Message message) {
    if (message instanceof Message.Piece piece) {
      return piece.block().remaining();
    } else if (message instanceof Message.Extended extended) {
      return extended.payload().remaining();
    } else if (message instanceof Message.Bitfield bitfield) {
      return bitfield.bits().remaining();
    } else if (message instanceof Message.Hashes hashes) {
      return hashes.hashes().remaining();
    } else if (message instanceof Message.Unknown other) {
      return other.payload().remaining();
    }
    return 0;
  }
}
