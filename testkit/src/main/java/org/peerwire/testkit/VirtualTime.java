package org.peerwire.testkit;

import java.time.Duration;

/** A clock that stands still until it is told to move. In nanoseconds, as a wire takes time. */
public final class VirtualTime {
  private long now;

  /** A clock that shows 0. */
  public VirtualTime() {
    this(0);
  }

  /**
   * A clock that shows {@code start}.
   *
   * @param start any number; close to {@link Long#MAX_VALUE} the clock wraps soon, as {@link
   *     System#nanoTime} may
   */
  public VirtualTime(long start) {
    now = start;
  }

  /** What the clock shows, in nanoseconds; only differences mean anything. */
  public long now() {
    return now;
  }

  /** Moves the clock. What is due meanwhile is up to who reads it: see {@link WirePair#advance}. */
  public void advance(Duration by) {
    advanceNanos(by.toNanos());
  }

  void advanceNanos(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("time does not run backwards");
    }
    now += nanos;
  }

  @Override
  public String toString() {
    return "t=" + now + "ns";
  }
}
