package org.peerwire.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/**
 * Whether standard error is a terminal, and how wide.
 *
 * <p>Java can tell only whether input and output both are one, which is wrong for {@code peerwire
 * get ... > log}. So a shell is asked, which inherits our standard error and knows; but not before
 * someone wants to know. For any thread.
 */
final class Terminal {
  static final Terminal NONE = new Terminal(0);
  private static final int UNKNOWN = -1;
  private static final int USUAL_WIDTH = 80;
  private static final int MIN_WIDTH = 40;

  /** Whether it can show more than ASCII, as far as the locale tells. */
  static final boolean UNICODE = "UTF-8".equals(System.getProperty("native.encoding"));

  private int width;
  private boolean isWatched;

  private Terminal(int width) {
    this.width = width;
  }

  /** The one that this process has. */
  static Terminal ofStandardError() {
    return new Terminal(UNKNOWN);
  }

  boolean isThere() {
    return width() > 0;
  }

  /** In columns; 0 if there is none. */
  synchronized int width() {
    if (width == UNKNOWN) {
      width = detect();
      if (width > 0 && !isWatched) {
        isWatched = true;
        Signals.register("WINCH", this::resized);
      }
    }
    return width;
  }

  private synchronized void resized() {
    width = UNKNOWN;
  }

  private static int detect() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return 0;
    }
    try {
      Process shell =
          new ProcessBuilder("sh", "-c", "test -t 2 && { stty size <&2 || echo 0 0; }")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      shell.getOutputStream().close();
      if (!shell.waitFor(2, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
        return 0;
      }
      String answer =
          new String(shell.getInputStream().readNBytes(64), StandardCharsets.US_ASCII).strip();
      return shell.exitValue() == 0 ? width(answer) : 0;
    } catch (IOException e) {
      // No shell, as on Windows: plain lines are never wrong.
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static int width(String rowsAndColumns) {
    int space = rowsAndColumns.indexOf(' ');
    try {
      int columns = Integer.parseInt(rowsAndColumns.substring(space + 1));
      return columns == 0 ? USUAL_WIDTH : Math.max(MIN_WIDTH, columns);
    } catch (NumberFormatException e) {
      return USUAL_WIDTH;
    }
  }
}
