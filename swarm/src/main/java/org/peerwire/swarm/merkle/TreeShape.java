package org.peerwire.swarm.merkle;

import org.peerwire.Block;

/**
 * How high and wide a tree is. Of a file's tree nothing but the length of the file decides it.
 *
 * @param leaves how many leaves cover data, 1 or more
 * @param height the layer of the root: 0 for one leaf, at most 49
 */
public record TreeShape(long leaves, int height) {
  /** How many bytes of a file a leaf covers: 2^14. */
  public static final int LEAF = Block.LENGTH;

  private static final int LEAF_BITS = Integer.numberOfTrailingZeros(LEAF);

  /**
   * @throws IllegalArgumentException if such a tree has not room for so many leaves
   */
  public TreeShape {
    if (leaves < 1 || height > NodeHash.MAX_HEIGHT || leaves > 1L << height) {
      throw new IllegalArgumentException(leaves + " leaves under a root at " + height);
    }
  }

  /**
   * The tree of a file.
   *
   * @param length of the file, in bytes, 1 or more: an empty file has no tree
   */
  public static TreeShape of(long length) {
    long leaves = leavesOf(length);
    return new TreeShape(leaves, heightOf(leaves));
  }

  /**
   * The part of a file's tree that is over one of its pieces.
   *
   * @param length of the piece, in bytes, 1 or more
   * @param pieceLayer where its root is
   */
  public static TreeShape ofPiece(int length, int pieceLayer) {
    return new TreeShape(leavesOf(length), pieceLayer);
  }

  private static long leavesOf(long length) {
    return length < 1 ? 0 : ((length - 1) >> LEAF_BITS) + 1;
  }

  /**
   * How many nodes of a layer cover data; the rest, up to {@link #fullWidth}, is padding.
   *
   * @param layer 0 to {@link #height()}
   */
  public long width(int layer) {
    return ((leaves - 1) >> layer) + 1;
  }

  /**
   * How many nodes a layer has, padding included: a power of two.
   *
   * @param layer 0 to {@link #height()}
   */
  public long fullWidth(int layer) {
    return 1L << (height - layer);
  }

  /** The layer in which one node covers a piece. */
  public static int pieceLayer(int pieceLength) {
    return Integer.numberOfTrailingZeros(pieceLength) - LEAF_BITS;
  }

  /** The height of the smallest tree of so many leaves, 1 or more. */
  public static int heightOf(long leaves) {
    return Long.SIZE - Long.numberOfLeadingZeros(leaves - 1);
  }
}
