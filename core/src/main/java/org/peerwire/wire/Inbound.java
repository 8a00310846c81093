package org.peerwire.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.Violation;
import org.peerwire.frame.FrameSink;
import org.peerwire.frame.MessageId;

/** Applies what the peer says to the peer's side, and raises the events. */
final class Inbound implements FrameSink {
  private final PeerWire wire;
  private final Side remote;
  private final Side local;

  /** Whose payload streams in, unless it is that of a block. */
  private @Nullable UnknownMessage unknown;

  Inbound(PeerWire wire) {
    this.wire = wire;
    remote = wire.remote;
    local = wire.local;
  }

  @Override
  public void infoHash(long reservedBits, InfoHash hash) {
    InfoHash expected = wire.handshaking().firstHalf(reservedBits, hash, local.handshake);
    if (expected != null) {
      wire.conduct.fail(Violation.INFO_HASH_MISMATCH, hash + " instead of " + expected);
      return;
    }
    wire.listener.onInfoHash(wire, hash, reservedBits);
  }

  @Override
  public void peerId(PeerId peerId) {
    Handshaking handshaking = wire.handshaking();
    Handshake ours = local.handshake;
    if (ours != null && ours.peerId().equals(peerId)) {
      wire.conduct.fail(Violation.SELF_CONNECTION, "");
      return;
    }
    PeerId expected = handshaking.expectedPeerId;
    if (expected != null && !expected.equals(peerId)) {
      wire.conduct.tolerates(Violation.PEER_ID_MISMATCH, peerId + " instead of " + expected);
    }
    Handshake handshake = handshaking.secondHalf(peerId, ours);
    wire.shaken(handshake);
    wire.listener.onHandshake(wire, handshake);
  }

  @Override
  public void keepAlive() {
    wire.conduct.keepAlive();
    wire.listener.onKeepAlive(wire);
  }

  @Override
  public void choke() {
    if (refuses(remote.word()) || remote.choking) {
      return;
    }
    remote.choking = true;
    wire.listener.onChoke(wire);
    if (!wire.terms.fast && wire.downloads != null) {
      wire.downloads.choked();
    }
  }

  @Override
  public void unchoke() {
    if (refuses(remote.word()) || !remote.choking) {
      return;
    }
    remote.choking = false;
    wire.listener.onUnchoke(wire);
  }

  @Override
  public void interested() {
    if (refuses(remote.word()) || remote.interested) {
      return;
    }
    remote.interested = true;
    wire.listener.onInterested(wire);
  }

  @Override
  public void notInterested() {
    if (refuses(remote.word()) || !remote.interested) {
      return;
    }
    remote.interested = false;
    wire.listener.onNotInterested(wire);
  }

  @Override
  public void have(int piece) {
    if (refuses(remote.word()) || refuses(remote.have(piece), piece)) {
      return;
    }
    if (remote.pieces.add(piece)) {
      wire.listener.onHave(wire, piece);
    }
  }

  @Override
  public void bitfield(ByteBuffer bits) {
    if (refuses(remote.bitfield(bits))) {
      return;
    }
    remote.bitfieldLength = bits.remaining();
    boolean spareBits = remote.pieces.set(bits);
    if (spareBits && refuses(Violation.BITFIELD_SPARE_BITS)) {
      return;
    }
    wire.listener.onBitfield(wire, remote.pieces);
  }

  @Override
  public void haveAll() {
    if (!refuses(remote.haveState(Side.HaveState.ALL))) {
      remote.pieces.addAll();
      wire.listener.onBitfield(wire, remote.pieces);
    }
  }

  @Override
  public void haveNone() {
    if (!refuses(remote.haveState(Side.HaveState.NONE))) {
      remote.pieces.clear();
      wire.listener.onBitfield(wire, remote.pieces);
    }
  }

  @Override
  public void request(int piece, int begin, int length) {
    if (!refuses(remote.word())) {
      wire.uploads().request(piece, begin, length);
    }
  }

  @Override
  public void piece(int piece, int begin, int length) {
    unknown = null;
    if (!refuses(remote.word())) {
      wire.downloads().begin(piece, begin, length);
    }
  }

  @Override
  public void cancel(int piece, int begin, int length) {
    if (!refuses(remote.word()) && wire.uploads != null) {
      wire.uploads.cancel(piece, begin, length);
    }
  }

