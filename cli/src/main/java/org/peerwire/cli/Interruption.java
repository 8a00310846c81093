package org.peerwire.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The wish that a running command ends, from a signal or a test. For any thread. */
final class Interruption {
  private boolean requested;

  /** Made when someone waits: most commands are done before, and it takes long to load. */
  private @Nullable CompletableFuture<Void> told;

  synchronized void request() {
    requested = true;
    if (told != null) {
      told.complete(null);
    }
  }

  synchronized boolean isRequested() {
    return requested;
  }

  /**
   * Waits until {@code done} is completed in any way, the interruption is requested, or the time
   * has passed.
   */
  void await(CompletableFuture<?> done, long millis) throws InterruptedException {
    try {
      CompletableFuture.anyOf(done, told()).get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Either is an end to waiting; the caller looks at what it waited for.
      return;
    }
  }

  private synchronized CompletableFuture<Void> told() {
    CompletableFuture<Void> future = told;
    if (future == null) {
      future = new CompletableFuture<>();
      told = future;
      if (requested) {
        future.complete(null);
      }
    }
    return future;
  }
}
