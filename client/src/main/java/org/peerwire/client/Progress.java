package org.peerwire.client;

/**
 * Told how far a long task is. Called by the thread that called the task, at most every few
 * milliseconds.
 */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = (done, total) -> {};

  /**
   * So much is done.
   *
   * @param done bytes done so far
   * @param total bytes in all; it does not change
   */
  void at(long done, long total);
}
