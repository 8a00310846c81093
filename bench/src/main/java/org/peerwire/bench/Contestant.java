package org.peerwire.bench;

/**
 * One way to do the same work: each pass reads, or writes, a whole stream once. What is measured is
 * the time of a pass, beside that of the others in the same run.
 */
public interface Contestant {
  /**
   * Does it once.
   *
   * @return any number that depends on all that was done, so that nothing can be left out
   */
  long pass();
}
