package org.peerwire.swarm.merkle;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * The root over data that comes in order, in parts of any length; holds one node a layer. For one
 * thread at a time.
 */
public final class TreeDigest {
  /** The length of a hash, in bytes. */
  public static final int LENGTH = NodeHash.SIZE;

  private final MessageDigest leaf = NodeHash.sha256();
  private final NodeHash nodes = new NodeHash();

  /** Bit i of the number of leaves tells whether node i of these waits for its right sibling. */
  private final byte[] waiting = new byte[(NodeHash.MAX_HEIGHT + 1) * LENGTH];

  private final byte[] node = new byte[LENGTH];
  private long leaves;
  private int inLeaf;

  /** A digest of no data yet. */
  public TreeDigest() {}

  /** Takes the remaining bytes. */
  public void update(ByteBuffer bytes) {
    int end = bytes.limit();
    while (bytes.position() < end) {
      int count = Math.min(TreeShape.LEAF - inLeaf, end - bytes.position());
      bytes.limit(bytes.position() + count);
      leaf.update(bytes);
      inLeaf += count;
      if (inLeaf == TreeShape.LEAF) {
        endLeaf();
      }
    }
    bytes.limit(end);
  }

  private void endLeaf() {
    NodeHash.end(leaf, node, 0);
    inLeaf = 0;
    int layer = 0;
    for (; ((leaves >> layer) & 1) != 0; layer++) {
      nodes.parent(waiting, layer * LENGTH, node, 0, node, 0);
    }
    System.arraycopy(node, 0, waiting, layer * LENGTH, LENGTH);
    leaves++;
  }

  /**
   * The root of the tree of this height over the data, padded on the right; then it begins anew.
   *
   * @throws IllegalStateException if there was no data, or more than such a tree covers
   */
  public byte[] digest(int height) {
    if (inLeaf > 0) {
      endLeaf();
    }
    if (leaves == 0 || leaves > 1L << height) {
      throw new IllegalStateException(leaves + " leaves under a root at " + height);
    }
    byte[] root = new byte[LENGTH];
    int layer = Long.numberOfTrailingZeros(leaves);
    System.arraycopy(waiting, layer * LENGTH, root, 0, LENGTH);
    for (; layer < height; layer++) {
      // What comes from the right is as long as the leaves reach, and ends in padding.
      boolean first = layer == Long.numberOfTrailingZeros(leaves);
      if (!first && ((leaves >> layer) & 1) != 0) {
        nodes.parent(waiting, layer * LENGTH, root, 0, root, 0);
      } else {
        nodes.parentOfLast(root, 0, layer, root, 0);
      }
    }
    reset();
    return root;
  }

  /** The root of the smallest tree over the data, as of a whole file; then it begins anew. */
  public byte[] digest() {
    long all = leaves + (inLeaf > 0 ? 1 : 0);
    return digest(TreeShape.heightOf(all));
  }

  /** Begins anew. */
  public void reset() {
    leaf.reset();
    leaves = 0;
    inLeaf = 0;
  }
}
