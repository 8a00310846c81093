package org.peerwire.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The tool. */
public final class Main {
  private static final String DEBUG = "--debug";

  private Main() {}

  /** Runs the tool and ends the process. */
  public static void main(String[] args) {
    // Always UTF-8: JSON has no other encoding, and names are in all scripts.
    StandardOutput standardOutput = new StandardOutput();
    PrintStream out = new PrintStream(standardOutput, false, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
    boolean debug = isDebug(args) || System.getenv("PEERWIRE_DEBUG") != null;
    if (!debug) {
      QuietLogging.use();
    }
    // Flight recorder events of the buffers, which take a tenth of a second to get ready for.
    System.setProperty("io.netty.jfr.enabled", "false");
    Interruption interruption = new Interruption();
    Console console = new Console(out, err, Terminal.ofStandardError(), debug, interruption);
    Thread.setDefaultUncaughtExceptionHandler(console);
    SignalHook hook = new SignalHook(interruption);
    hook.install();
    int code = run(args, out, err, console, System.getenv());
    if (code == ExitCode.BROKEN_PIPE && standardOutput.isBadlyBroken()) {
      console.note("peerwire: can't write the result: " + standardOutput.failure());
      code = ExitCode.LOCAL;
    }
    hook.exit(code);
  }

  /**
   * Runs the tool inside a program. The environment's variables for options are not looked at.
   *
   * @param out gets results
   * @param err gets progress and complaints
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return run(args, out, err, new Interruption(), Map.of());
  }

  static int run(
      String[] args,
      PrintStream out,
      PrintStream err,
      Interruption interruption,
      Map<String, String> environment) {
    Console console = new Console(out, err, Terminal.NONE, isDebug(args), interruption);
    return run(args, out, err, console, environment);
  }

  private static int run(
      String[] args,
      PrintStream out,
      PrintStream err,
      Console console,
      Map<String, String> variables) {
    String[] arguments = isDebug(args) ? withoutDebug(args) : args;
    int code = execute(arguments, out, err, console, variables);
    err.flush();
    return out.checkError() && code == ExitCode.DONE ? ExitCode.BROKEN_PIPE : code;
  }

  private static int execute(
      String[] arguments,
      PrintStream out,
      PrintStream err,
      Console console,
      Map<String, String> variables) {
    Integer code = Shortcut.execute(arguments, console, variables);
    return code != null ? code : Commands.execute(arguments, out, err, console, variables);
  }

  private static boolean isDebug(String[] args) {
    for (String arg : args) {
      if (arg.equals(DEBUG)) {
        return true;
      }
      if (arg.equals("--")) {
        return false;
      }
    }
    return false;
  }

  private static String[] withoutDebug(String[] args) {
    int end = Arrays.asList(args).indexOf(DEBUG);
    String[] rest = Arrays.copyOf(args, args.length - 1);
    System.arraycopy(args, end + 1, rest, end, rest.length - end);
    return rest;
  }
}
