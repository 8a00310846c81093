package org.peerwire.frame;

import java.nio.ByteBuffer;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;

/**
 * One call a message, with its fields as they are on the wire. The {@link FrameReader} calls it,
 * the {@link FrameWriter} implements it, so that one piped into the other gives the same bytes
 * again.
 *
 * <p>Order: {@link #infoHash}, {@link #peerId}, then any number of messages. {@link #piece} and
 * {@link #unknown} announce bytes that follow in one or more calls of {@link #bytes}, and no other
 * call comes before the last of them.
 *
 * <p>Every {@code int} is the unsigned 32-bit number of the wire; negative values are numbers from
 * 2^31 on. Buffers are valid until the method returns; copy them to keep them, read them between
 * their position and their limit, and do not write to them.
 */
public interface FrameSink {
  /**
   * The first 48 bytes of a handshake. The peer id may come much later: some peers wait for ours
   * first.
   *
   * @param reserved the eight reserved bytes as one big-endian number
   */
  void infoHash(long reserved, InfoHash infoHash);

  /** The last 20 bytes of a handshake. */
  void peerId(PeerId peerId);

  /** A frame of length 0. */
  void keepAlive();

  /** {@link MessageId#CHOKE}. */
  void choke();

  /** {@link MessageId#UNCHOKE}. */
  void unchoke();

  /** {@link MessageId#INTERESTED}. */
  void interested();

  /** {@link MessageId#NOT_INTERESTED}. */
  void notInterested();

  /** {@link MessageId#HAVE}. */
  void have(int piece);

  /** {@link MessageId#BITFIELD}. */
  void bitfield(ByteBuffer bits);

  /** {@link MessageId#REQUEST}. */
  void request(int piece, int begin, int length);

  /**
   * {@link MessageId#PIECE}; the block follows in {@link #bytes}, in as many parts as it comes in.
   *
   * @param length of the block, in bytes; 0: no {@link #bytes} follow
   */
  void piece(int piece, int begin, int length);

  /** {@link MessageId#CANCEL}. */
  void cancel(int piece, int begin, int length);

  /**
   * {@link MessageId#PORT}.
   *
   * @param port 0 to 65535
   */
  void port(int port);

  /** {@link MessageId#SUGGEST_PIECE}. */
  void suggestPiece(int piece);

  /** {@link MessageId#HAVE_ALL}. */
  void haveAll();

  /** {@link MessageId#HAVE_NONE}. */
  void haveNone();

  /** {@link MessageId#REJECT_REQUEST}. */
  void rejectRequest(int piece, int begin, int length);

  /** {@link MessageId#ALLOWED_FAST}. */
  void allowedFast(int piece);

  /**
   * {@link MessageId#EXTENDED}.
   *
   * @param extendedId 0 to 255; 0 is the extension handshake
   */
  void extended(int extendedId, ByteBuffer payload);

  /** {@link MessageId#HASH_REQUEST}. */
  void hashRequest(HashRange range);

  /**
   * {@link MessageId#HASHES}.
   *
   * @param hashes 32 bytes each
   */
  void hashes(HashRange range, ByteBuffer hashes);

  /** {@link MessageId#HASH_REJECT}. */
  void hashReject(HashRange range);

  /**
   * A message that has no method here; its payload follows in {@link #bytes}, in as many parts as
   * it comes in.
   *
   * @param id 0 to 255
   * @param length of the payload, in bytes; 0: no {@link #bytes} follow
   */
  void unknown(int id, int length);

  /** The next bytes of the block or payload announced last; never empty. */
  void bytes(ByteBuffer part);
}
