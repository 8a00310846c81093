package org.peerwire.swarm.dial;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.IpScope;

/**
 * Where we are, as others see us. Each is a stranger who may lie, so it is believed what is said
 * from three networks (/16, or /32 of IPv6) that have nothing to do with each other. For one family
 * of addresses.
 */
final class OurAddress {
  private static final int AGREEING = 3;
  private static final int MAX_VOTES = 64;

  /** What each network said last; the oldest vote first. */
  private final Map<IpAddress, IpAddress> votes = new LinkedHashMap<>();

  private @Nullable IpAddress believed;

  /** Our address, or null as long as too few agree. */
  @Nullable IpAddress get() {
    return believed;
  }

  /** A peer says where it sees us. Returns whether that changes what we believe. */
  boolean seen(IpAddress claim, IpAddress by) {
    if (claim.scope() != IpScope.GLOBAL || by.scope() != IpScope.GLOBAL) {
      return false;
    }
    IpAddress network = by.prefix(by.isV4() ? 16 : 32);
    votes.remove(network);
    if (votes.size() == MAX_VOTES) {
      votes.remove(votes.keySet().iterator().next());
    }
    votes.put(network, claim);
    long agree = votes.values().stream().filter(claim::equals).count();
    IpAddress before = believed;
    if (agree < AGREEING || (before != null && claim.equals(before))) {
      return false;
    }
    believed = claim;
    return true;
  }
}
