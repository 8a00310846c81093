package org.peerwire;

/**
 * How a torrent is cut into pieces. A v1 torrent is one run of bytes and only its last piece is
 * shorter; in a v2 torrent (<a href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>) the
 * last piece of each file is.
 */
public interface PieceLayout {
  /** The number of pieces, 0 to {@link PieceSet#MAX_SIZE}. */
  int pieceCount();

  /**
   * The length of one piece, in bytes.
   *
   * @param piece from 0 to {@code pieceCount() - 1}
   */
  int pieceLength(int piece);

  /**
   * Whether the torrent has v2 hashes, so that messages about them make sense. Not for the layouts
   * of {@link #of}.
   */
  default boolean hasHashes() {
    return false;
  }

  /**
   * Whether the torrent's hash trees have such a range.
   *
   * @param range {@linkplain HashRange#isWellFormed well-formed}
   */
  default boolean hasHashes(HashRange range) {
    return hasHashes();
  }

  /** Whether {@code piece} is the index of a piece. */
  default boolean contains(int piece) {
    return piece >= 0 && piece < pieceCount();
  }

  /**
   * Whether a block lies inside a piece and is not empty. All three are taken as the unsigned
   * numbers that they are on the wire, so that no sum of them can wrap.
   */
  default boolean contains(int piece, int begin, int length) {
    return contains(piece)
        && length != 0
        && Integer.toUnsignedLong(begin) + Integer.toUnsignedLong(length) <= pieceLength(piece);
  }

  /**
   * The layout of one run of bytes.
   *
   * @param totalLength in bytes, from 0
   * @param pieceLength in bytes, from 1; all pieces have it but the last
   * @throws IllegalArgumentException if that makes more than {@link PieceSet#MAX_SIZE} pieces
   */
  static PieceLayout of(long totalLength, int pieceLength) {
    return UniformLayout.of(totalLength, pieceLength);
  }
}
