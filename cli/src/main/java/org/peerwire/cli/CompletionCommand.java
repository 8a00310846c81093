package org.peerwire.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code peerwire completion}. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    header = "Print what makes a shell complete the tool's commands and options.",
    description = {"", "For bash; zsh takes it too.", ""},
    footer = {
      "",
      "Examples:",
      "  source <(peerwire completion)                         for this shell",
      "  peerwire completion > ~/.local/share/bash-completion/completions/peerwire      for all",
      "",
      "Exit codes: 0 printed."
    })
final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    AutoComplete.bash(spec.root().name(), spec.root().commandLine())
        .lines()
        // A tab is what the console does not let through.
        .map(line -> line.replace("\t", "  "))
        .forEach(console::result);
    return ExitCode.DONE;
  }
}
