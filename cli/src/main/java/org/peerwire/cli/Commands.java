package org.peerwire.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.swarm.metainfo.MagnetLink;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The tool's commands: finds out which one a command line means, and what to say if it means none.
 *
 * <p>Reading what a command's annotations say takes longer than most commands run, so only those of
 * the command that is named are read.
 */
final class Commands implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /** In the order of the help. */
  private static final List<String> NAMES =
      List.of(
          "demo",
          "get",
          "seed",
          "probe",
          "metadata",
          "create",
          "show",
          "verify",
          "completion",
          "man");

  /** They tell of all the others. */
  private static final Set<String> OF_ALL = Set.of("completion", "man");

  private final Console console;
  private final Environment environment;

  private Commands(Console console, Map<String, String> variables) {
    this.console = console;
    environment = new Environment(variables);
  }

  private Object command(String name) {
    return switch (name) {
      case "demo" -> new DemoCommand(console);
      case "get" -> new GetCommand(console);
      case "seed" -> new SeedCommand(console);
      case "probe" -> new ProbeCommand(console);
      case "metadata" -> new MetadataCommand(console);
      case "create" -> new CreateCommand(console);
      case "show" -> new ShowCommand(console);
      case "verify" -> new VerifyCommand(console);
      case "completion" -> new CompletionCommand(console);
      case "man" -> new ManCommand(console);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * Runs the command that is meant.
   *
   * @return the exit code
   */
  static int execute(
      String[] arguments,
      PrintStream out,
      PrintStream err,
      Console console,
      Map<String, String> variables) {
    return new Commands(console, variables).execute(arguments, out, err);
  }

  private int execute(String[] arguments, PrintStream out, PrintStream err) {
    CommandLine tool = tool(arguments);
    tool.setDefaultValueProvider(environment);
    // An argument is what the user typed: no @files, no quotes taken off, nothing abbreviated.
    tool.setExpandAtFiles(false);
    tool.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    tool.setUsageHelpWidth(100);
    tool.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    tool.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    tool.setParameterExceptionHandler(this);
    tool.setExecutionExceptionHandler(this);
    return tool.execute(arguments);
  }

  private CommandLine tool(String[] arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    if (NAMES.contains(first) && !OF_ALL.contains(first)) {
      CommandLine tool = new CommandLine(CommandSpec.create().name(Tool.NAME));
      tool.addSubcommand(command(first));
      return tool;
    }
    CommandLine tool = new CommandLine(new Tool());
    for (String name : NAMES) {
      tool.addSubcommand(command(name));
    }
    return tool;
  }

  /** Wrong usage. */
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String line =
        firstLine(e)
            .replaceFirst("^Error: ", "")
            .replace("is not an int", "is not a whole number, or too large");
    if (e instanceof MissingParameterException) {
      String option = unknownOption(command, arguments);
      line = option == null ? line : "Unknown option: '" + option + "'" + asFile(option);
    } else if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> words = unmatched.getUnmatched();
      String word = words.isEmpty() ? "" : words.get(0);
      if (!word.startsWith("-") && command.getParent() == null) {
        line =
            isTorrent(word)
                ? "what to do with it? Try 'peerwire show' or 'peerwire get', and then the torrent"
                : "there is no command '" + word + "'" + meant(word, NAMES);
      } else if (!word.startsWith("-")) {
        line = "'" + word + "' is one argument too many";
      } else {
        int end = word.indexOf('=');
        line +=
            asFile(word)
                + meant(
                    end < 0 ? word : word.substring(0, end),
                    command.getCommandSpec().optionsMap().keySet());
      }
    }
    line += environment.blame(e.getArgSpec(), arguments);
    if (asksForJson(arguments)) {
      console.result(Json.event("failed").put("exit", ExitCode.USAGE).put("message", line));
    }
    console.note(SafeText.of(name + ": " + line, 400) + "; see '" + name + " --help'");
    console.trace(e);
    return ExitCode.USAGE;
  }

  /** Of a command line that was not understood it is not known what all of it means. */
  private static boolean asksForJson(String[] arguments) {
    int end = Arrays.asList(arguments).indexOf("--");
    return Arrays.asList(arguments).subList(0, end < 0 ? arguments.length : end).contains("--json");
  }

  /** What looks like an option and is none, of which picocli tells that an argument is missing. */
  private static @Nullable String unknownOption(CommandLine command, String[] arguments) {
    for (String argument : arguments) {
      if (argument.equals("--")) {
        return null;
      }
      int end = argument.indexOf('=');
      String name = end < 0 ? argument : argument.substring(0, end);
      if (name.length() > 1
          && name.startsWith("-")
          && command.getCommandSpec().findOption(name) == null
          && (name.startsWith("--")
              || command.getCommandSpec().findOption(name.substring(0, 2)) == null)) {
        return argument;
      }
    }
    return null;
  }

  private static String asFile(String option) {
    try {
      return Files.exists(Path.of(option))
          ? "; the file of this name is written './" + option + "'"
          : "";
    } catch (InvalidPathException e) {
      return "";
    }
  }

  private static boolean isTorrent(String word) {
    return MagnetLink.looksLike(word) || word.endsWith(".torrent");
  }

  private static String meant(String typed, Collection<String> words) {
    String meant = Spelling.nearest(typed, words);
    return meant == null ? "" : "; try '" + meant + "'";
  }

  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end).strip();
  }

  /** A command failed. */
  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return Failures.tell(e, console, isJson(command));
  }

  private static boolean isJson(CommandLine command) {
    OptionSpec option = command.getCommandSpec().findOption("--json");
    return option != null && Boolean.TRUE.equals(option.getValue());
  }
}
