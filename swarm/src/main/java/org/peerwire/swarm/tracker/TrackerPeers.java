package org.peerwire.swarm.tracker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.IpScope;
import org.peerwire.PeerAddress;
import org.peerwire.extension.pex.PexFilter;

/** Which of the peers that a tracker names are dialled. */
public final class TrackerPeers {
  private TrackerPeers() {}

  /**
   * Those that the tracker may know: public addresses, or such of the tracker's own surroundings.
   * No port below 1024, one port of a public address, and three public addresses of a network.
   *
   * @param tracker the tracker's address, or null if it is not known
   * @param named whether the user named the tracker: then it may tell any address of a machine
   */
  public static List<PeerAddress> believed(
      List<PeerAddress> told, @Nullable IpAddress tracker, boolean named) {
    List<PeerAddress> believed = new ArrayList<>();
    List<PeerAddress> global = new ArrayList<>();
    for (PeerAddress peer : told) {
      IpScope scope = peer.ip().scope();
      boolean credible =
          named
              ? peer.port() >= PexFilter.LOWEST_PORT && scope != IpScope.NONE
              : PexFilter.isCredible(peer, tracker);
      if (!credible || (scope == IpScope.GLOBAL && !PexFilter.isNews(peer, global))) {
        continue;
      }
      if (scope == IpScope.GLOBAL) {
        global.add(peer);
      }
      believed.add(peer);
    }
    return believed;
  }
}
