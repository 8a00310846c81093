package org.peerwire.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that are not given take their value from the environment: {@code --max-up} of {@code
 * seed} from {@code PEERWIRE_SEED_MAX_UP}, or else from {@code PEERWIRE_MAX_UP}, which is for every
 * command that has the option.
 */
final class Environment implements IDefaultValueProvider {
  private static final String PREFIX = "PEERWIRE_";

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Whether any of the variables may be for an option. */
  static boolean isUsed(Map<String, String> variables) {
    for (String name : variables.keySet()) {
      if (name.startsWith(PREFIX)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    String name = variable(argument);
    return name == null ? null : variables.get(name);
  }

  /** The variable that an argument takes its value from; null if none is set. */
  @Nullable String variable(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String words = option.longestName().replaceFirst("^-+", "").replace('-', '_');
    String ofCommand = option.command().name() + "_" + words;
    for (String name : new String[] {ofCommand, words}) {
      String variable = PREFIX + name.toUpperCase(Locale.ROOT);
      // Set and empty is as good as not set, as shells have it.
      if (!variables.getOrDefault(variable, "").isEmpty()) {
        return variable;
      }
    }
    return null;
  }

  /**
   * Says where a wrong value comes from, if not from the command line.
   *
   * @param argument what is wrong; null if it is not about one
   * @param words the command line
   * @return what to add to the complaint
   */
  String blame(@Nullable ArgSpec argument, String[] words) {
    String variable = argument == null ? null : variable(argument);
    if (variable == null || !(argument instanceof OptionSpec option)) {
      return "";
    }
    boolean given =
        Arrays.stream(words)
            .anyMatch(
                word ->
                    Arrays.stream(option.names())
                        .anyMatch(name -> word.equals(name) || word.startsWith(name + "=")));
    return given ? "" : " (so says " + variable + " in the environment)";
  }
}
