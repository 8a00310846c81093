package org.peerwire.swarm;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.PeerAddress;
import org.peerwire.PeerId;
import org.peerwire.Violation;
import org.peerwire.swarm.dial.Candidates;
import org.peerwire.swarm.dial.Outcome;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;

/** The places for connections: who gets one, who makes room, whom we dial. */
final class Places {
  /** Two connections to one peer that are younger than this were made by both sides at once. */
  private static final long AT_ONCE = TimeUnit.SECONDS.toNanos(10);

  private final Swarm swarm;
  private final Eviction eviction;

  /** A connection to ourselves came in; the other end of it is about to go. */
  private boolean selfSeen;

  private long selfSeenAt;

  Places(Swarm swarm) {
    this.swarm = swarm;
    eviction = new Eviction(swarm);
  }

  /** Whether one that calls us gets a place, if need be that of another. */
  boolean admit(PeerAddress address) {
    return !isBanned(address)
        && (!isFull() || eviction.makeRoomFor(swarm.candidates.priority(address)));
  }

  boolean isBanned(PeerAddress address) {
    return swarm.isClosed() || swarm.bans.contains(address, swarm.now());
  }

  /** Whether all places are taken. Those that are about to go take none. */
  boolean isFull() {
    int places = swarm.options.maxPeers();
    return swarm.peers.size() >= places
        && swarm.peers.stream().filter(peer -> !peer.isEnding()).count() >= places;
  }

  /** Whether a peer that has shaken hands is to stay. */
  boolean joins(PeerState peer, Handshake handshake) {
    for (PeerState other : List.copyOf(swarm.peers)) {
      Handshake known = other.isUp() ? other.wire().peerHandshake() : null;
      if (other != peer && known != null && known.peerId().equals(handshake.peerId())) {
        boolean atOnce = other.outgoing != peer.outgoing && swarm.now() - other.since < AT_ONCE;
        boolean newer = atOnce && peer.outgoing == dialsFor(handshake.peerId());
        PeerState loser = newer ? other : peer;
        loser.close(Violation.DUPLICATE_PEER, "a connection to this peer exists");
        if (!newer) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * When both sides have dialled each other, the connection stays that the greater peer id has
   * dialled.
   */
  private boolean dialsFor(PeerId theirs) {
    return Arrays.compareUnsigned(swarm.peerId.toBytes(), theirs.toBytes()) > 0;
  }

  // ---------------------------------------------------------------- dialling

  boolean mayDial() {
    int dialling = swarm.candidates.dialling();
    return swarm.peers.size() + dialling < swarm.options.maxPeers()
        && dialling < swarm.options.maxDialling();
  }

  /** Dials those that are due. */
  void dial() {
    if (isFull()) {
      makeRoom();
    }
    while (mayDial()) {
      PeerAddress address = swarm.candidates.next(swarm.now(), swarm.isComplete());
      if (address == null) {
        return;
      }
      if (isBanned(address)) {
        swarm.candidates.forget(address, swarm.now());
      } else {
        swarm.actions.connect(address);
      }
    }
  }

  /**
   * Whoever calls us can take all places. One that the user named always gets one, and while there
   * is something to fetch half of them are for those that we choose.
   */
  private void makeRoom() {
    Candidates candidates = swarm.candidates;
    if (candidates.isUserDue(swarm.now())) {
      eviction.makeRoom(peer -> true);
    } else if (!swarm.isComplete() && candidates.nanosUntilNext(swarm.now(), false) == 0) {
      long callers = swarm.peers.stream().filter(peer -> !peer.outgoing).count();
      if (callers > swarm.options.maxPeers() / 2) {
        eviction.makeRoom(peer -> !peer.outgoing);
      }
    }
  }

  // ---------------------------------------------------------------- the end of a connection

  /** A peer is gone: when is it to be dialled again? */
  void left(PeerState peer, CloseCause cause) {
    long now = swarm.now();
    Outcome outcome = outcome(peer);
    PeerExtensions extensions = peer.extensions;
    if (extensions != null) {
      extensions.gone(outcome);
    }
    boolean self =
        cause instanceof CloseCause.Violated violated
            && violated.report().violation() == Violation.SELF_CONNECTION;
    if (!peer.outgoing) {
      // The end that was dialled sees it, and closes before the end that dialled has got a byte.
      selfSeen |= self;
      selfSeenAt = self ? now : selfSeenAt;
      return;
    }
    Candidates candidates = swarm.candidates;
    PeerWire wire = peer.wire();
    boolean mute = wire.bytesReceived() == 0 && cause instanceof CloseCause.ByPeer;
    if (mute && selfSeen && now - selfSeenAt < AT_ONCE) {
      self = candidates.mayBeOurselves(peer.address);
      selfSeen = false;
    }
    candidates.lost(peer.address, outcome, now);
    if (self) {
      candidates.forget(peer.address, now);
    } else if (peer.closedBecause != null && !isWanted(extensions)) {
      candidates.postpone(peer.address, now);
    }
  }

  /** Whether it was closed as both of us wanted nothing, and we want something again. */
  private boolean isWanted(@Nullable PeerExtensions extensions) {
    return !swarm.isComplete() && extensions != null && extensions.wantsNothing();
  }

  private Outcome outcome(PeerState peer) {
    boolean lasted = peer.joined && swarm.now() - peer.since > AT_ONCE;
    if (peer.closedBecause != null || peer.wire().downloaded() > 0 || lasted) {
      return Outcome.USEFUL;
    }
    return peer.joined ? Outcome.USELESS : Outcome.FAILED;
  }
}
