package org.peerwire.wire;

import java.util.Arrays;

/**
 * Requests of ours that ended without a block, by reject, choke, cancel or timeout. It may still
 * come, and tells an innocent peer from one that sends what nobody asked for. Bounded in number and
 * age.
 */
final class Withdrawn {
  private static final int WIDTH = 3;
  private static final int[] NO_FIELDS = {};
  private static final long[] NO_TIMES = {};

  private final int max;
  private final long nanos;
  private int[] fields = NO_FIELDS;
  private long[] times = NO_TIMES;
  private int next;
  private int size;

  Withdrawn(int max, long nanos) {
    this.max = max;
    this.nanos = nanos;
  }

  void add(int piece, int begin, int length, long now) {
    if (size == times.length && size < max) {
      grow();
    }
    fields[next * WIDTH] = piece;
    fields[next * WIDTH + 1] = begin;
    fields[next * WIDTH + 2] = length;
    times[next] = now;
    next = (next + 1) % times.length;
    size = Math.min(size + 1, times.length);
  }

  /** Whether this request was withdrawn lately; it is forgotten then. One of length 0 never is. */
  boolean take(int piece, int begin, int length, long now) {
    for (int i = 0; i < size && length != 0; i++) {
      int at = i * WIDTH;
      if (fields[at] == piece && fields[at + 1] == begin && fields[at + 2] == length) {
        fields[at + 2] = 0; // no request has this length
        return now - times[i] <= nanos;
      }
    }
    return false;
  }

  /** Whether all of it is too old to count. */
  boolean isPast(long now) {
    for (int i = 0; i < size; i++) {
      if (now - times[i] <= nanos) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    // The ring has not wrapped yet, as it wraps only at its largest.
    int capacity = Math.min(max, Math.max(8, 2 * times.length));
    fields = Arrays.copyOf(fields, capacity * WIDTH);
    times = Arrays.copyOf(times, capacity);
    next = size;
  }
}
