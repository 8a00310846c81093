package org.peerwire.swarm;

import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which peer makes room when all places are taken: one with which nothing has moved for a minute,
 * and of those the one with the lowest priority of <a
 * href="https://www.bittorrent.org/beps/bep_0040.html">BEP 40</a>. One that delivers, or is served,
 * or was named by the user, never is.
 */
final class Eviction {
  private static final long IDLE = TimeUnit.MINUTES.toNanos(1);

  private final Swarm swarm;

  Eviction(Swarm swarm) {
    this.swarm = swarm;
  }

  /** Makes room by closing one of those that may be closed. Returns whether there was one. */
  boolean makeRoom(Predicate<PeerState> may) {
    PeerState victim = null;
    long least = Long.MAX_VALUE;
    for (PeerState peer : swarm.peers) {
      long priority = swarm.candidates.priority(peer.address);
      if (isIdle(peer) && may.test(peer) && priority < least) {
        victim = peer;
        least = priority;
      }
    }
    return close(victim);
  }

  /** As {@link #makeRoom(Predicate)}, for one that comes with a priority: only lower ones go. */
  boolean makeRoomFor(long priority) {
    return makeRoom(peer -> swarm.candidates.priority(peer.address) < priority);
  }

  private boolean isIdle(PeerState peer) {
    return peer.isUp()
        && !(peer.outgoing && swarm.candidates.isOfUser(peer.address))
        && swarm.now() - peer.since >= IDLE
        && (!peer.moved || swarm.now() - peer.movedAt >= IDLE);
  }

  private static boolean close(@Nullable PeerState victim) {
    if (victim != null) {
      victim.close("another peer takes its place");
    }
    return victim != null;
  }
}
