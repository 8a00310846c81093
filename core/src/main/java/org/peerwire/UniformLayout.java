package org.peerwire;

/**
 * Pieces of one length, but for the last. The number of pieces is kept, for every message that
 * names a piece asks for it, and a division takes longer than all the rest of such a message.
 */
record UniformLayout(long totalLength, int pieceLength, int pieceCount) implements PieceLayout {
  static UniformLayout of(long totalLength, int pieceLength) {
    if (totalLength < 0 || pieceLength < 1) {
      throw new IllegalArgumentException(totalLength + " bytes in pieces of " + pieceLength);
    }
    long count = totalLength / pieceLength + (totalLength % pieceLength == 0 ? 0 : 1);
    if (count > PieceSet.MAX_SIZE) {
      throw new IllegalArgumentException("more than " + PieceSet.MAX_SIZE + " pieces");
    }
    return new UniformLayout(totalLength, pieceLength, (int) count);
  }

  /** As the default says, without a multiplication for all pieces but the last. */
  @Override
  public boolean contains(int piece, int begin, int length) {
    long end = Integer.toUnsignedLong(begin) + Integer.toUnsignedLong(length);
    return contains(piece)
        && length != 0
        && end <= pieceLength
        && (piece < pieceCount - 1 || end <= pieceLength(piece));
  }

  @Override
  public int pieceLength(int piece) {
    return (int) Math.min(pieceLength, totalLength - (long) piece * pieceLength);
  }
}
