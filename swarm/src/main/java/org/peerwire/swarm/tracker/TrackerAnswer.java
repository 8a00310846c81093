package org.peerwire.swarm.tracker;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;

/**
 * What a tracker answers, as it said it: {@link Announcer} bounds the intervals, and {@link
 * TrackerPeers} tells which peers are believed.
 *
 * @param interval seconds until the next announce; 0 if it did not say
 * @param minInterval seconds that must pass before one in any case; 0 if it did not say
 * @param seeders peers that have everything, or -1 if it did not say
 * @param leechers the other peers, or -1 if it did not say
 * @param peers the first {@link #MAX_PEERS} of them
 * @param externalIp our address as the tracker sees it (<a
 *     href="https://www.bittorrent.org/beps/bep_0024.html">BEP 24</a>)
 * @param trackerId what is to be said again with the next announce, a character a byte; or null
 * @param warning the tracker's, fit to be shown
 */
public record TrackerAnswer(
    long interval,
    long minInterval,
    long seeders,
    long leechers,
    List<PeerAddress> peers,
    Optional<IpAddress> externalIp,
    @Nullable String trackerId,
    Optional<String> warning) {
  /** How many peers of one answer are read; nobody is asked for as many. */
  public static final int MAX_PEERS = 200;

  /** Copies the list. */
  public TrackerAnswer {
    peers = List.copyOf(peers);
  }
}
