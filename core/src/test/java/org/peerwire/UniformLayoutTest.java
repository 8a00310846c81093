package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The quick rule for which blocks there are says what the rule of all layouts says. */
class UniformLayoutTest {
  /** A layout that keeps the default. */
  private record Plain(PieceLayout layout) implements PieceLayout {
    @Override
    public int pieceCount() {
      return layout.pieceCount();
    }

    @Override
    public int pieceLength(int piece) {
      return layout.pieceLength(piece);
    }
  }

  @Test
  void sameBlocksAsByTheDefault() {
    int inside = 0;
    int outside = 0;
    for (long total : new long[] {0, 1, 9, 10, 11, 19, 20, 25}) {
      PieceLayout layout = PieceLayout.of(total, 10);
      Plain plain = new Plain(layout);
      int[] pieces = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 2, 3};
      int[] numbers = {0, 1, 4, 5, 6, 9, 10, 11, -1, -5, Integer.MIN_VALUE, Integer.MAX_VALUE};
      for (int piece : pieces) {
        for (int begin : numbers) {
          for (int length : numbers) {
            boolean is = layout.contains(piece, begin, length);
            assertThat(is)
                .as("%d bytes: %d, %d, %d", total, piece, begin, length)
                .isEqualTo(plain.contains(piece, begin, length));
            if (is) {
              inside++;
            } else {
              outside++;
            }
          }
        }
      }
    }
    assertThat(inside).isPositive();
    assertThat(outside).isPositive();
  }
}
