package org.peerwire.swarm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.peerwire.IpAddress;
import org.peerwire.IpScope;
import org.peerwire.PeerAddress;

/**
 * The hosts that are banned, for a while. A host is an IPv4 address, or a /64 of IPv6, of which one
 * machine may use all. On this machine many peers share one host, so there it is the address that
 * is banned.
 */
final class Bans {
  private static final int MAX = 10_000;
  private static final int V6_HOST = 64;

  private final Map<PeerAddress, Long> until = new LinkedHashMap<>();
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

  private static PeerAddress key(PeerAddress address) {
    IpAddress ip = address.ip();
    if (ip.scope() == IpScope.LOOPBACK) {
      return address;
    }
    return new PeerAddress(ip.isV4() ? ip : ip.prefix(V6_HOST), 0);
  }
}
