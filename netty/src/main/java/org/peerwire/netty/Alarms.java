package org.peerwire.netty;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The alarms of all connections of an event executor. Each moment at which one rings wakes the
 * thread up, which costs more than what is to be done then; so a far moment is put off to one that
 * others have too. Ten thousand idle connections share two a second, and a task for each.
 */
final class Alarms {
  /** By which part of the time that it waits a moment is put off at the most: one in so many. */
  static final int LATE = 64;

  /** The coarsest grain of time, in nanoseconds: about a second. */
  private static final long COARSEST = 1L << 30;

  /** How many ring before other work gets its turn. */
  private static final int AT_ONCE = 64;

  /** Held by those that have an alarm, and gone with the last of them. */
  private static final Map<EventExecutor, WeakReference<Alarms>> BY_EXECUTOR =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final EventExecutor executor;

  /** Those that are to come, by their time. */
  private final Map<Long, Moment> moments = new HashMap<>();

  private Alarms(EventExecutor executor) {
    this.executor = executor;
  }

  /** Those of this executor, to be called by nobody else. */
  static Alarms of(EventExecutor executor) {
    WeakReference<Alarms> known = BY_EXECUTOR.get(executor);
    Alarms alarms = known == null ? null : known.get();
    if (alarms == null) {
      alarms = new Alarms(executor);
      BY_EXECUTOR.put(executor, new WeakReference<>(alarms));
    }
    return alarms;
  }

  long now() {
    return executor.ticker().nanoTime();
  }

  /** The moment for what is due in so many nanoseconds. */
  Moment moment(long now, long nanos) {
    long grain = Math.min(COARSEST, Math.max(1, Long.highestOneBit(nanos) / LATE));
    long at = (now + nanos + grain - 1) & -grain;
    Moment known = moments.get(at);
    if (known != null) {
      return known;
    }
    Moment moment = new Moment(at);
    moment.task = executor.schedule(moment, at - now, TimeUnit.NANOSECONDS);
    moments.put(at, moment);
    return moment;
  }

  /** Those that ring at the same time: a list that is linked through them. */
  final class Moment implements Runnable {
    private final long at;
    private @Nullable Future<?> task;
    private @Nullable Alarm first;

    private Moment(long at) {
      this.at = at;
    }

    void add(Alarm alarm) {
      Alarm next = first;
      if (next != null) {
        next.previous = alarm;
      }
      alarm.next = next;
      alarm.moment = this;
      first = alarm;
    }

    void remove(Alarm alarm) {
      Alarm previous = alarm.previous;
      Alarm next = alarm.next;
      if (next != null) {
        next.previous = previous;
      }
      if (previous != null) {
        previous.next = next;
      } else {
        first = next;
      }
      alarm.previous = null;
      alarm.next = null;
      alarm.moment = null;
      Future<?> waiting = task;
      if (first == null && waiting != null) {
        moments.remove(at);
        waiting.cancel(false);
      }
    }

    /** Also if one of them throws, the others ring. */
    @Override
    public void run() {
      moments.remove(at, this);
      task = null;
      try {
        for (int i = 0; i < AT_ONCE && first != null; i++) {
          Alarm alarm = first;
          remove(alarm);
          alarm.ring.run();
        }
      } finally {
        if (first != null) {
          executor.execute(this);
        }
      }
    }
  }
}
