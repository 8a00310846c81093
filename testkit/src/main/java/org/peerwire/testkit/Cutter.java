package org.peerwire.testkit;

/** Decides how bytes that were sent at once are cut into reads, as a network does. */
@FunctionalInterface
public interface Cutter {
  /**
   * How long the next read is.
   *
   * @param available how many bytes are there, from 1
   * @return 1 to {@code available}
   */
  int next(int available);

  /** One read for all that was sent at once. */
  static Cutter whole() {
    return available -> available;
  }

  /** A read a byte. */
  static Cutter everyByte() {
    return available -> 1;
  }

  /** Reads of at most {@code bytes}. */
  static Cutter atMost(int bytes) {
    return available -> Math.min(available, bytes);
  }

  /** Reads of random length, 1 to {@code most}, that a seed replays. */
  static Cutter random(SplitMix64 random, int most) {
    return available -> 1 + random.nextInt(Math.min(available, most));
  }
}
