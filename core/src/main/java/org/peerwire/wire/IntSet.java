package org.peerwire.wire;

import java.util.Arrays;

/** A few numbers, at most as many as it is told to hold; what comes then is left out. */
final class IntSet {
  private static final int[] NONE = {};

  private final int max;
  private int[] values = NONE;

  IntSet(int max) {
    this.max = max;
  }

  boolean contains(int value) {
    for (int each : values) {
      if (each == value) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether it was added: it was not there and there was room. */
  boolean add(int value) {
    if (values.length == max || contains(value)) {
      return false;
    }
    values = Arrays.copyOf(values, values.length + 1);
    values[values.length - 1] = value;
    return true;
  }
}
