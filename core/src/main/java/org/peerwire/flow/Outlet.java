package org.peerwire.flow;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The side that is asked: a publisher for one subscriber, and its subscription. The subscriber's
 * threads ask, the loop gives.
 */
final class Outlet<T> implements Flow.Publisher<T>, Flow.Subscription {
  private static final Flow.Subscription NOTHING =
      new Flow.Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
      };

  private final Runnable signal;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final Demand demand = new Demand();
  private volatile Flow.@Nullable Subscriber<? super T> subscriber;
  private volatile boolean ready;
  private volatile boolean cancelled;
  private volatile @Nullable Throwable misuse;

  // What belongs to the loop.
  private boolean ended;
  private @Nullable Throwable failure;

  Outlet(Runnable signal) {
    this.signal = signal;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> another) {
    Objects.requireNonNull(another);
    if (!taken.compareAndSet(false, true)) {
      another.onSubscribe(NOTHING);
      another.onError(new IllegalStateException("there is a subscriber already, and one is all"));
      return;
    }
    subscriber = another;
    try {
      another.onSubscribe(this);
    } catch (RuntimeException | Error e) {
      cancel();
      throw e;
    } finally {
      ready = true;
      signal.run();
    }
  }

  @Override
  public void request(long count) {
    if (count > 0) {
      demand.add(count);
    } else if (misuse == null) {
      misuse =
          new IllegalArgumentException("a non-positive subscription request (rule 3.9): " + count);
    }
    signal.run();
  }

  @Override
  public void cancel() {
    cancelled = true;
    subscriber = null;
    signal.run();
  }

  boolean isSubscribed() {
    return ready;
  }

  /** Whether nobody takes anything any more, of their own accord. */
  boolean isCancelled() {
    return cancelled || misuse != null;
  }

  /** Whether the subscriber wants one more. */
  boolean isAsked() {
    return ready && !ended && !isCancelled() && !demand.isNone();
  }

  /** Gives one that was asked for. A subscriber that throws has cancelled. */
  void give(T item) {
    Flow.Subscriber<? super T> to = subscriber;
    if (to != null && demand.take()) {
      try {
        to.onNext(item);
      } catch (RuntimeException | Error e) {
        cancel();
        throw e;
      }
    }
  }

  /**
   * Nothing more comes.
   *
   * @param why null if all is well
   */
  void end(@Nullable Throwable why) {
    if (!ended) {
      ended = true;
      failure = why;
    }
  }

  /** Tells the subscriber of the end, once there is both. */
  void tellEnd() {
    Throwable wrong = misuse;
    if (!ready || !(ended || wrong != null)) {
      return;
    }
    Flow.Subscriber<? super T> to = subscriber;
    subscriber = null;
    if (to == null) {
      return;
    }
    Throwable why = wrong != null ? wrong : failure;
    if (why == null) {
      to.onComplete();
    } else {
      to.onError(why);
    }
  }
}
