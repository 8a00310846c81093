package org.peerwire.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Shows on standard error how far something is: a bar on a terminal, a line every few seconds
 * elsewhere, or nothing. For one thread at a time.
 */
interface ProgressView extends AutoCloseable {
  /**
   * A view of its own kind for where we are.
   *
   * @param task one word
   * @param total in bytes
   */
  static ProgressView of(Console console, boolean quiet, String task, long total) {
    if (quiet) {
      return new SilentView();
    }
    return console.terminal().isThere()
        ? new BarView(console, task, total)
        : new LinesView(console, task, total);
  }

  /** A view of something that has no end: {@code done} is what was sent so far. */
  static ProgressView ofSeeding(Console console, boolean quiet) {
    return quiet ? new SilentView() : new SeedingView(console);
  }

  /**
   * How far it is.
   *
   * @param bytesPerSecond lately; 0 if nothing moves, which leaves the time that is left open
   * @param extra what else there is to say, in a few words
   */
  void at(long done, double bytesPerSecond, String extra);

  /** Lines to be shown below, where there is a place for them; asked for only there. */
  default void below(Supplier<List<String>> lines) {}

  /** Says something that stays to be read. */
  void say(String line);

  @Override
  void close();

  /** How long it will take, if that can be told. */
  static Optional<Duration> left(long bytes, double bytesPerSecond) {
    return bytesPerSecond < 1
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.round(Math.ceil(bytes / bytesPerSecond))));
  }
}
