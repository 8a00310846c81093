package org.peerwire.interop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a state that somebody reports, never for a time to pass. The only place that pauses.
 */
final class Await {
  private static final long PAUSE_NANOS = 20_000_000;

  private Await() {}

  /** A look at the state; null means "not yet", an exception ends the wait at once. */
  interface Look<T> {
    @Nullable T look() throws Exception;
  }

  /** A condition; an exception ends the wait at once. */
  interface Condition {
    boolean holds() throws Exception;
  }

  static void until(String what, Duration within, Condition condition) {
    value(what, within, () -> condition.holds() ? Boolean.TRUE : null);
  }

  /** The first value that is not null, or an {@link AssertionError} that says what was awaited. */
  static <T> T value(String what, Duration within, Look<T> look) {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      T value;
      try {
        value = look.look();
      } catch (Exception e) {
        throw new AssertionError("while waiting until " + what + ": " + e, e);
      }
      if (value != null) {
        return value;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + within.toSeconds() + " s: " + what);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting until " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
