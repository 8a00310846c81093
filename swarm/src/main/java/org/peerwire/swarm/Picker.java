package org.peerwire.swarm;

import java.util.Arrays;
import org.peerwire.Pieces;

/**
 * Which piece to begin next: of those that are wanted and not begun, the rarest that a peer has.
 *
 * <p>The wanted pieces lie in one array, ordered by how many peers have them, so that a have moves
 * a piece by one swap. The rarest lie at its end, as they are the ones to be taken out:
 *
 * <pre>
 *   order   ... | had by 2    | had by 1    | had by 0    |
 *         end[3]        end[2]        end[1]        end[0]
 * </pre>
 *
 * <p>Within a group the order is by chance. Peers that have everything make no piece rarer than
 * another and are not counted.
 *
 * <p>In a large torrent each look at a table is one at memory that is in no cache. So what is known
 * of a piece lies in one place, and a have touches three: the piece, its place in the order, and
 * the piece with which it changes places.
 */
final class Picker {
  /**
   * How many pieces are begun by pure chance, so that a newcomer soon has something that others
   * lack.
   */
  static final int RANDOM_FIRST = 4;

  /** How many pieces are looked at in the order of rarity alone. */
  private static final int NEAR = 64;

  /** How many pieces of a peer are compared where it has none of the rarest. */
  private static final int SAMPLE = 32;

  private final boolean sequential;
  private final SplitMix64 random;
  private final int pieceCount;

  private final int[] order;

  /** For each piece its place in the order, or -1, and next to it how many peers have it. */
  private final int[] table;

  private int[] end = new int[8];

  /** No wanted piece lies before this one. */
  private int lowest;

  private int begun;

  /** A picker that wants every piece that is not in {@code have}. */
  Picker(int pieceCount, Pieces have, boolean sequential, SplitMix64 random) {
    this.sequential = sequential;
    this.random = random;
    this.pieceCount = pieceCount;
    order = new int[pieceCount];
    table = new int[2 * pieceCount];
    int size = 0;
    for (int piece = 0; piece < pieceCount; piece++) {
      if (have.contains(piece)) {
        table[2 * piece] = -1;
      } else {
        order[size++] = piece;
      }
    }
    for (int i = size - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int piece = order[i];
      order[i] = order[other];
      order[other] = piece;
    }
    for (int i = 0; i < size; i++) {
      table[2 * order[i]] = i;
    }
    end[0] = size;
    // Whoever resumes has something to give already.
    begun = have.isEmpty() ? 0 : RANDOM_FIRST;
  }

  /** How many pieces are wanted and not begun. */
  int size() {
    return end[0];
  }

  boolean isEmpty() {
    return end[0] == 0;
  }

  /** How many peers have a piece, besides those that have everything. */
  int availability(int piece) {
    return table[2 * piece + 1];
  }

  /** Where a piece lies in the order, or -1 if it is not wanted or begun. */
  private int position(int piece) {
    return table[2 * piece];
  }

  /** A peer got a piece. */
  void increment(int piece) {
    int group = table[2 * piece + 1]++;
    if (group + 3 > end.length) {
      end = Arrays.copyOf(end, 2 * end.length);
    }
    int at = position(piece);
    if (at >= 0) {
      swap(at, end[group + 1]++);
    }
  }

  /** A peer that has a piece is gone. */
  void decrement(int piece) {
    int group = table[2 * piece + 1]--;
    int at = position(piece);
    if (at >= 0) {
      swap(at, --end[group]);
    }
  }

  /** A piece is wanted: again, or for the first time. */
  void add(int piece) {
    if (position(piece) >= 0) {
      return;
    }
    int own = availability(piece);
    int hole = end[0];
    for (int group = 0; group < own; group++) {
      end[group]++;
      int first = end[group + 1];
      if (first != hole) {
        put(order[first], hole);
      }
      hole = first;
    }
    end[own]++;
    put(piece, hole);
    // By chance among its like, wherever they come from.
    int first = end[own + 1];
    swap(hole, first + random.nextInt(hole - first + 1));
    lowest = Math.min(lowest, piece);
  }

  /** A piece was begun, or is not wanted any more. */
  void remove(int piece) {
    int hole = position(piece);
    if (hole < 0) {
      return;
    }
    for (int group = availability(piece); group >= 0; group--) {
      int last = --end[group];
      if (last != hole) {
        put(order[last], hole);
      }
      hole = last;
    }
    table[2 * piece] = -1;
  }

  /**
   * The next piece to begin, or -1 if there is none.
   *
   * @param has what the peer has
   * @param allowed which of these may be
   */
  int pick(Pieces has, Allowed allowed) {
    int piece;
    if (sequential) {
      piece = inOrder(allowed);
    } else if (begun < RANDOM_FIRST && size() > 0) {
      piece = rarest(has, allowed, random.nextInt(size()));
      if (piece < 0) {
        piece = rarest(has, allowed, size() - 1);
      }
    } else {
      // Only of peers that have everything it is not known here what they have.
      piece = rarest(has, allowed, end[has.isFull() ? 0 : 1] - 1);
    }
    return piece;
  }

  /** Whether a piece may be begun in place of one that was picked: it is as rare. */
  boolean isAsGood(int piece, int picked) {
    return !sequential && position(piece) >= 0 && availability(piece) <= availability(picked);
  }

  /** A piece that was picked is begun. */
  void begin(int piece) {
    begun++;
    remove(piece);
  }

  /** Looks from a place in the order on, at the rarest first. */
  private int rarest(Pieces has, Allowed allowed, int from) {
    int near = Math.max(from - NEAR, -1);
    for (int i = from; i > near; i--) {
      if (allowed.test(order[i])) {
        return order[i];
      }
    }
    return near < 0 ? -1 : further(has, allowed, near);
  }

  /**
   * The rarest pieces are of others. The order may go on like that for as long as the torrent is
   * large, so the peer's own pieces are looked at beside it, from anywhere on: whichever way is the
   * shorter one ends the search. One of its own that is as rare as those which the order has come
   * to is a rarest one of its own. If there is none such soon, the rarest of some is taken.
   */
  private int further(Pieces has, Allowed allowed, int from) {
    int anywhere = random.nextInt(pieceCount);
    boolean wrapped = false;
    int own = has.next(anywhere);
    int best = -1;
    int found = 0;
    int group = 0;
    for (int i = from; i >= 0 && found < SAMPLE; i--) {
      if (allowed.test(order[i])) {
        return order[i];
      }
      if (own < 0 && !wrapped) {
        wrapped = true;
        own = has.next(0);
      }
      if (own < 0 || (wrapped && own >= anywhere)) {
        return best;
      }
      while (i < end[group + 1]) {
        group++;
      }
      int at = position(own);
      if (at >= 0 && allowed.test(own)) {
        if (at >= end[group + 1]) {
          return own;
        }
        found++;
        if (best < 0 || at > position(best)) {
          best = own;
        }
      }
      own = has.next(own + 1);
    }
    return best;
  }

  private int inOrder(Allowed allowed) {
    while (lowest < pieceCount && position(lowest) < 0) {
      lowest++;
    }
    for (int piece = lowest; piece < pieceCount; piece++) {
      if (position(piece) >= 0 && allowed.test(piece)) {
        return piece;
      }
    }
    return -1;
  }

  private void swap(int a, int b) {
    int piece = order[a];
    put(order[b], a);
    put(piece, b);
  }

  private void put(int piece, int at) {
    order[at] = piece;
    table[2 * piece] = at;
  }

  /** Which pieces may be picked. */
  @FunctionalInterface
  interface Allowed {
    boolean test(int piece);
  }
}
