package org.peerwire.cli;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How fast a count grows: over the last seconds, so that it follows what happens and still can be
 * read. The meters of the wire look further back, which suits choking and not eyes.
 */
final class Rate {
  private static final long WINDOW_NANOS = Duration.ofSeconds(4).toNanos();

  private record Sample(long nanos, long count) {}

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  /** The count is this now; the same clock every time. */
  void at(long count, long nanos) {
    while (samples.size() > 1 && nanos - samples.getFirst().nanos > WINDOW_NANOS) {
      samples.removeFirst();
    }
    samples.addLast(new Sample(nanos, count));
  }

  /** Since the oldest sample that is not too old. */
  double perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double seconds = (last.nanos - first.nanos) / 1e9;
    return seconds <= 0 ? 0 : Math.max(0, (last.count - first.count) / seconds);
  }
}
