package org.peerwire.bench.connections;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that is told what to do by lines, and answers each with one. */
final class Program implements AutoCloseable {
  private final Process process;
  private final PrintStream commands;
  private final BufferedReader answers;

  /** Runs this; it may open as many files as the system lets it. */
  Program(String... command) throws IOException {
    this("$(ulimit -Hn)", command);
  }

  private Program(String files, String[] command) throws IOException {
    List<String> all =
        new ArrayList<>(List.of("bash", "-c", "ulimit -n " + files + "; exec \"$@\"", "bash"));
    all.addAll(List.of(command));
    process = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
  }

  /** A program of this package, with the libraries of this one. */
  static Program java(Class<?> main, List<String> options, String... arguments) throws IOException {
    return new Program(command(main, options, arguments));
  }

  /** The same, with so many files that it may open. */
  static Program java(int files, Class<?> main, List<String> options, String... arguments)
      throws IOException {
    return new Program("" + files, command(main, options, arguments));
  }

  private static String[] command(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command.toArray(new String[0]);
  }

  String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the program has ended");
    }
    return line;
  }

  /** Says a line and takes the answer, a list of names and numbers. */
  Map<String, Long> ask(String command) throws IOException {
    commands.println(command);
    String[] words = line().split(" ", -1);
    Map<String, Long> values = new HashMap<>();
    for (int i = words.length % 2; i < words.length; i += 2) {
      if (words[i + 1].matches("-?\\d+")) {
        values.put(words[i], Long.parseLong(words[i + 1]));
      }
    }
    return values;
  }

  /** As {@link #ask}, without waiting for the answer, which is to be taken by {@link #line}. */
  void tell(String command) {
    commands.println(command);
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
