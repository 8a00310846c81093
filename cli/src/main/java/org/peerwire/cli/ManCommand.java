package org.peerwire.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerwire man}. */
@Command(
    name = "man",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    header = "Print the manual page of the tool or of one of its commands.",
    description = {"", "As man and groff read it.", ""},
    footer = {
      "",
      "Examples:",
      "  peerwire man get | man -l -                           read it",
      "  peerwire man > ~/.local/share/man/man1/peerwire.1     keep it",
      "",
      "Exit codes: 0 printed, 2 there is no such command."
    })
final class ManCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "One of the tool's commands. Default: the tool itself.")
  private @Nullable String command;

  ManCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException {
    CommandLine tool = spec.root().commandLine();
    CommandLine page = command == null ? tool : tool.getSubcommands().get(command);
    if (page == null) {
      throw Failure.usage(
          "there is no command '"
              + SafeText.of(String.valueOf(command), 100)
              + "'; there are "
              + String.join(", ", tool.getSubcommands().keySet()));
    }
    new ManPage(page, Version.number()).lines().forEach(console::result);
    return ExitCode.DONE;
  }
}
