package org.peerwire.wire;

/**
 * Bytes a second, lately: each byte counts less the older it is, and next to nothing after half a
 * minute.
 */
final class SpeedMeter {
  private static final double SPAN_NANOS = 5e9;

  private double bytes;
  private long at;

  void add(int count, long now) {
    bytes = faded(now) + count;
    at = now;
  }

  double bytesPerSecond(long now) {
    return faded(now) * 1e9 / SPAN_NANOS;
  }

  private double faded(long now) {
    long age = Math.max(0, now - at);
    return bytes == 0 ? 0 : bytes * Math.exp(-age / SPAN_NANOS);
  }
}
