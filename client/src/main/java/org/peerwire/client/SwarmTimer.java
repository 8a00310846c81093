package org.peerwire.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.Swarm;

/** Sees to it that a swarm is called when its time has come. Belongs to the event loop. */
final class SwarmTimer {
  private final EventLoop loop;
  private final LongSupplier clock;
  private final Swarm swarm;
  private @Nullable ScheduledFuture<?> timer;
  private long timerAt;
  private boolean stopped;

  /**
   * Not armed yet.
   *
   * @param clock the swarm's, in nanoseconds
   */
  SwarmTimer(EventLoop loop, LongSupplier clock, Swarm swarm) {
    this.loop = loop;
    this.clock = clock;
    this.swarm = swarm;
  }

  /** After every call of the swarm: it may have got something to do, or to do earlier. */
  void arm() {
    if (stopped) {
      return;
    }
    long now = clock.getAsLong();
    long nanos = swarm.nanosUntilTick(now);
    if (nanos == Long.MAX_VALUE || (timer != null && now + nanos - timerAt >= 0)) {
      return;
    }
    cancel();
    timerAt = now + nanos;
    timer =
        loop.schedule(
            () -> {
              timer = null;
              swarm.tick(clock.getAsLong());
              arm();
            },
            nanos,
            TimeUnit.NANOSECONDS);
  }

  void stop() {
    stopped = true;
    cancel();
  }

  private void cancel() {
    ScheduledFuture<?> before = timer;
    if (before != null) {
      before.cancel(false);
    }
  }
}
