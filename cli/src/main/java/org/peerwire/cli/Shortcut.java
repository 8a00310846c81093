package org.peerwire.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Command lines as plain as can be of the commands that scripts call in loops. They are understood
 * without picocli, which takes longer to get ready than these take to run; it has all others.
 */
final class Shortcut {
  private Shortcut() {}

  /**
   * Runs a command line, if it is so plain.
   *
   * @return the exit code; null if nothing was done
   */
  static @Nullable Integer execute(
      String[] arguments, Console console, Map<String, String> variables) {
    if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
      try {
        console.result(Version.line());
        return ExitCode.DONE;
      } catch (BrokenPipeException e) {
        return ExitCode.BROKEN_PIPE;
      }
    }
    if (Environment.isUsed(variables)
        || arguments.length < 2
        || !arguments[0].equals("show")
        || !isPlain(arguments[1])) {
      return null;
    }
    if (arguments.length == 2) {
      return run(new ShowCommand(console, arguments[1], false), console, false);
    }
    if (arguments.length == 3 && arguments[2].equals("--json")) {
      return run(new ShowCommand(console, arguments[1], true), console, true);
    }
    return null;
  }

  private static int run(Callable<Integer> command, Console console, boolean json) {
    try {
      return command.call();
    } catch (Exception e) {
      return Failures.tell(e, console, json);
    }
  }

  private static boolean isPlain(String argument) {
    return !argument.isEmpty() && !argument.startsWith("-");
  }
}
