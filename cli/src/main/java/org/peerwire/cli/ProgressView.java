package org.peerwire.cli;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how far something is: a bar on a terminal, a line every few seconds
 * elsewhere, or nothing. For one thread at a time.
 */
abstract class ProgressView implements AutoCloseable {
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();

  /** For a line that says the same again. */
  private static final long SAME_LINE_NANOS = Duration.ofSeconds(30).toNanos();

  /**
   * A view of its own kind for where we are.
   *
   * @param task one word
   * @param total in bytes
   */
  static ProgressView of(Console console, boolean quiet, String task, long total) {
    if (quiet) {
      return new Silent();
    }
    return console.terminal().isThere()
        ? new Bar(console, task, total)
        : new Lines(console, task, total);
  }

  /** A view of something that has no end: {@code done} is what was sent so far. */
  static ProgressView ofSeeding(Console console, boolean quiet) {
    return quiet ? new Silent() : new Seeding(console);
  }

  /**
   * How far it is.
   *
   * @param bytesPerSecond lately; 0 if nothing moves, which leaves the time that is left open
   * @param extra what else there is to say, in a few words
   */
  abstract void at(long done, double bytesPerSecond, String extra);

  /** Says something that stays to be read. */
  abstract void say(String line);

  @Override
  public abstract void close();

  /** How long it will take, if that can be told. */
  static Optional<Duration> left(long bytes, double bytesPerSecond) {
    return bytesPerSecond < 1
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.round(Math.ceil(bytes / bytesPerSecond))));
  }

  private static final class Silent extends ProgressView {
    @Override
    void at(long done, double bytesPerSecond, String extra) {}

    @Override
    void say(String line) {}

    @Override
    public void close() {}
  }

  private static final class Lines extends ProgressView {
    private final Console console;
    private final String task;
    private final long total;
    private long lastLine = System.nanoTime();
    private long told = -1;

    Lines(Console console, String task, long total) {
      this.console = console;
      this.task = task;
      this.total = total;
    }

    @Override
    void at(long done, double bytesPerSecond, String extra) {
      long now = System.nanoTime();
      if (now - lastLine < (done == told ? SAME_LINE_NANOS : LINE_NANOS)) {
        return;
      }
      lastLine = now;
      told = done;
      StringBuilder line = new StringBuilder(task).append(": ");
      line.append(Text.percent(done, total)).append(" of ").append(Text.size(total));
      line.append(", ").append(Text.speed(bytesPerSecond));
      left(total - done, bytesPerSecond)
          .ifPresent(left -> line.append(", ").append(Text.clock(left)).append(" left"));
      console.note(extra.isEmpty() ? line.toString() : line.append(", ").append(extra).toString());
    }

    @Override
    void say(String line) {
      console.note(line);
    }

    @Override
    public void close() {}
  }

  private static final class Seeding extends ProgressView {
    private final Console console;
    private long lastLine = System.nanoTime();
    private long told;

    Seeding(Console console) {
      this.console = console;
    }

    @Override
    void at(long done, double bytesPerSecond, String extra) {
      String line =
          "seeding: "
              + extra
              + ", "
              + Text.speed(bytesPerSecond)
              + ", "
              + Text.size(done)
              + " sent";
      long now = System.nanoTime();
      if (console.terminal().isThere()) {
        console.draw(line);
      } else if (done != told && now - lastLine >= SAME_LINE_NANOS) {
        lastLine = now;
        told = done;
        console.note(line);
      }
    }

    @Override
    void say(String line) {
      clear();
      console.note(line);
    }

    @Override
    public void close() {
      clear();
    }

    private void clear() {
      if (console.terminal().isThere()) {
        console.draw("");
      }
    }
  }

  private static final class Bar extends ProgressView {
    private static final boolean UNICODE = "UTF-8".equals(System.getProperty("native.encoding"));
    private static final int INTERVAL_MILLIS = 200;
    private static final long FINEST_MEBIBYTES = 10L << 20;

    private final Console console;
    private final LastLine line;
    private final ProgressBar bar;
    private volatile @Nullable Duration left;

    Bar(Console console, String task, long total) {
      this.console = console;
      line = new LastLine(console);
      boolean small = total < FINEST_MEBIBYTES;
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setUnit(small ? " KiB" : " MiB", small ? 1 << 10 : 1 << 20)
              .setStyle(UNICODE ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(INTERVAL_MILLIS)
              .setEtaFunction(state -> Optional.ofNullable(left))
              .setConsumer(line)
              .build();
    }

    @Override
    void at(long done, double bytesPerSecond, String extra) {
      left = left(bar.getMax() - done, bytesPerSecond).orElse(null);
      bar.stepTo(done);
      String speed = Text.speed(bytesPerSecond);
      bar.setExtraMessage(" " + (extra.isEmpty() ? speed : speed + ", " + extra));
    }

    @Override
    void say(String line) {
      console.draw("");
      console.note(line);
      bar.refresh();
    }

    @Override
    public void close() {
      bar.close();
      line.end(bar.getCurrent() > 0 && bar.getCurrent() == bar.getMax());
    }
  }

  /** The last line of the terminal, which the bar is drawn on by a thread of the library. */
  private static final class LastLine implements ProgressBarConsumer {
    private final Console console;

    LastLine(Console console) {
      this.console = console;
    }

    @Override
    public int getMaxRenderedLength() {
      // Not the last column: some terminals begin a new line there.
      return console.terminal().width() - 1;
    }

    @Override
    public void accept(String text) {
      // The library's own return to the line's begin, and what pads it, are not text.
      console.draw(text.replace("\r", "").stripTrailing());
    }

    @Override
    public void clear() {
      console.draw("");
    }

    /** The library calls this or not, depending on what its thread was at. */
    @Override
    public void close() {}

    /** A bar that came to its end stays to be seen; of one that did not, nothing is left over. */
    void end(boolean stays) {
      if (stays) {
        console.note("");
      } else {
        console.draw("");
      }
    }
  }
}
