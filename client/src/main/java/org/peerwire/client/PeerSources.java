package org.peerwire.client;

import java.util.List;
import org.peerwire.SafeText;
import org.peerwire.swarm.tracker.TrackerAddress;

/**
 * Where peers come from, beside those that are named by {@link Transfer#addPeer} and those that
 * dial us.
 *
 * @param ownTrackers whether the trackers that the torrent or magnet link names are asked
 * @param trackers more trackers, each of which is asked: addresses with http, https or udp. They
 *     may lie anywhere and name any peer, as the user trusts them
 * @param exchange whether peers tell each other of more (<a
 *     href="https://www.bittorrent.org/beps/bep_0011.html">BEP 11</a>); never for a private torrent
 * @param local whether peers are looked for on the local network, by multicast (<a
 *     href="https://www.bittorrent.org/beps/bep_0014.html">BEP 14</a>); never for a private
 *     torrent, nor for a magnet link with trackers before it is known that it is of none. A client
 *     that does not listen hears the others, but is not heard
 */
public record PeerSources(
    boolean ownTrackers, List<String> trackers, boolean exchange, boolean local) {
  /** The trackers that the torrent names, and peers that know more. */
  public static final PeerSources DEFAULT = new PeerSources(true, List.of(), true);

  /** No search for peers. */
  public static final PeerSources NONE = new PeerSources(false, List.of(), false);

  /** Without those of the local network. */
  public PeerSources(boolean ownTrackers, List<String> trackers, boolean exchange) {
    this(ownTrackers, trackers, exchange, false);
  }

  /** These, and those of the local network or not. */
  public PeerSources withLocal(boolean value) {
    return new PeerSources(ownTrackers, trackers, exchange, value);
  }

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if one of the trackers has no address of a tracker
   */
  public PeerSources {
    trackers = List.copyOf(trackers);
    for (String url : trackers) {
      if (TrackerAddress.parse(url).isEmpty()) {
        throw new IllegalArgumentException(
            SafeText.of(url, 100) + " is not the address of a tracker");
      }
    }
  }
}
