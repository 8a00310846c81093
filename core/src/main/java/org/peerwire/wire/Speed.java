package org.peerwire.wire;

/**
 * Bytes a second lately, of blocks that go in one direction: each byte counts less the older it is,
 * and nothing after half a minute.
 */
final class Speed {
  private static final double SPAN_NANOS = 5e9;
  private static final long PAST_NANOS = 30_000_000_000L;

  private double recent;
  private long at;

  void add(int count, long now) {
    recent = faded(now) + count;
    at = now;
  }

  double bytesPerSecond(long now) {
    return faded(now) * 1e9 / SPAN_NANOS;
  }

  /** Whether no byte counts any more. */
  boolean isPast(long now) {
    return recent == 0 || now - at > PAST_NANOS;
  }

  private double faded(long now) {
    long age = Math.max(0, now - at);
    return isPast(now) ? 0 : recent * Math.exp(-age / SPAN_NANOS);
  }
}
