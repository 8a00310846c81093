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
import java.util.concurrent.locks.LockSupport;

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

  /** Asks for what it costs until this is so, for a minute at the most. */
  void await(String what, long value) throws IOException {
    Map<String, Long> answer = ask("cpu");
    for (int i = 0; i < 600 && !Long.valueOf(value).equals(answer.get(what)); i++) {
      pause(100_000_000L);
      answer = ask("cpu");
    }
    if (!Long.valueOf(value).equals(answer.get(what))) {
      throw new IOException("no " + what + " " + value + ": " + answer);
    }
  }

  /** A number of an answer. */
  static long value(Map<String, Long> answer, String what) {
    Long value = answer.get(what);
    if (value == null) {
      throw new IllegalStateException("no " + what + " in " + answer);
    }
    return value;
  }

  static void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
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
