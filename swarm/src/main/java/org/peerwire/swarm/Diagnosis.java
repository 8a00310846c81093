package org.peerwire.swarm;

import java.util.concurrent.TimeUnit;

/**
 * Why nothing moves, worked out from the state: one of {@link Stall}, and a sentence with figures.
 */
final class Diagnosis {
  private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

  private final Swarm swarm;
  final Stall stall;
  final String why;

  Diagnosis(Swarm swarm) {
    this.swarm = swarm;
    stall = stall();
    why = stall.sentence() + figures();
  }

  private Stall stall() {
    Downloads downloads = swarm.downloads;
    if (swarm.isClosed()) {
      return Stall.CLOSED;
    }
    if (swarm.isComplete()) {
      return Stall.COMPLETE;
    }
    if (downloads.storageFailure() != null) {
      return Stall.STORAGE;
    }
    if (downloads.waitsForCheck()) {
      return Stall.CHECKING;
    }
    int answering = count(peer -> !peer.requests.isEmpty() && !peer.snubbed);
    int pending = count(peer -> !peer.requests.isEmpty());
    boolean quiet = swarm.now() - downloads.lastBlockAt > QUIET;
    if (answering > 0) {
      boolean asked = count(peer -> swarm.now() - peer.since > QUIET) > 0;
      boolean waiting = quiet && asked && count(peer -> peer.timeoutsInARow > 0) > 0;
      return waiting ? Stall.TIMING_OUT : Stall.NONE;
    }
    if (downloads.verifying() > 0) {
      return Stall.VERIFYING;
    }
    if (pending > 0) {
      return Stall.TIMING_OUT;
    }
    if (count(PeerState::isUp) == 0) {
      return swarm.candidates.size() > 0
          ? Stall.NOT_CONNECTED
          : swarm.bans.size() > 0 ? Stall.POISONED : Stall.NO_PEERS;
    }
    int useful = count(peer -> peer.useful > 0);
    if (useful == 0) {
      return Stall.NO_SOURCE;
    }
    int choking = count(peer -> peer.useful > 0 && peer.wire().peerChoking());
    return choking == useful ? Stall.CHOKED : Stall.NONE;
  }

  private String figures() {
    int missing = swarm.downloads.missing.count();
    return switch (stall) {
      case STORAGE -> ": " + swarm.downloads.storageFailure();
      case NO_SOURCE -> ": " + missing + " pieces missing, " + peers();
      case CHOKED -> ": " + count(peer -> peer.useful > 0) + " of " + peers();
      case TIMING_OUT -> ": " + peers();
      case POISONED -> ": " + swarm.bans.size() + " banned";
      case NOT_CONNECTED -> ": " + swarm.candidates.size() + " known";
      default -> "";
    };
  }

  private String peers() {
    int up = count(PeerState::isUp);
    return up + (up == 1 ? " peer" : " peers") + " connected";
  }

  private int count(Test test) {
    int count = 0;
    for (PeerState peer : swarm.peers) {
      if (peer.isUp() && test.test(peer)) {
        count++;
      }
    }
    return count;
  }

  @FunctionalInterface
  private interface Test {
    boolean test(PeerState peer);
  }
}
