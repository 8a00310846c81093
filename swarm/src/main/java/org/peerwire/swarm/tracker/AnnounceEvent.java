package org.peerwire.swarm.tracker;

/** Why a tracker is told (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>). */
public enum AnnounceEvent {
  /** The interval is over. */
  NONE("", 0),
  /** The download has become complete; not said of one that was so from the start. */
  COMPLETED("completed", 1),
  /** The first announce to this tracker. */
  STARTED("started", 2),
  /** The last one. */
  STOPPED("stopped", 3);

  private final String word;
  private final int code;

  AnnounceEvent(String word, int code) {
    this.word = word;
    this.code = code;
  }

  /** As it is written in an HTTP announce; empty for {@link #NONE}. */
  public String word() {
    return word;
  }

  /** As it is written in a UDP announce (BEP 15), 0 to 3. */
  int code() {
    return code;
  }
}
