package org.peerwire.swarm.dial;

import java.util.Collection;
import org.peerwire.IpAddress;
import org.peerwire.IpScope;
import org.peerwire.PeerAddress;
import org.peerwire.extension.pex.PexFilter;

/**
 * Which of the addresses that strangers tell become candidates. Pure functions of what is known.
 *
 * <ul>
 *   <li>no source fills more than a quarter of the room, no peer more than {@value #MAX_OF_A_PEER};
 *   <li>nor do all machines of the local network together;
 *   <li>of one machine each source names one port if it is a peer, {@value #PORTS_OF_A_TRACKER} if
 *       not: behind one address there may be several homes;
 *   <li>of all that peers tell, three are of one network (/24, /48) and a twentieth of the room is
 *       of one provider (/16, /32).
 * </ul>
 */
final class Admission {
  static final int MAX_OF_A_PEER = 200;
  static final int PORTS_OF_A_TRACKER = 4;
  private static final int SHARES = 4;
  private static final int PROVIDER_SHARES = 20;

  private Admission() {}

  static boolean isLoopback(IpAddress ip) {
    return ip.scope() == IpScope.LOOPBACK;
  }

  /** What one party may have all of. */
  static IpAddress network(IpAddress ip) {
    return ip.prefix(ip.isV4() ? 24 : 48);
  }

  /** Whether an address may be dialled at all because someone told it. */
  static boolean isCredible(PeerAddress told, PeerSource source, boolean anyPort) {
    if (told.port() == 0 || (told.port() < PexFilter.LOWEST_PORT && !anyPort)) {
      return false;
    }
    IpAddress teller = source.at();
    if (source.trusted()) {
      return told.ip().scope() != IpScope.NONE;
    }
    return teller == null ? told.ip().scope() == IpScope.GLOBAL : told.ip().isCredibleFrom(teller);
  }

  /** Whether there is room for what a source tells beside what is known. */
  static boolean hasRoom(
      PeerAddress told, PeerSource source, Collection<Candidate> known, int max) {
    IpAddress ip = told.ip();
    boolean shared = isLoopback(ip);
    int ofSource = 0;
    int ofMachine = 0;
    int ofNetwork = 0;
    int ofProvider = 0;
    for (Candidate each : known) {
      boolean sameSource = each.source.equals(source);
      // Who can speak on a local network can do so under many addresses.
      boolean sameShare = sameSource || (source.isLocal() && each.source.isLocal());
      ofSource += sameShare ? 1 : 0;
      if (shared) {
        continue;
      }
      IpAddress other = each.address.ip();
      ofMachine += sameSource && other.equals(ip) ? 1 : 0;
      if (each.source.isPex()) {
        ofNetwork += other.sharesPrefix(ip, ip.isV4() ? 24 : 48) ? 1 : 0;
        ofProvider += other.sharesPrefix(ip, ip.isV4() ? 16 : 32) ? 1 : 0;
      }
    }
    int share = Math.max(1, max / SHARES);
    if (!source.isPex()) {
      return ofSource < share && ofMachine < PORTS_OF_A_TRACKER;
    }
    return ofSource < Math.min(share, MAX_OF_A_PEER)
        && ofMachine == 0
        && ofNetwork < PexFilter.MAX_PER_NETWORK
        && ofProvider < Math.max(1, max / PROVIDER_SHARES);
  }
}
