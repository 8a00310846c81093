package org.peerwire.wire;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Tolerance;
import org.peerwire.Violation;

/** Counts the peer's violations, and decides which one is too many. */
final class Conduct {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final int KEEP_ALIVES_PER_MINUTE = 600;

  private final PeerWire wire;

  /** Null for the many peers that never do anything wrong. */
  private @Nullable Map<Violation, Count> counts;

  private int keepAlives;
  private long keepAliveMinute;

  Conduct(PeerWire wire) {
    this.wire = wire;
  }

  /**
   * The peer broke a rule: reports it, or closes the wire.
   *
   * @return whether it is put up with
   */
  boolean tolerates(Violation violation, String detail) {
    Tolerance tolerance = violation.tolerance(wire.options().profile());
    if (tolerance.events() < count(violation, tolerance)) {
      fail(violation, detail);
      return false;
    }
    mention(violation, detail);
    // The listener may have had enough.
    return !wire.isClosed();
  }

  /** Reports what is put up with however often it happens. */
  void mention(Violation violation, String detail) {
    wire.listener.onViolation(wire, wire.report(violation, detail));
  }

  /** The peer broke a rule in a way that always closes. */
  void fail(Violation violation, String detail) {
    wire.end(new CloseCause.Violated(wire.report(violation, detail)));
  }

  void keepAlive() {
    long now = wire.deadlines.now();
    if (keepAlives == 0 || now - keepAliveMinute > MINUTE) {
      keepAlives = 0;
      keepAliveMinute = now;
    }
    if (++keepAlives == KEEP_ALIVES_PER_MINUTE + 1) {
      mention(Violation.KEEPALIVE_FLOOD, "");
    }
  }

  private int count(Violation violation, Tolerance tolerance) {
    Map<Violation, Count> known = counts;
    if (known == null) {
      known = new EnumMap<>(Violation.class);
      counts = known;
    }
    long now = wire.deadlines.now();
    Count count = known.computeIfAbsent(violation, first -> new Count(now));
    if (tolerance.perMinute() && now - count.since > MINUTE) {
      count.since = now;
      count.number = 0;
    }
    if (count.number < Integer.MAX_VALUE) {
      count.number++;
    }
    return count.number;
  }

  private static final class Count {
    int number;
    long since;

    Count(long now) {
      since = now;
    }
  }
}
