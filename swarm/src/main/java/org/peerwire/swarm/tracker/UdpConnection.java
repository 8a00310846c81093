package org.peerwire.swarm.tracker;

import java.util.concurrent.TimeUnit;

/**
 * The id by which a UDP tracker knows that our address is not forged (<a
 * href="https://www.bittorrent.org/beps/bep_0015.html">BEP 15</a>): one of a tracker and of our
 * socket, kept from one announce to the next for as long as it counts.
 */
public final class UdpConnection {
  /** For how long a client may use an id; the tracker takes it for twice as long. */
  static final long LIFETIME = TimeUnit.MINUTES.toNanos(1);

  private boolean known;
  private long id;
  private long since;

  /** No id yet. */
  public UdpConnection() {}

  boolean isValid(long now) {
    return known && now - since < LIFETIME;
  }

  long id() {
    return id;
  }

  void connected(long newId, long now) {
    known = true;
    id = newId;
    since = now;
  }

  void forget() {
    known = false;
  }
}
