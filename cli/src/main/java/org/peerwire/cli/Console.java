package org.peerwire.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.peerwire.SafeText;

/**
 * Where a command's words go: results to standard output, progress and complaints to standard
 * error. Every line is escaped here, so that no text of a stranger reaches the terminal raw,
 * whatever way it came. For any thread.
 */
final class Console implements Thread.UncaughtExceptionHandler {
  private static final int WHOLE = Integer.MAX_VALUE - 1;

  private final PrintStream out;
  private final PrintStream err;
  private final Terminal terminal;
  private final boolean debug;
  private final Interruption interruption;

  /** How many lines at the end of the terminal are drawn; guarded by the stream of errors. */
  private int drawn;

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

  /** A result that is no text, and nothing but it. */
  void result(byte[] bytes) {
    synchronized (out) {
      out.write(bytes, 0, bytes.length);
      if (out.checkError()) {
        throw new BrokenPipeException();
      }
    }
  }

  void result(Json object) {
    result(object.toString());
  }

  /** A line about how it goes, or of complaint. What is drawn gives way to it. */
  void note(String line) {
    synchronized (err) {
      err.print(erasure() + SafeText.of(line, WHOLE) + "\n");
      err.flush();
    }
  }

  /** Draws lines at the end of a terminal, in place of those that were drawn before. */
  void draw(List<String> lines) {
    synchronized (err) {
      StringBuilder text = new StringBuilder(erasure());
      for (int i = 0; i < lines.size(); i++) {
        text.append(i == 0 ? "" : "\r\n").append(SafeText.of(lines.get(i), WHOLE));
      }
      drawn = lines.size();
      err.print(text);
      err.flush();
    }
  }

  /** Leaves what is drawn where it is, to be read. */
  void keep() {
    synchronized (err) {
      if (drawn > 0) {
        drawn = 0;
        err.print("\n");
        err.flush();
      }
    }
  }

  /** Takes the cursor back to the first drawn line, and clears all from there on. */
  private String erasure() {
    int lines = drawn;
    drawn = 0;
    return lines == 0 ? "" : "\r" + (lines == 1 ? "" : "\u001b[" + (lines - 1) + "A") + "\u001b[J";
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

  /** A mistake of ours, where nobody else takes it. */
  @Override
  public void uncaughtException(Thread thread, Throwable e) {
    internalError(e);
  }

  void internalError(Throwable e) {
    note(
        SafeText.of("peerwire: this is a mistake of the program, not yours: " + e, 400)
            + (debug ? "" : "; please report it with what --debug shows"));
    trace(e);
  }

  Interruption interruption() {
    return interruption;
  }
}
