package org.peerwire;

import java.nio.ByteBuffer;

/**
 * A read-only view of a set of piece indices. It shows the set as it is now and changes with it.
 */
public interface Pieces {
  /** Returned by {@link #size()} as long as the number of pieces of the torrent is not known. */
  int UNKNOWN = -1;

  /**
   * Whether the piece is in the set.
   *
   * @param piece piece index, from 0; any other number is in no set
   */
  boolean contains(int piece);

  /** How many pieces are in the set; {@link Integer#MAX_VALUE} for all of an unknown number. */
  int count();

  /** The number of pieces of the torrent, or {@link #UNKNOWN}. */
  int size();

  /** Whether no piece is in the set. */
  boolean isEmpty();

  /**
   * Whether every piece of the torrent is in the set. Always false for a partial set of a torrent
   * of unknown size.
   */
  boolean isFull();

  /**
   * The first piece of the set at or after {@code from}, or -1 if there is none.
   *
   * @param from piece index, from 0
   */
  int next(int from);

  /**
   * Appends the set as the payload of a bitfield message: piece 0 is the top bit of byte 0, spare
   * bits are 0 (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>).
   *
   * @param target with room for {@code ceil(size / 8)} bytes
   * @throws IllegalStateException if the size is unknown
   */
  void writeBitfield(ByteBuffer target);
}
