package org.peerwire.swarm;

import java.util.Arrays;
import org.peerwire.Feature;
import org.peerwire.peer.AllowedFast;
import org.peerwire.wire.PeerWire;

/**
 * What a newcomer that has to wait may fetch all the same, so that it has something to trade (<a
 * href="https://www.bittorrent.org/beps/bep_0006.html">BEP 6</a>): ten pieces, the same ones for
 * all of its network, each block three times for a connection, and once in half an hour.
 */
final class FastStart {
  private static final int[] NONE = {};

  private final Swarm swarm;
  private final PeerState peer;
  private int[] pieces = NONE;
  private boolean decided;

  FastStart(Swarm swarm, PeerState peer) {
    this.swarm = swarm;
    this.peer = peer;
  }

  /** The peer is interested. */
  void offer() {
    PeerWire wire = peer.wire();
    if (decided
        || !wire.amChoking()
        || !wire.supports(Feature.FAST)
        || peer.has.count() >= AllowedFast.DEFAULT_COUNT) {
      return;
    }
    decided = true;
    if (peer.account.mayStart(swarm.now())) {
      pieces =
          AllowedFast.pieces(
              peer.address.ip(),
              swarm.infoHash,
              swarm.layout.pieceCount(),
              AllowedFast.DEFAULT_COUNT);
      for (int piece : pieces) {
        allow(piece);
      }
    }
  }

  /** We have one more piece. */
  void have(int piece) {
    if (Arrays.stream(pieces).anyMatch(each -> each == piece)) {
      allow(piece);
    }
  }

  private void allow(int piece) {
    if (swarm.verified().contains(piece) && !peer.has.contains(piece)) {
      peer.wire().allowedFast(piece);
    }
  }
}
