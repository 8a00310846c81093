package org.peerwire.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What was sent so far: drawn on a terminal, elsewhere a line now and then. */
final class SeedingView implements ProgressView {
  private static final long LINE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Console console;
  private long lastLine = System.nanoTime();
  private long told;
  private List<String> below = List.of();

  SeedingView(Console console) {
    this.console = console;
  }

  @Override
  public void at(long done, double bytesPerSecond, String extra) {
    String line =
        "seeding: " + extra + ", " + Text.speed(bytesPerSecond) + ", " + Text.size(done) + " sent";
    long now = System.nanoTime();
    if (console.terminal().isThere()) {
      List<String> lines = new ArrayList<>();
      lines.add(line);
      lines.addAll(below);
      console.draw(lines);
    } else if (done != told && now - lastLine >= LINE_NANOS) {
      lastLine = now;
      told = done;
      console.note(line);
    }
  }

  @Override
  public void below(Supplier<List<String>> lines) {
    if (console.terminal().isThere()) {
      below = lines.get();
    }
  }

  @Override
  public void say(String line) {
    console.note(line);
  }

  @Override
  public void close() {
    console.draw(List.of());
  }
}
