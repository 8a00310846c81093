package org.peerwire;

/** One run of bytes, cut into equal pieces but for the last. */
record UniformLayout(long totalLength, int pieceLength) implements PieceLayout {
  UniformLayout {
    if (totalLength < 0 || pieceLength < 1) {
      throw new IllegalArgumentException(totalLength + " bytes in pieces of " + pieceLength);
    }
    if (count(totalLength, pieceLength) > PieceSet.MAX_SIZE) {
      throw new IllegalArgumentException("more than " + PieceSet.MAX_SIZE + " pieces");
    }
  }

  @Override
  public int pieceCount() {
    return (int) count(totalLength, pieceLength);
  }

  @Override
  public int pieceLength(int piece) {
    return (int) Math.min(pieceLength, totalLength - (long) piece * pieceLength);
  }

  private static long count(long totalLength, int pieceLength) {
    return totalLength / pieceLength + (totalLength % pieceLength == 0 ? 0 : 1);
  }
}
