package org.peerwire.cli;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a mistyped word was meant to be. */
final class Spelling {
  /** Longer words are not looked at: nobody types them, and the work grows with the square. */
  private static final int MAX_LENGTH = 64;

  private Spelling() {}

  /**
   * The word of a few that is nearest to what was typed, if it is near: one slip, or one for each
   * three letters.
   */
  static @Nullable String nearest(String typed, Collection<String> words) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String word : words) {
      int slips = slips(typed.toLowerCase(Locale.ROOT), word.toLowerCase(Locale.ROOT));
      if (slips < least && slips <= Math.max(1, word.length() / 3)) {
        nearest = word;
        least = slips;
      }
    }
    return nearest;
  }

  /**
   * How many slips lead from one word to another: a letter too many, too few or wrong, or two
   * neighbours in the wrong order.
   */
  static int slips(String one, String other) {
    if (one.length() > MAX_LENGTH || other.length() > MAX_LENGTH) {
      return Integer.MAX_VALUE;
    }
    int[][] slips = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int wrong = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        slips[i][j] =
            Math.min(slips[i - 1][j - 1] + wrong, Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && one.charAt(i - 1) == other.charAt(j - 2)
                && one.charAt(i - 2) == other.charAt(j - 1);
        if (swapped) {
          slips[i][j] = Math.min(slips[i][j], slips[i - 2][j - 2] + 1);
        }
      }
    }
    return slips[one.length()][other.length()];
  }
}
