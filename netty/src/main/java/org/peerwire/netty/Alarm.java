package org.peerwire.netty;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One task for all deadlines of a connection. It is moved only forward, so that traffic, which
 * moves deadlines back, costs nothing: it rings too early then, and is set anew.
 */
final class Alarm implements Runnable {
  private final EventExecutor executor;
  private final Runnable ring;
  private @Nullable ScheduledFuture<?> task;
  private long at;

  Alarm(EventExecutor executor, Runnable ring) {
    this.executor = executor;
    this.ring = ring;
  }

  long now() {
    return executor.ticker().nanoTime();
  }

  /** Rings in this many nanoseconds at the latest; {@link Long#MAX_VALUE}: need not. */
  void set(long now, long nanos) {
    if (nanos != Long.MAX_VALUE && (task == null || now + nanos - at < 0)) {
      stop();
      at = now + nanos;
      task = executor.schedule(this, nanos, TimeUnit.NANOSECONDS);
    }
  }

  void stop() {
    ScheduledFuture<?> set = task;
    if (set != null) {
      task = null;
      set.cancel(false);
    }
  }

  @Override
  public void run() {
    task = null;
    ring.run();
  }
}
