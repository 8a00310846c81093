package org.peerwire.mse;

/**
 * Where random bytes come from, as this library has none of its own: {@code
 * secureRandom::nextBytes}. Keys are made of them, so they must be unpredictable; in a test they
 * may be fixed.
 */
@FunctionalInterface
public interface RandomSource {
  /** Fills {@code target} with random bytes. */
  void nextBytes(byte[] target);
}
