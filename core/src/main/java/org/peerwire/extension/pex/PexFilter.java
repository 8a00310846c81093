package org.peerwire.extension.pex;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.IpScope;
import org.peerwire.PeerAddress;

/**
 * Which of the addresses that a peer tells are worth to be passed on: pure functions, also for what
 * comes by other ways than peer exchange. They keep a peer from pointing us at what only we can
 * reach, at services that are no peers, and at one victim many times.
 */
public final class PexFilter {
  /** Ports below belong to services of the machine, not to programs of its users. */
  public static final int LOWEST_PORT = 1024;

  /** How many addresses of one network are taken from one source. */
  public static final int MAX_PER_NETWORK = 3;

  private static final int V4_NETWORK = 24;
  private static final int V6_NETWORK = 48;

  private PexFilter() {}

  /**
   * Whether an address may be called at all.
   *
   * @param teller the address of the peer that told it, or null if it is not known: then only
   *     global ones are believed
   * @see IpAddress#isCredibleFrom
   */
  public static boolean isCredible(PeerAddress told, @Nullable IpAddress teller) {
    return told.port() >= LOWEST_PORT
        && (teller == null
            ? told.ip().scope() == IpScope.GLOBAL
            : told.ip().isCredibleFrom(teller));
  }

  /**
   * Whether an address adds to what is known from the same source: one port of an address, and
   * {@value #MAX_PER_NETWORK} addresses of a network (/24 or /48). Of this machine any port counts:
   * whoever points us at ourselves harms nobody else, and it is how programs are tried out.
   */
  public static boolean isNews(PeerAddress told, Collection<PeerAddress> known) {
    if (told.ip().scope() == IpScope.LOOPBACK) {
      return !known.contains(told);
    }
    int network = told.ip().isV4() ? V4_NETWORK : V6_NETWORK;
    int near = 0;
    for (PeerAddress each : known) {
      if (each.ip().equals(told.ip())) {
        return false;
      }
      if (each.ip().sharesPrefix(told.ip(), network)) {
        near++;
      }
    }
    return near < MAX_PER_NETWORK;
  }
}
