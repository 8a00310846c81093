package org.peerwire.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;

/** What a user is told of a command that failed. */
final class Failures {
  private Failures() {}

  /**
   * Tells it in one line.
   *
   * @param json whether a program reads along
   * @return the exit code
   */
  static int tell(Exception e, Console console, boolean json) {
    if (e instanceof BrokenPipeException) {
      return ExitCode.BROKEN_PIPE;
    }
    Failure failure = failure(e);
    if (failure == null) {
      console.internalError(e);
      return ExitCode.NOT_DONE;
    }
    if (!failure.isTold() && json) {
      console.result(
          Json.event("failed").put("exit", failure.exitCode()).put("message", failure.line()));
    }
    console.note("peerwire: " + SafeText.of(failure.line(), 1000));
    console.trace(e);
    return failure.exitCode();
  }

  private static @Nullable Failure failure(Exception e) {
    if (e instanceof Failure told) {
      return told;
    }
    Throwable io = e instanceof UncheckedIOException ? e.getCause() : e;
    return io instanceof IOException local ? Failure.local(local) : null;
  }
}
