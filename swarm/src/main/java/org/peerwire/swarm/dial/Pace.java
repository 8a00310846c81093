package org.peerwire.swarm.dial;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.peerwire.IpAddress;

/**
 * How fast addresses that strangers told are dialled: ten a second, and one of a network in ten
 * seconds, so that a swarm that is pointed at someone is no weapon. On this machine any number of
 * peers may share a network.
 */
final class Pace {
  static final int DIALS_A_SECOND = 10;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long NETWORK_PAUSE = TimeUnit.SECONDS.toNanos(10);

  /** When the latest dials were. */
  private final ArrayDeque<Long> latest = new ArrayDeque<>();

  /** When each network was dialled, the oldest first; only of the last ten seconds. */
  private final Map<IpAddress, Long> networks = new LinkedHashMap<>();

  /** In how many nanoseconds an address may be dialled; 0 for now. */
  long nanosUntil(IpAddress ip, long now) {
    long wait = latest.size() < DIALS_A_SECOND ? 0 : SECOND - (now - latest.element());
    Long before = Admission.isLoopback(ip) ? null : networks.get(Admission.network(ip));
    if (before != null) {
      wait = Math.max(wait, NETWORK_PAUSE - (now - before));
    }
    return Math.max(0, wait);
  }

  void dialled(IpAddress ip, long now) {
    if (latest.size() == DIALS_A_SECOND) {
      latest.remove();
    }
    latest.add(now);
    if (!Admission.isLoopback(ip)) {
      networks.values().removeIf(before -> now - before >= NETWORK_PAUSE);
      networks.put(Admission.network(ip), now);
    }
  }
}
