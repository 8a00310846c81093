package org.peerwire.testkit;

/**
 * A generator of pseudo-random numbers that gives the same ones for the same seed on every JVM, for
 * ever (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). Not for
 * secrets.
 */
public final class SplitMix64 {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long seed;
  private long state;

  /** A generator. Print it when a test fails: {@link #toString} shows the seed. */
  public SplitMix64(long seed) {
    this.seed = seed;
    state = seed;
  }

  /** Any long. */
  public long nextLong() {
    state += GAMMA;
    long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** Any int. */
  public int nextInt() {
    return (int) (nextLong() >>> 32);
  }

  /**
   * A number from 0.
   *
   * @param end from 1; what comes is below it
   */
  public int nextInt(int end) {
    if (end < 1) {
      throw new IllegalArgumentException("no number is below " + end);
    }
    return (int) ((nextLong() >>> 1) % end);
  }

  /** True half of the time. */
  public boolean nextBoolean() {
    return nextLong() < 0;
  }

  /** True once in {@code times} times. */
  public boolean oneIn(int times) {
    return nextInt(times) == 0;
  }

  /** This many random bytes. */
  public byte[] nextBytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) nextLong();
    }
    return bytes;
  }

  /**
   * A generator of its own for one part of a test, so that a draw more in one part does not shift
   * the others.
   *
   * @param name of the part; the same name gives the same generator, whatever was drawn before
   */
  public SplitMix64 fork(String name) {
    long mixed = seed;
    for (int i = 0; i < name.length(); i++) {
      mixed = new SplitMix64(mixed ^ name.charAt(i)).nextLong();
    }
    return new SplitMix64(mixed);
  }

  /** The seed, as a literal that can be pasted into a test. */
  @Override
  public String toString() {
    return String.format("seed 0x%016XL", seed);
  }
}
