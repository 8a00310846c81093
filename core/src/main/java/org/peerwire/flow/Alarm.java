package org.peerwire.flow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Signals when a deadline has come, or earlier. Belongs to the loop. */
final class Alarm {
  private final Runnable signal;
  private @Nullable CompletableFuture<Boolean> timer;
  private long at;

  Alarm(Runnable signal) {
    this.signal = signal;
  }

  /**
   * Deadlines mostly move away, with each byte that comes. So one that is set rings at its time and
   * is then set anew, and only an earlier one is worth another timer.
   */
  void set(long now, long nanos) {
    CompletableFuture<Boolean> set = timer;
    if (set != null && !set.isDone()) {
      if (at - now <= nanos) {
        return;
      }
      set.cancel(false);
    }
    at = now + nanos;
    CompletableFuture<Boolean> ringing =
        new CompletableFuture<Boolean>().completeOnTimeout(true, nanos, TimeUnit.NANOSECONDS);
    timer = ringing;
    // A rest of it that is cancelled tells nothing.
    ringing.thenRun(signal).exceptionally(cancelled -> null);
  }

  void stop() {
    CompletableFuture<Boolean> set = timer;
    if (set != null) {
      set.cancel(false);
      timer = null;
    }
  }
}
