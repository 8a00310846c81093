package org.peerwire.flow;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Runs one routine whenever something happened, never twice at once and never inside itself.
 * However many signals come meanwhile, they cost one more run.
 */
final class Loop {
  private final Executor executor;
  private final BooleanSupplier routine;
  private final AtomicInteger signals = new AtomicInteger();

  /**
   * A loop that rests.
   *
   * @param executor may run what it gets at once
   * @param routine does what is to be done, and does not throw. It returns whether there is more,
   *     and others that share the executor have their turn first
   */
  Loop(Executor executor, BooleanSupplier routine) {
    this.executor = executor;
    this.routine = routine;
  }

  /** Something happened; for any thread. */
  void signal() {
    if (signals.getAndIncrement() > 0) {
      return;
    }
    try {
      executor.execute(this::run);
    } catch (RejectedExecutionException e) {
      // It was shut down. What is open must end all the same, and here is a thread.
      run();
    }
  }

  private void run() {
    int seen = signals.get();
    do {
      while (routine.getAsBoolean()) {
        Turn next = new Turn();
        if (!next.isOurs()) {
          return;
        }
      }
      seen = signals.addAndGet(-seen);
    } while (seen > 0);
  }

  /**
   * The next turn of the executor. One that runs it at once, inside of the call, gives it to us;
   * otherwise each turn would lie on the stack of the one before.
   */
  private final class Turn implements Runnable {
    private final Thread giver = Thread.currentThread();
    private volatile boolean giving = true;
    private boolean ours;

    boolean isOurs() {
      try {
        executor.execute(this);
      } catch (RejectedExecutionException e) {
        ours = true;
      }
      giving = false;
      return ours;
    }

    @Override
    public void run() {
      if (Thread.currentThread() == giver && giving) {
        ours = true;
      } else {
        Loop.this.run();
      }
    }
  }
}
