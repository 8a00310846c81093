package org.peerwire.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/**
 * The way out for SIGINT, SIGTERM and SIGHUP. The first asks the command to leave things in order,
 * and waits for it a little; a second one does not wait.
 */
final class SignalHook extends Thread {
  /** Whatever the command has not done by then is left to the next run. */
  private static final long STOP_SECONDS = 2;

  private final Interruption interruption;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int code = ExitCode.NOT_DONE;

  SignalHook(Interruption interruption) {
    super("peerwire-stop");
    this.interruption = interruption;
  }

  void install() {
    Runtime.getRuntime().addShutdownHook(this);
  }

  /** Ends the process with this code, unless a signal came, which has its own. */
  void exit(int exitCode) {
    code = exitCode;
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(this);
    } catch (IllegalStateException e) {
      // A signal came, and the hook decides the exit code. It has only waited for us.
      return;
    }
    if (exitCode != ExitCode.DONE || !isAlone()) {
      System.exit(exitCode);
    }
    // Else the process ends when main returns. From JDK 21 on, to exit makes logging ready first so
    // that it can be told of, which takes longer than all else that a short command does.
  }

  /** Whether no other thread of ours is left that the process would wait for. */
  private static boolean isAlone() {
    return Thread.activeCount() == 1;
  }

  /**
   * A signal came. The JVM has its exit code by then, 128 and the signal's number, and a hook can't
   * change it; for a command that a signal is the right end of, as it is for {@code seed}, only
   * halting says 0. Everything has been flushed and released by then.
   */
  @Override
  public void run() {
    haltOn("HUP", 1);
    haltOn("INT", 2);
    haltOn("TERM", 15);
    interruption.request();
    try {
      if (ended.await(STOP_SECONDS, TimeUnit.SECONDS) && code == ExitCode.DONE) {
        Runtime.getRuntime().halt(ExitCode.DONE);
      }
    } catch (InterruptedException e) {
      // Nobody does that; the process ends in any case.
      interrupt();
    }
  }

  private static void haltOn(String signal, int number) {
    Signals.register(signal, () -> Runtime.getRuntime().halt(128 + number));
  }
}
