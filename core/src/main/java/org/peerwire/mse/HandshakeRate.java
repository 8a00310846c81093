package org.peerwire.mse;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How many key exchanges may be computed for others: so many a second, and as many at once after a
 * quiet time. Any thread may ask.
 */
final class HandshakeRate {
  private static final long SECOND = 1_000_000_000L;

  private final long interval;

  /** When all that was granted is used up at the even rate; null before the first. */
  private final AtomicReference<@Nullable Moment> usedUp = new AtomicReference<>();

  private record Moment(long nanos) {}

  HandshakeRate(int perSecond) {
    interval = SECOND / perSecond;
  }

  /** Whether one more may be computed now. */
  boolean grants(long now) {
    while (true) {
      Moment until = usedUp.get();
      long from = until == null || until.nanos() - now < 0 ? now : until.nanos();
      if (from - now > SECOND - interval) {
        return false;
      }
      if (usedUp.compareAndSet(until, new Moment(from + interval))) {
        return true;
      }
    }
  }
}
