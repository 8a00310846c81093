package org.peerwire.swarm;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.swarm.dial.Candidates;

/**
 * Serves what peers ask for: at once, or in turns while the limit allows no more. A wire asks for
 * no more than its upload window, which bounds what waits here.
 */
final class Uploads {
  private final Swarm swarm;

  /** Those with something in {@link PeerState#waiting}, whose turn comes in this order. */
  private final Set<PeerState> turns = new LinkedHashSet<>();

  RateLimit limit = RateLimit.none();

  Uploads(Swarm swarm) {
    this.swarm = swarm;
  }

  /** A peer may have a block that it asked for. */
  void asked(PeerState peer, int piece, int begin, int length) {
    if (turns.isEmpty() && limit.take(length, swarm.now())) {
      serve(peer, piece, begin, length);
    } else {
      peer.waiting.add(new Block(piece, begin, length));
      turns.add(peer);
    }
  }

  /** A peer does not want a block any more. */
  void cancelled(PeerState peer, int piece, int begin, int length) {
    if (peer.waiting.remove(new Block(piece, begin, length)) && peer.waiting.isEmpty()) {
      turns.remove(peer);
    }
  }

  /** A peer was choked, which drops its requests but for the pieces that are allowed fast. */
  void choked(PeerState peer) {
    if (!peer.waiting.isEmpty()) {
      peer.waiting.retainAll(peer.wire().peerRequests());
      if (peer.waiting.isEmpty()) {
        turns.remove(peer);
      }
    }
  }

  /** A peer is gone. */
  void left(PeerState peer) {
    peer.waiting.clear();
    turns.remove(peer);
  }

  /** Time has passed: there may be room for more. */
  void tick() {
    while (!turns.isEmpty()) {
      Iterator<PeerState> next = turns.iterator();
      PeerState peer = next.next();
      Block block = peer.waiting.element();
      if (!limit.take(block.length(), swarm.now())) {
        return;
      }
      next.remove();
      peer.waiting.remove();
      if (!peer.waiting.isEmpty()) {
        turns.add(peer);
      }
      if (!serve(peer, block.piece(), block.begin(), block.length())) {
        limit.giveBack(block.length());
      }
    }
  }

  long nanosUntilTick(long now) {
    return turns.isEmpty() ? Candidates.NEVER : limit.nanosUntilSome(now);
  }

  private boolean serve(PeerState peer, int piece, int begin, int length) {
    if (!peer.isUp()) {
      return false;
    }
    BlockRegion block =
        swarm.verified().contains(piece) ? swarm.actions.read(piece, begin, length) : null;
    if (block != null) {
      return peer.wire().respond(piece, begin, block);
    }
    peer.wire().reject(piece, begin, length);
    if (swarm.verified().contains(piece)) {
      swarm.readFailed(piece, "a block could not be read", swarm.now());
    }
    return false;
  }
}
