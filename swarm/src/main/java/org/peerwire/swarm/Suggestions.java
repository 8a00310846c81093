package org.peerwire.swarm;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The pieces that a peer suggests, as it has them in memory. A hint, by one who may want to see us
 * fetch what everybody has: it decides only between pieces that are equally rare. We suggest none
 * ourselves, as the operating system knows what is in memory and we do not.
 */
final class Suggestions {
  private static final int MAX = 16;

  private final Set<Integer> pieces = new LinkedHashSet<>();

  /** The peer suggests a piece; the oldest suggestion of many is dropped. */
  void add(int piece) {
    if (pieces.size() == MAX && !pieces.contains(piece)) {
      pieces.remove(pieces.iterator().next());
    }
    pieces.add(piece);
  }

  /** A suggested piece for which something holds, else {@code otherwise}. */
  int prefer(int otherwise, IntPredicate asGood) {
    for (int piece : pieces) {
      if (asGood.test(piece)) {
        return piece;
      }
    }
    return otherwise;
  }

  int size() {
    return pieces.size();
  }
}
