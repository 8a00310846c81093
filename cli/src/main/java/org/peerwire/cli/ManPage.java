package org.peerwire.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A manual page, in the language of man(7), from what {@code --help} is made of. A footer is read
 * by its own headings: "Examples:" with indented lines, "Exit codes:" with text.
 */
final class ManPage {
  private static final String EXAMPLES = "Examples:";
  private static final String EXIT_CODES = "Exit codes: ";

  private final CommandLine command;
  private final CommandSpec spec;
  private final String version;
  private final List<String> lines = new ArrayList<>();

  ManPage(CommandLine command, String version) {
    this.command = command;
    this.version = version;
    spec = command.getCommandSpec();
  }

  List<String> lines() {
    String name = spec.qualifiedName("-");
    lines.add(
        ".TH \""
            + escaped(name.toUpperCase(Locale.ROOT))
            + "\" 1 \"\" \"peerwire "
            + version
            + "\"");
    section("NAME");
    text(name + " - " + String.join(" ", summary()));
    section("SYNOPSIS");
    // The synopsis is laid out in lines by picocli; man lays it out again.
    text(command.getHelp().synopsis(0).replaceAll("\\s+", " ").strip());
    section("DESCRIPTION");
    paragraphs(List.of(spec.usageMessage().description()));
    arguments();
    commands();
    footer();
    section("ENVIRONMENT");
    text(
        "An option that is not given takes its value from PEERWIRE_COMMAND_OPTION or"
            + " PEERWIRE_OPTION, such as PEERWIRE_SEED_MAX_UP=1M for --max-up of seed.");
    text("PEERWIRE_DEBUG, set to anything, shows stack traces.");
    seeAlso();
    return lines;
  }

  private List<String> summary() {
    String[] header = spec.usageMessage().header();
    return header.length > 0
        ? List.of(header)
        : List.of(spec.usageMessage().description()).subList(0, 1);
  }

  private void arguments() {
    List<PositionalParamSpec> parameters = spec.positionalParameters();
    if (!parameters.isEmpty()) {
      section("ARGUMENTS");
      for (PositionalParamSpec parameter : parameters) {
        term("\\fI" + escaped(parameter.paramLabel()) + "\\fP", description(parameter));
      }
    }
    section("OPTIONS");
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        term(names(option), description(option));
      }
    }
  }

  private static String names(OptionSpec option) {
    List<String> names = new ArrayList<>();
    for (String name : option.names()) {
      names.add("\\fB" + escaped(name) + "\\fP");
    }
    String all = String.join(", ", names);
    boolean hasValue = option.arity().max() > 0;
    return hasValue ? all + "=\\fI" + escaped(option.paramLabel()) + "\\fP" : all;
  }

  private static String description(ArgSpec argument) {
    return String.join(" ", argument.description());
  }

  private void commands() {
    if (!command.getSubcommands().isEmpty()) {
      section("COMMANDS");
      command
          .getSubcommands()
          .forEach(
              (name, sub) ->
                  term(
                      "\\fB" + escaped(name) + "\\fP",
                      String.join(" ", sub.getCommandSpec().usageMessage().header())));
    }
  }

  private void footer() {
    List<String> notes = new ArrayList<>();
    boolean examples = false;
    for (String line : spec.usageMessage().footer()) {
      if (line.equals(EXAMPLES)) {
        section("EXAMPLES");
        lines.add(".nf");
        examples = true;
      } else if (examples && line.startsWith(" ")) {
        lines.add(guarded(line.strip()));
      } else {
        if (examples) {
          lines.add(".fi");
          examples = false;
        }
        if (line.startsWith(EXIT_CODES)) {
          paragraphs(notes);
          notes.clear();
          section("EXIT STATUS");
          notes.add(line.substring(EXIT_CODES.length()));
        } else {
          notes.add(line);
        }
      }
    }
    paragraphs(notes);
  }

  private void seeAlso() {
    section("SEE ALSO");
    CommandLine parent = command.getParent();
    if (parent == null) {
      text(
          String.join(
              ", ",
              command.getSubcommands().keySet().stream()
                  .map("peerwire-%s(1)"::formatted)
                  .toList()));
    } else {
      text("peerwire(1)");
    }
  }

  private void section(String title) {
    lines.add(".SH " + title);
  }

  private void term(String name, String description) {
    lines.add(".TP");
    lines.add(name);
    lines.add(guarded(description));
  }

  private void text(String words) {
    lines.add(".PP");
    lines.add(guarded(words));
  }

  private void paragraphs(List<String> words) {
    boolean begun = false;
    for (String line : words) {
      if (line.isBlank()) {
        begun = false;
        continue;
      }
      if (!begun) {
        lines.add(".PP");
        begun = true;
      }
      lines.add(guarded(line));
    }
  }

  /** A line of text: what looks like a request of the language is not one. */
  private static String guarded(String line) {
    String text = escaped(line);
    return text.startsWith(".") || text.startsWith("'") ? "\\&" + text : text;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
  }
}