  @Override
  public void port(int port) {
    if (refuses(remote.word())) {
      return;
    }
    if (port == 0) {
      wire.conduct.tolerates(Violation.PORT_ZERO, "");
    } else {
      wire.listener.onPort(wire, port);
    }
  }

  @Override
  public void suggestPiece(int piece) {
    if (!refuses(remote.word()) && !refuses(remote.hint(piece), piece)) {
      wire.listener.onSuggestPiece(wire, piece);
    }
  }

  @Override
  public void rejectRequest(int piece, int begin, int length) {
    if (!refuses(remote.word()) && !refuses(remote.reject())) {
      wire.downloads().reject(piece, begin, length);
    }
  }

  @Override
  public void allowedFast(int piece) {
    if (!refuses(remote.word()) && !refuses(remote.hint(piece), piece) && remote.allowFast(piece)) {
      wire.listener.onAllowedFast(wire, piece);
    }
  }

  @Override
  public void extended(int extendedId, ByteBuffer payload) {
    if (!refuses(remote.extended())) {
      int from = payload.position();
      int to = payload.limit();
      wire.listener.onExtended(wire, extendedId, payload);
      if (!wire.isClosed()) {
        wire.extensions().received(extendedId, payload.limit(to).position(from));
      }
    }
  }

  @Override
  public void hashRequest(HashRange range) {
    if (!hashes()) {
      return;
    }
    Violation violation = remote.hashRequest(range);
    if (violation == null) {
      wire.listener.onHashRequest(wire, range);
    } else if (wire.conduct.tolerates(violation, describe(range))) {
      wire.hashReject(range);
    }
  }

  @Override
  public void hashes(HashRange range, ByteBuffer hashes) {
    if (!hashes()) {
      return;
    }
    if (!local.answered(range)) {
      wire.conduct.fail(Violation.HASHES_UNREQUESTED, describe(range));
    } else if (hashes.remaining() != range.hashCount() * HashRange.HASH_LENGTH) {
      int count = hashes.remaining() / HashRange.HASH_LENGTH;
      wire.conduct.fail(
          Violation.HASHES_UNREQUESTED, count + " hashes instead of " + range.hashCount());
    } else {
      wire.listener.onHashes(wire, range, hashes);
    }
  }

  @Override
  public void hashReject(HashRange range) {
    if (!hashes()) {
      return;
    }
    if (local.answered(range)) {
      wire.listener.onHashReject(wire, range);
    } else {
      wire.conduct.tolerates(Violation.HASH_REJECT_UNREQUESTED, describe(range));
    }
  }

  @Override
  public void unknown(int id, int length) {
    unknown = null;
    // Whether an unknown message may come first is for whoever invented it to say.
    String detail = MessageId.name(id) + ", " + length + " bytes";
    if (wire.conduct.tolerates(Violation.UNKNOWN_MESSAGE, detail)) {
      unknown = new UnknownMessage(id, length);
      if (length == 0) {
        bytes(Downloads.NO_BLOCK);
      }
    }
  }

  @Override
  public void bytes(ByteBuffer part) {
    UnknownMessage message = unknown;
    if (message != null && message.raise(wire, part)) {
      unknown = null;
    } else if (message == null && wire.downloads != null) {
      wire.downloads.bytes(part);
    }
  }

  private boolean hashes() {
    if (refuses(remote.word())) {
      return false;
    }
    if (!wire.isOpen() || !wire.terms.hasHashes()) {
      String detail = wire.terms.layout == null ? "the torrent is not known yet" : "";
      wire.conduct.fail(Violation.HASH_NOT_NEGOTIATED, detail);
      return false;
    }
    return true;
  }

  private static String describe(HashRange range) {
    return Integer.toUnsignedString(range.length())
        + " hashes from "
        + Integer.toUnsignedString(range.index())
        + " of layer "
        + Integer.toUnsignedString(range.baseLayer())
        + " with "
        + Integer.toUnsignedString(range.proofLayers())
        + " proof layers";
  }

  /**
   * Whether there is a violation and the message is not to be applied. What is tolerated once is
   * applied.
   */
  private boolean refuses(@Nullable Violation violation) {
    return violation != null && !wire.conduct.tolerates(violation, "");
  }

  /** As {@link #refuses(Violation)}, for a piece that does not exist: it is never applied. */
  private boolean refuses(@Nullable Violation violation, int piece) {
    if (violation == null) {
      return false;
    }
    wire.conduct.tolerates(violation, "piece " + Integer.toUnsignedString(piece));
    return true;
  }
}
