package org.peerwire.swarm.tracker;

import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;

/**
 * What a tracker is told (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>).
 *
 * @param infoHash the torrent
 * @param peerId our name
 * @param port where we listen, 1 to 65535
 * @param totals how much was moved, and is left
 * @param event why it is told
 * @param numWant how many peers are wished for, from 0
 * @param key by which a tracker knows us when our address has changed
 * @param trackerId what the tracker gave to be said again, a character a byte; or null
 */
public record Announce(
    InfoHash infoHash,
    PeerId peerId,
    int port,
    Totals totals,
    AnnounceEvent event,
    int numWant,
    int key,
    @Nullable String trackerId) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Announce {
    if (port < 1 || port > 0xffff || numWant < 0) {
      throw new IllegalArgumentException("port " + port + ", " + numWant + " peers");
    }
  }

  /**
   * How a torrent stands, in bytes since the first announce.
   *
   * @param uploaded blocks that were sent, from 0
   * @param downloaded blocks that came, from 0
   * @param left what is missing, from 0
   */
  public record Totals(long uploaded, long downloaded, long left) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Totals {
      if (uploaded < 0 || downloaded < 0 || left < 0) {
        throw new IllegalArgumentException("negative");
      }
    }
  }
}
