package org.peerwire.cli.probe;

/** How long it has been since a probe began. */
final class Stopwatch {
  private long start = System.nanoTime();

  void restart() {
    start = System.nanoTime();
  }

  /** The moment so many seconds after the start, on the clock of {@link System#nanoTime}. */
  long at(double seconds) {
    return start + (long) (seconds * 1e9);
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
