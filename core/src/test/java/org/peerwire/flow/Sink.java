package org.peerwire.flow;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A subscriber that asks when it is told to, and keeps what it gets. */
final class Sink<T> implements Flow.Subscriber<T> {
  final List<T> items = new ArrayList<>();
  private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private long atFirst;

  /** Asks for so many at once. */
  Sink<T> asking(long count) {
    atFirst = count;
    return this;
  }

  @Override
  public void onSubscribe(Flow.Subscription to) {
    subscription = to;
    if (atFirst > 0) {
      to.request(atFirst);
    }
  }

  @Override
  public void onNext(T item) {
    synchronized (items) {
      items.add(item);
    }
  }

  @Override
  public void onError(Throwable why) {
    end.complete(why);
  }

  @Override
  public void onComplete() {
    end.complete(null);
  }

  void ask(long count) {
    subscription().request(count);
  }

  void cancel() {
    subscription().cancel();
  }

  int count() {
    synchronized (items) {
      return items.size();
    }
  }

  /** Waits for the end, and tells why; null if all is well. */
  @Nullable Throwable end() throws Exception {
    return end.get(20, TimeUnit.SECONDS);
  }

  boolean hasEnded() {
    return end.isDone();
  }

  /** All bytes of a sink of buffers. */
  static byte[] bytesOf(Sink<ByteBuffer> sink) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    synchronized (sink.items) {
      for (ByteBuffer each : sink.items) {
        byte[] part = new byte[each.remaining()];
        each.duplicate().get(part);
        all.writeBytes(part);
      }
    }
    return all.toByteArray();
  }

  private Flow.Subscription subscription() {
    Flow.Subscription to = subscription;
    if (to == null) {
      throw new IllegalStateException("not subscribed");
    }
    return to;
  }
}
