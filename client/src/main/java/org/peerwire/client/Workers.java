package org.peerwire.client;

import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Does a task that any number of threads may share with a thread for each core, while this one
 * tells how far it is.
 */
final class Workers {
  private static final long TELL_MILLIS = 50;

  private Workers() {}

  /**
   * Runs {@code work} on each thread until all of them return.
   *
   * @param stop makes them return early; run if this thread is interrupted
   */
  static void run(Runnable work, Runnable stop, LongSupplier done, long total, Progress progress)
      throws InterruptedIOException {
    int count = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors()));
    ExecutorService threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "peerwire-hash");
              thread.setDaemon(true);
              return thread;
            });
    try {
      CompletableFuture<?>[] all = new CompletableFuture<?>[count];
      for (int i = 0; i < count; i++) {
        all[i] = CompletableFuture.runAsync(work, threads);
      }
      await(CompletableFuture.allOf(all), done, total, progress);
      progress.at(total, total);
    } finally {
      stop.run();
      threads.shutdown();
    }
  }

  private static void await(
      CompletableFuture<Void> all, LongSupplier done, long total, Progress progress)
      throws InterruptedIOException {
    while (true) {
      try {
        all.get(TELL_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        progress.at(done.getAsLong(), total);
      } catch (InterruptedException e) {
        throw new InterruptedIOException("it was interrupted");
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }
}
