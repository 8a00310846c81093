package org.peerwire.wire;

import org.jspecify.annotations.Nullable;

/**
 * Bytes of blocks that went in one direction: in all, and a second lately, for which each byte
 * counts less the older it is, and next to nothing after half a minute. Null for the many wires on
 * which no block goes that way.
 */
final class Traffic {
  private static final double SPAN_NANOS = 5e9;

  private long total;
  private double recent;
  private long at;

  private Traffic() {}

  /** With so many bytes more. */
  static Traffic add(@Nullable Traffic before, int count, long now) {
    Traffic traffic = before == null ? new Traffic() : before;
    traffic.total += count;
    traffic.recent = traffic.faded(now) + count;
    traffic.at = now;
    return traffic;
  }

  static long total(@Nullable Traffic traffic) {
    return traffic == null ? 0 : traffic.total;
  }

  static double bytesPerSecond(@Nullable Traffic traffic, long now) {
    return traffic == null ? 0 : traffic.faded(now) * 1e9 / SPAN_NANOS;
  }

  private double faded(long now) {
    long age = Math.max(0, now - at);
    return recent == 0 ? 0 : recent * Math.exp(-age / SPAN_NANOS);
  }
}
