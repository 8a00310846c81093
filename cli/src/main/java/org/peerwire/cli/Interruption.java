package org.peerwire.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The wish that a running command ends, from a signal or a test. For any thread. */
final class Interruption {
  private final CompletableFuture<Void> requested = new CompletableFuture<>();

  void request() {
    requested.complete(null);
  }

  boolean isRequested() {
    return requested.isDone();
  }

  /**
   * Waits until {@code done} is completed in any way, the interruption is requested, or the time
   * has passed.
   */
  void await(CompletableFuture<?> done, long millis) throws InterruptedException {
    try {
      CompletableFuture.anyOf(done, requested).get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Either is an end to waiting; the caller looks at what it waited for.
      return;
    }
  }
}
