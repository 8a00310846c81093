package org.peerwire.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tool in a process of its own. */
final class ToolProcess {
  private static final Pattern NEEDED =
      Pattern.compile(
          "[/\\\\](classes[/\\\\]?$|(peerwire|netty|picocli|progressbar|jline|gson)-[^/\\\\]*$)");

  private ToolProcess() {}

  /** The command line that runs it with these arguments. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-cp", classPath(), Main.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The same, if it may not have more than so many descriptors. */
  static List<String> commandWith(int descriptors, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
    command.addAll(command(arguments));
    return command;
  }

  /** What users have: each jar of the tests would take a descriptor, too. */
  private static String classPath() {
    String hidden = System.getProperty("surefire.test.class.path", "");
    String all = hidden.isEmpty() ? System.getProperty("java.class.path", "") : hidden;
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(entry -> NEEDED.matcher(entry).find())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
