package org.peerwire.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.peerwire.BlockRegion;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;

/**
 * Turns the calls of a {@link FrameSink} into bytes, which wait in an {@link Outbox}. Messages are
 * copied; the bytes of a block wait by reference.
 */
public final class FrameWriter implements FrameSink {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] PROTOCOL =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

  private final Outbox out;

  /** A writer into {@code out}. */
  public FrameWriter(Outbox out) {
    this.out = out;
  }

  @Override
  public void infoHash(long reserved, InfoHash infoHash) {
    ByteBuffer target = claim(PROTOCOL.length + Long.BYTES + InfoHash.LENGTH);
    infoHash.writeTo(target.put(PROTOCOL).putLong(reserved));
  }

  @Override
  public void peerId(PeerId peerId) {
    peerId.writeTo(claim(PeerId.LENGTH));
  }

  @Override
  public void keepAlive() {
    int at = out.claim(4);
    INT.set(out.control(), at, 0);
  }

  @Override
  public void choke() {
    plain(MessageId.CHOKE);
  }

  @Override
  public void unchoke() {
    plain(MessageId.UNCHOKE);
  }

  @Override
  public void interested() {
    plain(MessageId.INTERESTED);
  }

  @Override
  public void notInterested() {
    plain(MessageId.NOT_INTERESTED);
  }

  @Override
  public void have(int piece) {
    piece(MessageId.HAVE, piece);
  }

  @Override
  public void bitfield(ByteBuffer bits) {
    head(1 + bits.remaining(), MessageId.BITFIELD).put(bits.duplicate());
  }

  /**
   * {@link MessageId#BITFIELD}, from a set.
   *
   * @throws IllegalStateException if the size of the set is unknown
   */
  public void bitfield(Pieces pieces) {
    int length = PieceSet.bitfieldLength(pieces.size());
    pieces.writeBitfield(head(1 + length, MessageId.BITFIELD));
  }

  @Override
  public void request(int piece, int begin, int length) {
    block(MessageId.REQUEST, piece, begin, length);
  }

  @Override
  public void piece(int piece, int begin, int length) {
    int at = out.claim(13);
    byte[] target = out.control();
    INT.set(target, at, MessageId.PIECE_HEADER + length);
    target[at + 4] = MessageId.PIECE;
    INT.set(target, at + 5, piece);
    INT.set(target, at + 9, begin);
  }

  @Override
  public void cancel(int piece, int begin, int length) {
    block(MessageId.CANCEL, piece, begin, length);
  }

  @Override
  public void port(int port) {
    head(3, MessageId.PORT).putShort((short) port);
  }

  @Override
  public void suggestPiece(int piece) {
    piece(MessageId.SUGGEST_PIECE, piece);
  }

  @Override
  public void haveAll() {
    plain(MessageId.HAVE_ALL);
  }

  @Override
  public void haveNone() {
    plain(MessageId.HAVE_NONE);
  }

  @Override
  public void rejectRequest(int piece, int begin, int length) {
    block(MessageId.REJECT_REQUEST, piece, begin, length);
  }

  @Override
  public void allowedFast(int piece) {
    piece(MessageId.ALLOWED_FAST, piece);
  }

  @Override
  public void extended(int extendedId, ByteBuffer payload) {
    head(2 + payload.remaining(), MessageId.EXTENDED)
        .put((byte) extendedId)
        .put(payload.duplicate());
  }

  @Override
  public void hashRequest(HashRange range) {
    range(HashRange.LENGTH, MessageId.HASH_REQUEST, range);
  }

  @Override
  public void hashes(HashRange range, ByteBuffer hashes) {
    range(HashRange.LENGTH + hashes.remaining(), MessageId.HASHES, range).put(hashes.duplicate());
  }

  @Override
  public void hashReject(HashRange range) {
    range(HashRange.LENGTH, MessageId.HASH_REJECT, range);
  }

  @Override
  public void unknown(int id, int length) {
    head(1 + length, id, 1);
  }

  /**
   * {@inheritDoc}
   *
   * @param part from now on the outbox's, by reference, until it was handed to a transport and sent
   */
  @Override
  public void bytes(ByteBuffer part) {
    out.add(part);
  }

  /** The block announced last, as a region. */
  public void region(BlockRegion region) {
    out.add(region);
  }

  private void plain(int id) {
    int at = out.claim(5);
    byte[] target = out.control();
    INT.set(target, at, 1);
    target[at + 4] = (byte) id;
  }

  private void piece(int id, int piece) {
    int at = out.claim(9);
    byte[] target = out.control();
    INT.set(target, at, 5);
    target[at + 4] = (byte) id;
    INT.set(target, at + 5, piece);
  }

  private void block(int id, int piece, int begin, int length) {
    int at = out.claim(17);
    byte[] target = out.control();
    INT.set(target, at, 13);
    target[at + 4] = (byte) id;
    INT.set(target, at + 5, piece);
    INT.set(target, at + 9, begin);
    INT.set(target, at + 13, length);
  }

  private ByteBuffer range(int payload, int id, HashRange range) {
    return head(1 + payload, id)
        .put(range.piecesRoot().duplicate())
        .putInt(range.baseLayer())
        .putInt(range.index())
        .putInt(range.length())
        .putInt(range.proofLayers());
  }

  /** Room for a rare message, with its length and id written. */
  private ByteBuffer head(int length, int id) {
    return head(length, id, length);
  }

  private ByteBuffer head(int length, int id, int now) {
    return claim(4 + now).putInt(length).put((byte) id);
  }

  private ByteBuffer claim(int length) {
    int at = out.claim(length);
    return ByteBuffer.wrap(out.control(), at, length);
  }
}
