package org.peerwire.cli;

import java.time.Duration;

/** A line every few seconds, for what is not a terminal. */
final class LinesView implements ProgressView {
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();

  /** For a line that says the same again. */
  private static final long SAME_LINE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Console console;
  private final String task;
  private final long total;
  private long lastLine = System.nanoTime();
  private long told = -1;

  LinesView(Console console, String task, long total) {
    this.console = console;
    this.task = task;
    this.total = total;
  }

  @Override
  public void at(long done, double bytesPerSecond, String extra) {
    long now = System.nanoTime();
    if (now - lastLine < (done == told ? SAME_LINE_NANOS : LINE_NANOS)) {
      return;
    }
    lastLine = now;
    told = done;
    StringBuilder line = new StringBuilder(task).append(": ");
    line.append(Text.percent(done, total)).append(" of ").append(Text.size(total));
    line.append(", ").append(Text.speed(bytesPerSecond));
    ProgressView.left(total - done, bytesPerSecond)
        .ifPresent(left -> line.append(", ").append(Text.clock(left)).append(" left"));
    console.note(extra.isEmpty() ? line.toString() : line.append(", ").append(extra).toString());
  }

  @Override
  public void say(String line) {
    console.note(line);
  }

  @Override
  public void close() {}
}
