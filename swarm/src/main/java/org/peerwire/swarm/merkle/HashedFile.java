package org.peerwire.swarm.merkle;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of a v2 torrent, as those see it that deal in its hashes.
 *
 * @param root 32 bytes, which name it
 * @param shape of its tree
 * @param pieceLayer in which one node covers a piece
 * @param firstPiece the index of its first piece in the torrent
 * @param layers its tree from the piece layer upwards; null if that is not known, or if it is a
 *     file of one piece, whose root says it all
 */
public record HashedFile(
    ByteBuffer root, TreeShape shape, int pieceLayer, int firstPiece, @Nullable HashTree layers) {

  /** How many pieces it has, 1 or more. */
  public int pieces() {
    return pieceLayer < shape.height() ? (int) shape.width(pieceLayer) : 1;
  }

  /** How many leaves cover the data of one of its pieces, from 0. */
  long leaves(int piece) {
    return Math.min(1L << pieceLayer, shape.leaves() - ((long) piece << pieceLayer));
  }

  /** The tree's shape over one of its pieces, from 0. */
  TreeShape shapeOf(int piece) {
    return pieces() == 1 ? shape : new TreeShape(leaves(piece), pieceLayer);
  }

  /** Whether the hashes of its pieces are known. */
  public boolean isKnown() {
    return pieces() == 1 || layers != null;
  }

  /** Its tree, if it is known from a layer upwards. */
  public Optional<HashTree> treeFrom(int layer) {
    return Optional.ofNullable(layers).filter(tree -> layer >= tree.base());
  }

  /** Whether this is the root of the tree over one of its pieces, from 0. */
  boolean isRootOf(int piece, byte[] node) {
    HashTree tree = layers;
    ByteBuffer right = root;
    if (tree != null) {
      right = ByteBuffer.allocate(TreeDigest.LENGTH);
      tree.put(pieceLayer, piece, right);
      right.flip();
    }
    return right.equals(ByteBuffer.wrap(node));
  }
}
