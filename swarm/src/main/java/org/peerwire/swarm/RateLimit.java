package org.peerwire.swarm;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes a second may move: an allowance that grows with time, up to a tenth of a second's
 * worth. What moves may overdraw it by one block, and the next waits until that is made good.
 *
 * <p>One limit may be shared by swarms that belong to the same thread; together they move no more.
 */
public final class RateLimit {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Less than this is not worth waking up for. */
  private static final long LEAST_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

  /** So much may move at once after a pause: a tenth of a second's worth, or this. */
  private static final long LEAST_BURST = 1 << 14;

  private final long bytesPerSecond;
  private final double burst;
  private double allowance;
  private boolean begun;
  private long grownAt;

  private RateLimit(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
    burst = Math.max(LEAST_BURST, bytesPerSecond / 10.0);
    allowance = burst;
  }

  /** As much as can move. */
  public static RateLimit none() {
    return new RateLimit(Long.MAX_VALUE);
  }

  /**
   * A limit.
   *
   * @param bytes bytes of blocks a second, from 1
   * @throws IllegalArgumentException if it is below 1
   */
  public static RateLimit perSecond(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(bytes + " bytes a second");
    }
    return new RateLimit(bytes);
  }

  /** Takes what is about to move off the allowance. Returns whether it may move. */
  boolean take(int bytes, long now) {
    if (bytesPerSecond == Long.MAX_VALUE) {
      return true;
    }
    grow(now);
    if (allowance <= 0) {
      return false;
    }
    allowance -= bytes;
    return true;
  }

  /** What was taken has not moved. */
  void giveBack(int bytes) {
    allowance = Math.min(burst, allowance + bytes);
  }

  /** In how many nanoseconds something may move. */
  long nanosUntilSome(long now) {
    if (bytesPerSecond == Long.MAX_VALUE) {
      return 0;
    }
    grow(now);
    return allowance > 0
        ? 0
        : Math.max(LEAST_WAIT, (long) Math.ceil((1 - allowance) * SECOND / bytesPerSecond));
  }

  private void grow(long now) {
    if (begun && now - grownAt > 0) {
      allowance = Math.min(burst, allowance + (double) bytesPerSecond * (now - grownAt) / SECOND);
    }
    if (!begun || now - grownAt > 0) {
      grownAt = now;
    }
    begun = true;
  }
}
