package org.peerwire.cli;

import org.jspecify.annotations.Nullable;

/**
 * A {@link ProgressView} of something whose size is told with its first step; it passes Ctrl-C on
 * to the thread that steps. For one thread.
 */
final class LateView implements AutoCloseable {
  private final Console console;
  private final boolean quiet;
  private final String task;
  private @Nullable ProgressView view;

  LateView(Console console, boolean quiet, String task) {
    this.console = console;
    this.quiet = quiet;
    this.task = task;
  }

  void at(long done, long total, double seconds) {
    if (console.interruption().isRequested()) {
      Thread.currentThread().interrupt();
    }
    ProgressView known = view;
    if (known == null) {
      known = ProgressView.of(console, quiet, task, total);
      view = known;
    }
    known.at(done, seconds > 0 ? done / seconds : 0, "");
  }

  @Override
  public void close() {
    if (view != null) {
      view.close();
    }
  }
}
