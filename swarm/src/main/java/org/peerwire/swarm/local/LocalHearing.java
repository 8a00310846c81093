package org.peerwire.swarm.local;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.peerwire.IpAddress;

/**
 * Which datagrams are read: those of the local network, and no more than a few a second, so that
 * neither one machine nor all of them cost much.
 *
 * <p>For one thread. {@code now} is any clock in nanoseconds that only grows.
 */
public final class LocalHearing {
  /** How many datagrams of one machine are read in a second. */
  public static final int OF_A_MACHINE = 4;

  /** How many datagrams are read in a second. */
  public static final int OF_ALL = 64;

  /** How many were read of whom in this second. */
  private final Map<IpAddress, Integer> read = new HashMap<>();

  private int all;
  private long second;

  /** Has heard nothing yet. */
  public LocalHearing() {}

  /**
   * Whether a datagram is to be read.
   *
   * @param from where it came from
   */
  public boolean admits(IpAddress from, long now) {
    boolean local =
        switch (from.scope()) {
          case LOOPBACK, LINK, PRIVATE -> true;
          case NONE, GLOBAL -> false;
        };
    if (!local) {
      return false;
    }
    if (all == 0 || now - second >= TimeUnit.SECONDS.toNanos(1)) {
      second = now;
      all = 0;
      read.clear();
    }
    if (all == OF_ALL || read.getOrDefault(from, 0) == OF_A_MACHINE) {
      return false;
    }
    all++;
    read.merge(from, 1, Integer::sum);
    return true;
  }
}
