package org.peerwire.swarm;

import java.util.Arrays;
import org.peerwire.Pieces;

/**
 * Which piece to begin next: of those that are wanted and not begun, the rarest that a peer has.
 *
 * <p>The wanted pieces lie in one array, ordered by how many peers have them, so that a have moves
 * a piece by one swap:
 *
 * <pre>
 *   order   | had by 0 | by 1 ...     | by 2 ...   | ...
 *           start[0]   start[1]       start[2]     start[3]
 * </pre>
 *
 * <p>Within a group the order is by chance. Peers that have everything make no piece rarer than
 * another and are not counted.
 */
final class Picker {
  /**
   * How many pieces are begun by pure chance, so that a newcomer soon has something that others
   * lack.
   */
  static final int RANDOM_FIRST = 4;

  /** How many pieces are looked at in the order of rarity alone. */
  private static final int NEAR = 256;

  /** How many pieces of a peer are compared where it has none of the rarest. */
  private static final int SAMPLE = 16;

  private final boolean sequential;
  private final SplitMix64 random;

  private final int[] order;
  private final int[] position;
  private final int[] availability;
  private int[] start = new int[8];
  private int size;

  /** No wanted piece lies before this one. */
  private int lowest;

  private int begun;

  /** A picker that wants every piece that is not in {@code have}. */
  Picker(int pieceCount, Pieces have, boolean sequential, SplitMix64 random) {
    this.sequential = sequential;
    this.random = random;
    order = new int[pieceCount];
    position = new int[pieceCount];
    availability = new int[pieceCount];
    Arrays.fill(position, -1);
    for (int piece = 0; piece < pieceCount; piece++) {
      if (!have.contains(piece)) {
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
      position[order[i]] = i;
    }
    Arrays.fill(start, 1, start.length, size);
    // Whoever resumes has something to give already.
    begun = have.isEmpty() ? 0 : RANDOM_FIRST;
  }

  /** How many pieces are wanted and not begun. */
  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** How many peers have a piece, besides those that have everything. */
  int availability(int piece) {
    return availability[piece];
  }

  /** A peer got a piece. */
  void increment(int piece) {
    int group = availability[piece]++;
    if (group + 3 > start.length) {
      int old = start.length;
      start = Arrays.copyOf(start, 2 * old);
      Arrays.fill(start, old, start.length, size);
    }
    if (position[piece] >= 0) {
      swap(position[piece], --start[group + 1]);
    }
  }

  /** A peer that has a piece is gone. */
  void decrement(int piece) {
    int group = availability[piece]--;
    if (position[piece] >= 0) {
      swap(position[piece], start[group]++);
    }
  }

  /** A piece is wanted: again, or for the first time. */
  void add(int piece) {
    if (position[piece] >= 0) {
      return;
    }
    int hole = size++;
    for (int group = start.length - 1; group > availability[piece]; group--) {
      int first = start[group]++;
      if (first != hole) {
        put(order[first], hole);
      }
      hole = first;
    }
    put(piece, hole);
    // By chance among its like, wherever they come from.
    int first = start[availability[piece]];
    swap(hole, first + random.nextInt(hole - first + 1));
    lowest = Math.min(lowest, piece);
  }

  /** A piece was begun, or is not wanted any more. */
  void remove(int piece) {
    int hole = position[piece];
    if (hole < 0) {
      return;
    }
    for (int group = availability[piece] + 1; group < start.length; group++) {
      int last = --start[group];
      if (last != hole) {
        put(order[last], hole);
      }
      hole = last;
    }
    size--;
    position[piece] = -1;
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
    } else if (begun < RANDOM_FIRST && size > 0) {
      piece = first(has, allowed, random.nextInt(size));
      if (piece < 0) {
        piece = first(has, allowed, 0);
      }
    } else {
      // Only of peers that have everything it is not known here what they have.
      piece = first(has, allowed, has.isFull() ? 0 : start[1]);
    }
    return piece;
  }

  /** Whether a piece may be begun in place of one that was picked: it is as rare. */
  boolean isAsGood(int piece, int picked) {
    return !sequential && position[piece] >= 0 && availability[piece] <= availability[picked];
  }

  /** A piece that was picked is begun. */
  void begin(int piece) {
    begun++;
    remove(piece);
  }

  private int first(Pieces has, Allowed allowed, int from) {
    int near = Math.min(size, from + NEAR);
    for (int i = from; i < near; i++) {
      if (allowed.test(order[i])) {
        return order[i];
      }
    }
    return near < size ? further(has, allowed, near) : -1;
  }

  /**
   * The rarest pieces are of others. The order may go on like that for as long as the torrent is
   * large, so the peer's own pieces are looked at beside it, from anywhere on: whichever way is the
   * shorter one ends the search.
   */
  private int further(Pieces has, Allowed allowed, int from) {
    int anywhere = random.nextInt(position.length);
    boolean wrapped = false;
    int own = has.next(anywhere);
    int best = -1;
    int found = 0;
    for (int i = from; i < size && found < SAMPLE; i++) {
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
      if (position[own] >= 0 && allowed.test(own)) {
        found++;
        if (best < 0 || availability[own] < availability[best]) {
          best = own;
        }
      }
      own = has.next(own + 1);
    }
    return best;
  }

  private int inOrder(Allowed allowed) {
    while (lowest < position.length && position[lowest] < 0) {
      lowest++;
    }
    for (int piece = lowest; piece < position.length; piece++) {
      if (position[piece] >= 0 && allowed.test(piece)) {
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
    position[piece] = at;
  }

  /** Which pieces may be picked. */
  @FunctionalInterface
  interface Allowed {
    boolean test(int piece);
  }
}
