package org.peerwire.flow;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The side that asks a source for bytes: a few elements at a time, and more only when they were
 * read. The source's threads put, the loop takes.
 */
final class Inlet implements Flow.Subscriber<List<ByteBuffer>> {
  /** How many elements may be on their way or wait. */
  static final int WINDOW = 8;

  private final Runnable signal;
  private final AtomicReference<Flow.@Nullable Subscription> source = new AtomicReference<>();
  private final Queue<List<ByteBuffer>> inputs = new ConcurrentLinkedQueue<>();
  private final Demand asked = new Demand();
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;
  private volatile boolean unruly;
  private volatile boolean cancelled;

  /** How many more may be asked for. Belongs to the loop, as whatever speaks to the source. */
  private int owed = WINDOW;

  Inlet(Runnable signal) {
    this.signal = signal;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription);
    if (source.compareAndSet(null, subscription)) {
      signal.run();
    } else {
      subscription.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> input) {
    List<ByteBuffer> copy = List.copyOf(input);
    if (cancelled || ended) {
      return;
    }
    if (asked.take()) {
      inputs.add(copy);
      signal.run();
    } else {
      // What would be kept for it has no bound.
      unruly = true;
      onError(new IllegalStateException("the source sent more than it was asked for (rule 1.1)"));
    }
  }

  @Override
  public void onError(Throwable why) {
    Objects.requireNonNull(why);
    failure = why;
    ended = true;
    signal.run();
  }

  @Override
  public void onComplete() {
    ended = true;
    signal.run();
  }

  boolean isSubscribed() {
    return source.get() != null;
  }

  /** Asks for what there is room for. */
  void ask() {
    Flow.Subscription subscription = source.get();
    if (subscription != null && !cancelled && !ended && owed >= WINDOW / 2) {
      int more = owed;
      owed = 0;
      asked.add(more);
      subscription.request(more);
    }
  }

  /** The next input, or null. */
  @Nullable List<ByteBuffer> poll() {
    List<ByteBuffer> input = inputs.poll();
    if (input != null) {
      owed++;
    }
    return input;
  }

  /** Whether nothing comes any more; what was put before may wait. */
  boolean isEnded() {
    return ended;
  }

  /** Why the source failed, or null if it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Wants nothing any more. A source that has ended is not told (rule 2.3). */
  void cancel() {
    Flow.Subscription subscription = source.get();
    if (subscription != null && !cancelled) {
      cancelled = true;
      inputs.clear();
      if (!ended || unruly) {
        subscription.cancel();
      }
    }
  }
}
