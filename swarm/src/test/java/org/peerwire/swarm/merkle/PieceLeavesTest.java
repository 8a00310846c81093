package org.peerwire.swarm.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.peerwire.HashRange;

/** The leaves of a few pieces tell what the tree over all leaves of the file tells. */
class PieceLeavesTest {
  private static final int HASH = TreeDigest.LENGTH;

  @Test
  void anyRangeBelowThePiecesIsAnsweredAsByTheWholeTree() {
    int answers = 0;
    for (long seed = 1; seed <= 400; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int leaves = 1 + random.nextInt(random.nextBoolean() ? 20 : 300);
      int pieceLayer = 1 + random.nextInt(5);
      HashTree whole = wholeTree(leaves, random);
      HashedFile file = file(whole, pieceLayer);
      int height = whole.shape().height();
      for (int base = 0; base < Math.min(pieceLayer, height); base++) {
        int length = 2 << random.nextInt(Math.min(8, height - base));
        long ranges = whole.shape().fullWidth(base) / length;
        int index = (int) (random.nextLong(ranges) * length);
        int proofs = random.nextInt(height - base);
        HashRange range = new HashRange(ByteBuffer.wrap(whole.root()), base, index, length, proofs);
        assertThat(HashProof.exists(range, whole.shape())).as("seed " + seed).isTrue();
        int first = index >> (pieceLayer - base);
        int last = Math.min(file.pieces() - 1, (index + length - 1) >> (pieceLayer - base));
        if (first > last) {
          continue; // nothing but padding
        }
        PieceLeaves some = new PieceLeaves(file, first, rows(whole, pieceLayer, first, last));
        assertThat(some.firstWrong()).as("seed " + seed).isEmpty();
        assertThat(some.answer(range))
            .as("seed " + seed + ": " + range)
            .isEqualTo(HashProof.answer(range, whole));
        answers++;
      }
    }
    assertThat(answers).isGreaterThan(500);
  }

  @Test
  void aPieceThatIsNotWhatItWasIsFound() {
    for (int leaves : new int[] {1, 3, 8, 9, 31}) {
      HashTree whole = wholeTree(leaves, new SplittableRandom(leaves));
      HashedFile file = file(whole, 2);
      for (int piece = 0; piece < file.pieces(); piece++) {
        ByteBuffer rows = rows(whole, 2, 0, file.pieces() - 1);
        int at = piece * 4 * HASH;
        rows.put(at, (byte) (rows.get(at) ^ 1));
        assertThat(new PieceLeaves(file, 0, rows).firstWrong()).hasValue(piece);
      }
    }
  }

  @Test
  void thereAreAsManyLeavesAsThePiecesHave() {
    HashTree whole = wholeTree(9, new SplittableRandom(1));
    HashedFile file = file(whole, 2);
    for (int wrong : new int[] {0, 1, 3 * HASH, 5 * HASH, 4 * HASH + 1, 10 * HASH}) {
      assertThatThrownBy(() -> new PieceLeaves(file, 0, ByteBuffer.allocate(wrong)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new PieceLeaves(file, 3, ByteBuffer.allocate(HASH)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static HashTree wholeTree(int leaves, SplittableRandom random) {
    byte[] row = new byte[leaves * HASH];
    random.nextBytes(row);
    TreeShape shape = TreeShape.of((long) leaves * TreeShape.LEAF - random.nextInt(1000));
    return new HashTree(shape, 0, ByteBuffer.wrap(row));
  }

  private static HashedFile file(HashTree whole, int pieceLayer) {
    TreeShape shape = whole.shape();
    HashTree layers = null;
    if (shape.leaves() > 1L << pieceLayer) {
      ByteBuffer row = ByteBuffer.allocate((int) shape.width(pieceLayer) * HASH);
      for (int i = 0; row.hasRemaining(); i++) {
        whole.put(pieceLayer, i, row);
      }
      layers = new HashTree(shape, pieceLayer, row.flip());
    }
    return new HashedFile(ByteBuffer.wrap(whole.root()), shape, pieceLayer, 0, layers);
  }

  /** The leaves of some pieces, which may be changed. */
  private static ByteBuffer rows(HashTree whole, int pieceLayer, int first, int last) {
    int from = (first << pieceLayer) * HASH;
    int to = Math.min((last + 1) << pieceLayer, (int) whole.shape().leaves()) * HASH;
    ByteBuffer copy = ByteBuffer.allocate(to - from);
    return copy.put(whole.row().slice(from, to - from)).flip();
  }
}
