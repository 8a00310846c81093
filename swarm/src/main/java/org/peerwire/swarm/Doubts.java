package org.peerwire.swarm;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The pieces that one peer says it has and twice did not give in time: they do not count as being
 * there, until it gives a block of them. Otherwise a few liars could make a rare piece look common,
 * so that everybody fetches it last.
 */
final class Doubts {
  private static final int TIMEOUTS = 2;
  private static final int MAX = 1024;

  private final Map<Integer, Integer> timeouts = new HashMap<>();
  private final Set<Integer> doubted = new HashSet<>();

  /** A block of a piece did not come. Returns whether the claim is doubted from now on. */
  boolean timedOut(int piece) {
    if (timeouts.size() >= MAX && !timeouts.containsKey(piece)) {
      return false;
    }
    return timeouts.merge(piece, 1, Integer::sum) == TIMEOUTS && doubted.add(piece);
  }

  /** A block of a piece came, or the claim is withdrawn. Returns whether it was doubted. */
  boolean settled(int piece) {
    timeouts.remove(piece);
    return doubted.remove(piece);
  }

  boolean contains(int piece) {
    return doubted.contains(piece);
  }

  void clear() {
    timeouts.clear();
    doubted.clear();
  }
}
