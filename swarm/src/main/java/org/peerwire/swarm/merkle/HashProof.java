package org.peerwire.swarm.merkle;

import java.nio.ByteBuffer;
import org.peerwire.HashRange;

/**
 * Whether hashes that a peer sent belong where it says that they do.
 *
 * <pre>
 *   root   .                  a range of two hashes of layer 0, and its uncles: u1 and u2
 *        .   u2
 *      .   u1                 what lies behind the end of the file is padding and computed here,
 *    h h                      whatever the peer says
 * </pre>
 */
public final class HashProof {
  private HashProof() {}

  /**
   * A range of as many hashes as are asked for at once, with all uncles up to the root.
   *
   * @param root 32 bytes
   * @param layer a layer of the tree below its root
   * @param index of the first hash, a multiple of {@code most}
   * @param most how many hashes to ask for, if there are that many: a power of two from 2
   */
  public static HashRange range(ByteBuffer root, TreeShape shape, int layer, long index, int most) {
    long left = shape.width(layer) - index;
    int length = (int) Math.min(most, 1L << TreeShape.heightOf(Math.max(2, left)));
    return new HashRange(root, layer, (int) index, length, shape.height() - layer - 1);
  }

  /**
   * Whether there is such a range in a tree of this shape.
   *
   * @param range {@linkplain HashRange#isWellFormed well-formed}
   */
  public static boolean exists(HashRange range, TreeShape shape) {
    int layer = range.baseLayer();
    int proofs = range.proofLayers();
    return layer >= 0
        && layer < shape.height()
        && Integer.toUnsignedLong(range.index()) + range.length() <= shape.fullWidth(layer)
        && proofs >= 0
        && proofs < shape.height() - layer;
  }

  /**
   * The hashes that answer a range, with their uncles.
   *
   * @param range one that {@link #exists}, in a layer that the tree has
   */
  public static ByteBuffer answer(HashRange range, HashTree tree) {
    return answer(range, (HashNodes) tree);
  }

  static ByteBuffer answer(HashRange range, HashNodes tree) {
    ByteBuffer hashes = ByteBuffer.allocate(range.hashCount() * NodeHash.SIZE);
    int layer = range.baseLayer();
    long index = Integer.toUnsignedLong(range.index());
    for (int i = 0; i < range.length(); i++) {
      tree.put(layer, index + i, hashes);
    }
    int covered = Integer.numberOfTrailingZeros(range.length());
    index >>= covered;
    for (int at = layer + covered; hashes.hasRemaining(); at++) {
      tree.put(at, index ^ 1, hashes);
      index >>= 1;
    }
    return hashes.flip();
  }

  /**
   * Whether the hashes lead to the root that the range names.
   *
   * @param range one that {@link #exists} and has all uncles up to the root, as {@link #range}
   *     makes it
   * @param hashes {@link HashRange#hashCount} of them, as they came; the position stays
   */
  public static boolean leadsToRoot(HashRange range, TreeShape shape, ByteBuffer hashes) {
    int layer = range.baseLayer();
    long index = Integer.toUnsignedLong(range.index());
    if (hashes.remaining() != range.hashCount() * NodeHash.SIZE
        || range.proofLayers() != shape.height() - layer - 1
        || index >= shape.width(layer)) {
      return false;
    }
    NodeHash nodes = new NodeHash();
    int count = (int) Math.min(range.length(), shape.width(layer) - index);
    byte[] row = new byte[count * NodeHash.SIZE];
    hashes.get(hashes.position(), row);
    for (int length = range.length(); length > 1; length /= 2) {
      count = nodes.parents(row, layer, count, row);
      layer++;
      index /= 2;
    }
    byte[] uncle = new byte[NodeHash.SIZE];
    int at = hashes.position() + range.length() * NodeHash.SIZE;
    for (; layer < shape.height(); layer++) {
      if ((index ^ 1) < shape.width(layer)) {
        hashes.get(at, uncle);
      } else {
        NodeHash.putPad(layer, uncle, 0);
      }
      if (index % 2 == 0) {
        nodes.parent(row, 0, uncle, 0, row, 0);
      } else {
        nodes.parent(uncle, 0, row, 0, row, 0);
      }
      at += NodeHash.SIZE;
      index /= 2;
    }
    return ByteBuffer.wrap(row, 0, NodeHash.SIZE).equals(range.piecesRoot());
  }
}
