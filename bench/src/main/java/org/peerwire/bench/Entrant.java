package org.peerwire.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A contestant's process, which does as {@link Worker} does. */
public final class Entrant {
  private final String name;
  private final Process process;
  private final BufferedReader from;
  private final Writer to;
  private double allocated;

  /** Starts it, and waits until it is ready. */
  public Entrant(String name, List<String> command) throws IOException {
    this.name = name;
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    to = process.outputWriter(StandardCharsets.UTF_8);
    if (!"ready".equals(from.readLine())) {
      process.destroy();
      throw new IOException(name + " does not start: " + command);
    }
  }

  /** What runs one of these classes in a process of its own. */
  public static List<String> java(Class<?> main, String... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** Who it is. */
  public String name() {
    return name;
  }

  /** Nanoseconds a pass. */
  double measure(int millis) throws IOException {
    to.write(millis + "\n");
    to.flush();
    String line = from.readLine();
    if (line == null) {
      throw new IOException(name + " ended");
    }
    String[] figures = line.split(" ", -1);
    double passes = Double.parseDouble(figures[0]);
    double bytes = Double.parseDouble(figures[2]);
    allocated = bytes < 0 ? -1 : bytes / passes;
    return Double.parseDouble(figures[1]) / passes;
  }

  /** Bytes a pass, in the latest round; -1 if it can't tell. */
  double allocated() {
    return allocated;
  }

  /** Ends the process. */
  public void end() {
    process.destroy();
  }
}
