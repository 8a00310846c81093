package org.peerwire.swarm.merkle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.peerwire.HashRange;

/**
 * The layers of a file's tree below its pieces, of a few pieces, joined with the layers above: what
 * answers those who want to tell one wrong block of a piece from the others. Nobody has them in
 * memory, so they are computed from the data.
 *
 * <pre>
 *   root          .             known of every file
 *              .     .
 *   pieces   .   .  .  .        known: HashedFile.layers
 *           . . . .             computed from the data of the pieces, and compared with theirs
 *   leaves ........
 * </pre>
 */
public final class PieceLeaves implements HashNodes {
  private final HashedFile file;
  private final int first;
  private final List<HashTree> trees = new ArrayList<>();

  /**
   * Joins leaves with what is above them.
   *
   * @param first which piece of the file, from 0
   * @param leaves of one or more of its pieces, in their order; not copied
   * @throws IllegalArgumentException if there are not as many as these pieces have
   */
  public PieceLeaves(HashedFile file, int first, ByteBuffer leaves) {
    this.file = file;
    this.first = first;
    ByteBuffer left = leaves.slice();
    for (int piece = first; left.hasRemaining() && piece < file.pieces(); piece++) {
      int length = (int) file.leaves(piece) * TreeDigest.LENGTH;
      ByteBuffer row = left.slice(left.position(), Math.min(length, left.remaining()));
      trees.add(new HashTree(file.shapeOf(piece), 0, row));
      left.position(left.position() + row.remaining());
    }
    if (trees.isEmpty() || left.hasRemaining()) {
      throw new IllegalArgumentException(leaves + " from piece " + first + " of " + file.shape());
    }
  }

  /** Which of the pieces, from 0 in the file, has not the hash that it ought to have. */
  public OptionalInt firstWrong() {
    for (int i = 0; i < trees.size(); i++) {
      if (!file.isRootOf(first + i, trees.get(i).root())) {
        return OptionalInt.of(first + i);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * The hashes that answer a range, with their uncles.
   *
   * @param range one in a layer below that of the pieces, and over these pieces
   */
  public ByteBuffer answer(HashRange range) {
    return HashProof.answer(range, this);
  }

  @Override
  public void put(int layer, long index, ByteBuffer target) {
    HashTree above = file.layers();
    if (above != null && layer >= file.pieceLayer()) {
      above.put(layer, index, target);
      return;
    }
    if (index >= file.shape().width(layer)) {
      byte[] pad = new byte[TreeDigest.LENGTH];
      NodeHash.putPad(layer, pad, 0);
      target.put(pad);
      return;
    }
    int height = Math.min(file.pieceLayer(), file.shape().height()) - layer;
    int piece = (int) (index >> height);
    trees.get(piece - first).put(layer, index - ((long) piece << height), target);
  }
}
