package org.peerwire.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the last lines of a terminal, drawn by a thread of the library. */
final class BarView implements ProgressView {
  private static final int INTERVAL_MILLIS = 200;

  /** In fewer columns the library's line is cut, and there is no bar in it. */
  private static final int NARROW = 50;

  private static final long FINEST_MEBIBYTES = 10L << 20;

  private final Console console;
  private final String task;
  private final ProgressBar bar;
  private volatile @Nullable Duration left;
  private volatile String speed = "";
  private volatile List<String> below = List.of();

  BarView(Console console, String task, long total) {
    this.console = console;
    this.task = task;
    boolean small = total < FINEST_MEBIBYTES;
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUnit(small ? " KiB" : " MiB", small ? 1 << 10 : 1 << 20)
            .setStyle(Terminal.UNICODE ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(INTERVAL_MILLIS)
            .setEtaFunction(state -> Optional.ofNullable(left))
            .setConsumer(new LastLines())
            .build();
  }

  @Override
  public void at(long done, double bytesPerSecond, String extra) {
    left = ProgressView.left(bar.getMax() - done, bytesPerSecond).orElse(null);
    bar.stepTo(done);
    speed = Text.speed(bytesPerSecond);
    bar.setExtraMessage(" " + (extra.isEmpty() ? speed : speed + ", " + extra));
  }

  @Override
  public void below(Supplier<List<String>> lines) {
    below = lines.get();
  }

  @Override
  public void say(String line) {
    console.note(line);
    bar.refresh();
  }

  @Override
  public void close() {
    bar.close();
    // A bar that came to its end stays to be seen; of one that did not, nothing is left over.
    if (bar.getCurrent() > 0 && bar.getCurrent() == bar.getMax()) {
      console.keep();
    } else {
      console.draw(List.of());
    }
  }

  /** Without a bar, and with as much of the rest as there is room for. */
  static String narrow(String task, String percent, String speed, int width) {
    String line = task + " " + percent;
    for (String text : List.of(line + ", " + speed, line, percent)) {
      if (text.length() <= width) {
        return text;
      }
    }
    return "";
  }

  private final class LastLines implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      // Not the last column: some terminals begin a new line there.
      return console.terminal().width() - 1;
    }

    @Override
    public void accept(String text) {
      List<String> lines = new ArrayList<>();
      int width = getMaxRenderedLength();
      // The library's own return to the line's begin, and what pads it, are not text.
      lines.add(
          width < NARROW
              ? narrow(task, Text.percent(bar.getCurrent(), bar.getMax()), speed, width)
              : text.replace("\r", "").stripTrailing());
      lines.addAll(below);
      console.draw(lines);
    }

    @Override
    public void clear() {
      console.draw(List.of());
    }

    /** The library calls this or not, depending on what its thread was at. */
    @Override
    public void close() {}
  }
}
