package org.peerwire.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a running command prints, to be waited for. */
final class Output extends OutputStream {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public synchronized void write(int b) {
    bytes.write(b);
    notifyAll();
  }

  @Override
  public synchronized void write(byte[] source, int offset, int length) {
    bytes.write(source, offset, length);
    notifyAll();
  }

  PrintStream stream() {
    return new PrintStream(this, false, StandardCharsets.UTF_8);
  }

  synchronized String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Waits until something is printed; returns its first group, or all of it. */
  synchronized String await(Pattern pattern) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE;
    while (true) {
      Matcher matcher = pattern.matcher(text());
      if (matcher.find()) {
        return matcher.group(Math.min(1, matcher.groupCount()));
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("waited in vain for '" + pattern + "' in:\n" + text());
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
