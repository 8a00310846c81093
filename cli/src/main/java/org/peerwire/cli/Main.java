package org.peerwire.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The tool. */
public final class Main {
  private static final String DEBUG = "--debug";

  /** How long a signal waits for the command to leave things in order. */
  private static final long STOP_SECONDS = 2;

  /** Options and commands of the plan that are not there yet: to be told apart from mistakes. */
  private static final Set<String> PLANNED = Set.of("--select");

  private Main() {}

  /** Runs the tool and ends the process. */
  public static void main(String[] args) {
    // Always UTF-8: JSON has no other encoding, and names are in all scripts.
    StandardOutput standardOutput = new StandardOutput();
    PrintStream out = new PrintStream(standardOutput, false, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
    boolean debug = isDebug(args) || System.getenv("PEERWIRE_DEBUG") != null;
    // Libraries log to standard error, with stack traces. What a user needs to know, we say.
    Logger rootLogger = Logger.getLogger("");
    rootLogger.setLevel(debug ? Level.INFO : Level.OFF);
    Interruption interruption = new Interruption();
    Console console = new Console(out, err, Terminal.detect(System.getenv()), debug, interruption);
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> internalError(console, e));

    CompletableFuture<Integer> ended = new CompletableFuture<>();
    Thread hook = new Thread(() -> endBySignal(interruption, ended), "peerwire-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    int code = run(args, out, err, console, System.getenv());
    if (code == ExitCode.BROKEN_PIPE && standardOutput.isBadlyBroken()) {
      console.note("peerwire: can't write the result: " + standardOutput.failure());
      code = ExitCode.LOCAL;
    }
    ended.complete(code);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A signal came, and the hook decides the exit code. It has only waited for us.
      return;
    }
    System.exit(code);
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
    CommandLine tool = new CommandLine(new Tool());
    tool.addSubcommand(new DemoCommand(console));
    tool.addSubcommand(new GetCommand(console));
    tool.addSubcommand(new SeedCommand(console));
    tool.addSubcommand(new ProbeCommand(console));
    tool.addSubcommand(new MetadataCommand(console));
    tool.addSubcommand(new CreateCommand(console));
    tool.addSubcommand(new ShowCommand(console));
    tool.addSubcommand(new VerifyCommand(console));
    tool.addSubcommand(new CompletionCommand(console));
    tool.addSubcommand(new ManCommand(console));
    Environment environment = new Environment(variables);
    tool.setDefaultValueProvider(environment);
    // An argument is what the user typed: no @files, no quotes taken off, nothing abbreviated.
    tool.setExpandAtFiles(false);
    tool.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    tool.setUsageHelpWidth(100);
    tool.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    tool.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    tool.setParameterExceptionHandler(
        (e, arguments) -> wrongUsage(console, environment, arguments, e));
    tool.setExecutionExceptionHandler((e, command, parsed) -> failed(console, command, e));
    String[] arguments =
        Arrays.stream(args).takeWhile(arg -> !arg.equals("--")).anyMatch(DEBUG::equals)
            ? withoutDebug(args)
            : args;
    int code = tool.execute(arguments);
    err.flush();
    return out.checkError() && code == ExitCode.DONE ? ExitCode.BROKEN_PIPE : code;
  }

  private static int wrongUsage(
      Console console, Environment environment, String[] arguments, ParameterException e) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String line = firstLine(e);
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> words = unmatched.getUnmatched();
      String word = words.isEmpty() ? "" : words.get(0);
      int equals = word.indexOf('=');
      String option = equals < 0 ? word : word.substring(0, equals);
      if (PLANNED.contains(option)) {
        line = option + " is planned and not there yet";
      } else if (!word.startsWith("-") && command.getParent() == null) {
        line = "there is no command '" + word + "'";
      } else if (!word.startsWith("-")) {
        line = "'" + word + "' is one argument too many";
      }
    }
    line += environment.blame(e.getArgSpec(), arguments);
    console.note(SafeText.of(name + ": " + line, 400) + "; see '" + name + " --help'");
    console.trace(e);
    return ExitCode.USAGE;
  }

  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end).strip();
  }

  private static int failed(Console console, CommandLine command, Exception e) {
    if (e instanceof BrokenPipeException) {
      return ExitCode.BROKEN_PIPE;
    }
    Failure failure = failure(e);
    if (failure == null) {
      internalError(console, e);
      return ExitCode.NOT_DONE;
    }
    if (!failure.isTold() && isJson(command)) {
      console.result(
          Json.event("failed").put("exit", failure.exitCode()).put("message", failure.line()));
    }
    console.note("peerwire: " + SafeText.of(failure.line(), 1000));
    console.trace(e);
    return failure.exitCode();
  }

  private static boolean isJson(CommandLine command) {
    OptionSpec option = command.getCommandSpec().findOption("--json");
    return option != null && Boolean.TRUE.equals(option.getValue());
  }

  private static @Nullable Failure failure(Exception e) {
    if (e instanceof Failure told) {
      return told;
    }
    Throwable io = e instanceof UncheckedIOException ? e.getCause() : e;
    return io instanceof IOException local ? Failure.local(local) : null;
  }

  private static void internalError(Console console, Throwable e) {
    console.note(
        SafeText.of("peerwire: this is a mistake of the program, not yours: " + e, 400)
            + (console.isDebug() ? "" : "; please report it with what --debug shows"));
    console.trace(e);
  }

  /**
   * The way out for SIGINT, SIGTERM and SIGHUP. The JVM has its exit code by then, 128 and the
   * signal's number, and a hook can't change it; for a command that a signal is the right end of,
   * as it is for {@code seed}, only halting says 0. Everything has been flushed and released by
   * then.
   */
  private static void endBySignal(Interruption interruption, CompletableFuture<Integer> ended) {
    interruption.request();
    try {
      if (ended.get(STOP_SECONDS, TimeUnit.SECONDS) == ExitCode.DONE) {
        Runtime.getRuntime().halt(ExitCode.DONE);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      // Too slow: what is on disk is checked by the next run in any case.
      return;
    }
  }

  private static boolean isDebug(String[] args) {
    return Arrays.stream(args).takeWhile(arg -> !arg.equals("--")).anyMatch(DEBUG::equals);
  }

  private static String[] withoutDebug(String[] args) {
    int end = Arrays.asList(args).indexOf(DEBUG);
    String[] rest = Arrays.copyOf(args, args.length - 1);
    System.arraycopy(args, end + 1, rest, end, rest.length - end);
    return rest;
  }

  /** Remembers why it failed, which a {@link PrintStream} does not tell. */
  private static final class StandardOutput extends FilterOutputStream {
    private @Nullable String failure;

    StandardOutput() {
      super(new FileOutputStream(FileDescriptor.out));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
        throw e;
      }
    }

    String failure() {
      return String.valueOf(failure);
    }

    /** Whether it is more than a reader that has had enough: a full disk. */
    boolean isBadlyBroken() {
      String why = failure;
      return why != null && !why.toLowerCase(Locale.ROOT).contains("pipe");
    }
  }
}
