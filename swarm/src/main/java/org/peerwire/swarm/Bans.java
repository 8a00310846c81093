package org.peerwire.swarm;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The hosts that are banned, for a while. On this machine many peers share one host, so there it is
 * the address that is banned.
 */
final class Bans {
  private static final int MAX = 10_000;

  private final Map<String, Long> until = new LinkedHashMap<>();
  private final long nanos;

  Bans(long nanos) {
    this.nanos = nanos;
  }

  void add(PeerAddress address, long now) {
    until.remove(key(address));
    if (until.size() == MAX) {
      until.remove(until.keySet().iterator().next());
    }
    until.put(key(address), now + nanos);
  }

  boolean contains(PeerAddress address, long now) {
    Long end = until.isEmpty() ? null : until.get(key(address));
    if (end != null && now - end >= 0) {
      until.remove(key(address));
      return false;
    }
    return end != null;
  }

  /** Whether a ban of one address is a ban of the other. */
  static boolean together(PeerAddress one, PeerAddress other) {
    return key(one).equals(key(other));
  }

  int size() {
    return until.size();
  }

  private static String key(PeerAddress address) {
    return address.isLoopback() ? address.toString() : address.host();
  }
}
