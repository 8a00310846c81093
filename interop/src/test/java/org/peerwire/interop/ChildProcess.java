package org.peerwire.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process that we started, and that we end by its own handle. Both its outputs are read line by
 * line as they come; the last lines are kept to be shown when something fails.
 */
final class ChildProcess implements Scene.Belonging {
  private static final int LINES_KEPT = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

  static {
    // So that a test run that is cut short leaves no client behind.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> LIVE.forEach(ChildProcess::kill), "end child processes"));
  }

  private final String name;
  private final Process process;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final List<Thread> readers;

  private ChildProcess(
      String name, Process process, Predicate<String> onOutput, Predicate<String> onError) {
    this.name = name;
    this.process = process;
    this.readers =
        List.of(
            reader(process.getInputStream(), "out| ", onOutput),
            reader(process.getErrorStream(), "err| ", onError));
  }

  /**
   * Starts it in {@code folder}. Each line of its outputs goes to the one or other listener, on a
   * thread of its own; the listener says whether the line is worth keeping.
   */
  static ChildProcess start(
      String name,
      Path folder,
      List<String> command,
      Map<String, String> environment,
      Predicate<String> onOutput,
      Predicate<String> onError)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(environment);
    Process process = builder.start();
    LIVE.add(process);
    ChildProcess child = new ChildProcess(name, process, onOutput, onError);
    child.keep("$   " + String.join(" ", command));
    child.readers.forEach(Thread::start);
    return child;
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  /** To be called while waiting for it to do something. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended with " + process.exitValue());
    }
  }

  /** Waits for its end and for all it said, and returns its exit code. */
  int awaitExit(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError(name + " did not end within " + within.toSeconds() + " s");
    }
    drain();
    return process.exitValue();
  }

  /** SIGTERM. What it says after that is still heard: a process's own destroy closes its output. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** SIGSTOP: it stands still, and its sockets with it. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("can't send SIG" + name + " to " + this.name);
    }
  }

  /** SIGKILL, to it and to whatever it started: nothing gets a chance to tidy up. */
  void killNow() throws InterruptedException {
    kill(process);
    awaitExit(PATIENCE);
  }

  /** The last lines of both its outputs, and how it ended if it did. */
  String tail() {
    StringBuilder text = new StringBuilder("--- ").append(name);
    if (process.isAlive()) {
      text.append(" (alive, pid ").append(process.pid()).append(')');
    } else {
      text.append(" (ended with ").append(process.exitValue()).append(')');
    }
    synchronized (lastLines) {
      for (String line : lastLines) {
        text.append("\n    ").append(line);
      }
    }
    return text.append('\n').toString();
  }

  /** Asks it to end and insists if it does not. */
  @Override
  public void close() {
    boolean interrupted = false;
    if (process.isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          kill(process);
        }
      } catch (InterruptedException e) {
        interrupted = true;
        kill(process);
      }
    }
    LIVE.remove(process);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void drain() throws InterruptedException {
    for (Thread reader : readers) {
      reader.join(PATIENCE.toMillis());
    }
    LIVE.remove(process);
  }

  private Thread reader(InputStream source, String prefix, Predicate<String> onLine) {
    Thread thread = new Thread(() -> readLines(source, prefix, onLine), name + " " + prefix);
    thread.setDaemon(true);
    return thread;
  }

  private void readLines(InputStream source, String prefix, Predicate<String> onLine) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (onLine.test(line)) {
          keep(prefix + line);
        }
      }
    } catch (IOException e) {
      // "Stream closed": the process was destroyed while we read
      keep(prefix + "[" + e.getMessage() + "]");
    } catch (RuntimeException e) {
      keep(prefix + "[not understood: " + e + "]");
      throw new UncheckedIOException(new IOException(name + " said what we do not understand", e));
    }
  }

  private void keep(String line) {
    synchronized (lastLines) {
      if (lastLines.size() == LINES_KEPT) {
        lastLines.removeFirst();
      }
      lastLines.addLast(line.length() > 2000 ? line.substring(0, 2000) + " [...]" : line);
    }
  }
}
