package org.peerwire.swarm;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;
import org.peerwire.PeerAddress;

/**
 * What a {@link Swarm} asks of its client. Called by the thread that drives the swarm, inside its
 * calls and inside the events of its wires; an action must not call the swarm back before it
 * returns. To end a connection the swarm closes the wire, which the adapter sees like any other
 * close.
 */
public interface SwarmActions {
  /**
   * Connect to a peer. Answered later, once, by {@link Swarm#dialled} or {@link Swarm#dialFailed}.
   *
   * @param address one that the swarm was told as a candidate
   */
  void connect(PeerAddress address);

  /**
   * Keep a block. It may be stored later: the data counts only after {@link #verify}. If it can't
   * be stored, {@link Swarm#writeFailed}. The same block may be written again, after the piece
   * failed.
   *
   * @param piece piece index, from 0
   * @param begin offset inside the piece, in bytes; a multiple of 16 KiB
   * @param block a view of the transport's input, valid until this returns and not to be written
   *     to: copy or store it now
   */
  void write(int piece, int begin, ByteBuffer block);

  /**
   * All blocks of a piece were given to {@link #write}: store what is not yet stored, hash it, and
   * answer once, later, by {@link Swarm#verified}, or by {@link Swarm#writeFailed}. {@code
   * verified(piece, true, ...)} promises that the piece is stored and can be read.
   *
   * @param piece piece index, from 0
   * @param digests whether {@link BlockDigests} are wanted even if the piece is right; if it is
   *     not, they always are
   */
  void verify(int piece, boolean digests);

  /**
   * Forget the unverified blocks of a piece that were given to {@link #write}, if they are in
   * memory: they will be fetched again.
   *
   * @param piece piece index, from 0; {@link #verify} of it is not under way
   */
  default void discard(int piece) {}

  /**
   * A block to be sent to a peer; only of pieces that are verified. Called when the peer can take
   * it soon, so it may be a file region that is opened but not read here.
   *
   * @param piece piece index, from 0
   * @param begin offset inside the piece, in bytes
   * @param length in bytes, 1 to 131,072
   * @return the block, of that length; or null if it can't be read: the peer is refused and the
   *     piece is not served any more, as by {@link Swarm#readFailed}
   */
  @Nullable BlockRegion read(int piece, int begin, int length);

  /**
   * Read pieces of a v2 or hybrid torrent and hash each 16 KiB of their data, without padding, with
   * SHA-256: the leaves of their hash trees. Answer once, later, by {@link Swarm#leaves}. There is
   * one such task at a time.
   *
   * @param firstPiece piece index, from 0
   * @param lastPiece of the same file
   * @return whether it will be answered; if not, as by default, whoever asked is refused
   */
  default boolean leaves(int firstPiece, int lastPiece) {
    return false;
  }
}
