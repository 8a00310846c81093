package org.peerwire.swarm.tracker;

/**
 * What is known of a tracker. Immutable.
 *
 * @param url its address
 * @param state how it stands
 * @param message why it failed, or its warning: one line, fit to be shown; else empty
 * @param seeders how many peers have everything, as it says; -1 if it did not
 * @param leechers how many other peers there are, as it says; -1 if it did not
 * @param peers how many peers its last answer named that are believed
 */
public record TrackerStatus(
    String url, State state, String message, long seeders, long leechers, int peers) {
  /** How a tracker stands. */
  public enum State {
    /** It was not asked: those before it answer. */
    IDLE,
    /** It is being asked for the first time, or again. */
    ASKING,
    /** It has answered. */
    WORKING,
    /** It has refused, or could not be reached or understood. */
    FAILED
  }
}
