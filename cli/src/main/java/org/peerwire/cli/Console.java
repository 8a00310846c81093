package org.peerwire.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.peerwire.SafeText;

/**
 * Where a command's words go: results to standard output, progress and complaints to standard
 * error. Every line is escaped here, so that no text of a stranger reaches the terminal raw,
 * whatever way it came. For any thread.
 */
final class Console {
  private static final int WHOLE = Integer.MAX_VALUE - 1;

  private final PrintStream out;
  private final PrintStream err;
  private final Terminal terminal;
  private final boolean debug;
  private final Interruption interruption;

  Console(
      PrintStream out,
      PrintStream err,
      Terminal terminal,
      boolean debug,
      Interruption interruption) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.debug = debug;
    this.interruption = interruption;
  }

  /** A line of the result. */
  void result(String line) {
    synchronized (out) {
      // Not println: its line break and its flushing depend on the platform and the stream.
      out.print(SafeText.of(line, WHOLE) + "\n");
      if (out.checkError()) {
        throw new BrokenPipeException();
      }
    }
  }

  void result(Json object) {
    result(object.toString());
  }

  /** A line about how it goes, or of complaint. */
  void note(String line) {
    synchronized (err) {
      err.print(SafeText.of(line, WHOLE) + "\n");
      err.flush();
    }
  }

  /** Draws over the last line of a terminal, without ending it; an empty text clears it. */
  void draw(String text) {
    synchronized (err) {
      err.print("\r" + SafeText.of(text, WHOLE) + "\u001b[K");
      err.flush();
    }
  }

  /** What is known of the terminal on standard error. */
  Terminal terminal() {
    return terminal;
  }

  /** Whether stack traces are wanted. */
  boolean isDebug() {
    return debug;
  }

  void trace(Throwable failure) {
    if (debug) {
      StringWriter stack = new StringWriter();
      failure.printStackTrace(new PrintWriter(stack));
      // Messages of exceptions may quote a stranger, too.
      stack.toString().lines().forEach(line -> note(line.replace("\t", "    ")));
    }
  }

  Interruption interruption() {
    return interruption;
  }
}
