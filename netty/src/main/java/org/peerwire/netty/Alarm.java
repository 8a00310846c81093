package org.peerwire.netty;

import org.jspecify.annotations.Nullable;
import org.peerwire.netty.Alarms.Moment;

/**
 * One alarm for all deadlines of a connection. It is moved only forward, so that traffic, which
 * moves deadlines back, costs nothing: it rings too early then, and is set anew.
 */
final class Alarm {
  private final Alarms all;
  final Runnable ring;

  /** When it rings, or null if it is not set. */
  @Nullable Moment moment;

  /** Its neighbours, of those that ring at the same moment. */
  @Nullable Alarm previous;

  @Nullable Alarm next;

  /** What it was set to; it rings a little later. */
  private long at;

  Alarm(Alarms all, Runnable ring) {
    this.all = all;
    this.ring = ring;
  }

  long now() {
    return all.now();
  }

  /**
   * Rings when this many nanoseconds have passed, and at the most {@link Alarms#LATE} of them more;
   * or earlier. {@link Long#MAX_VALUE}: need not.
   */
  void set(long now, long nanos) {
    if (nanos != Long.MAX_VALUE && (moment == null || now + nanos - at < 0)) {
      stop();
      at = now + nanos;
      all.moment(now, nanos).add(this);
    }
  }

  void stop() {
    Moment set = moment;
    if (set != null) {
      set.remove(this);
    }
  }
}
