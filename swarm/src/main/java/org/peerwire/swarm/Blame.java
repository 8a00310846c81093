package org.peerwire.swarm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sent what was wrong. There are two proofs, and nobody is blamed without one:
 *
 * <ul>
 *   <li>all blocks of a wrong piece came from one peer;
 *   <li>the piece was wrong, then was right, and a block that the peer sent the first time was
 *       another one.
 * </ul>
 *
 * <p>So a piece that was wrong is fetched again from one peer, and the peers that shared in it
 * fetch whole pieces alone until one of those is right.
 */
final class Blame {
  /** How many peers must fail alone at one piece until the swarm is called poisoned. */
  static final int POISONED = 3;

  private static final int MAX_ATTEMPTS = 4;
  private static final int MAX_PIECES = 1_000;

  private final Map<Integer, Doubt> doubts = new LinkedHashMap<>();

  /** Whether a piece was wrong before, so that it must come from one peer. */
  boolean isDoubtful(int piece) {
    return doubts.containsKey(piece);
  }

  /**
   * A piece is wrong.
   *
   * @return those who sent blocks of it; if it is one alone, that is proof
   */
  Set<PeerState> failed(PieceProgress piece, @Nullable BlockDigests digests) {
    Set<PeerState> sources = new LinkedHashSet<>();
    for (int block = 0; block < piece.blocks; block++) {
      PeerState peer = piece.from(block);
      if (peer != null) {
        sources.add(peer);
      }
    }
    if (doubts.size() >= MAX_PIECES && !isDoubtful(piece.piece)) {
      doubts.remove(doubts.keySet().iterator().next());
    }
    Doubt doubt = doubts.computeIfAbsent(piece.piece, p -> new Doubt());
    if (sources.size() == 1) {
      doubt.alone++;
    } else {
      for (PeerState peer : sources) {
        peer.suspect = true;
      }
      if (digests != null && doubt.attempts.size() < MAX_ATTEMPTS) {
        doubt.attempts.add(new Attempt(piece.sources(), digests));
      }
    }
    return sources;
  }

  /**
   * Whether so many peers have failed alone at a piece that it is not only them; true once a piece.
   */
  boolean isPoisoned(int piece) {
    Doubt doubt = doubts.get(piece);
    return doubt != null && doubt.alone == POISONED;
  }

  /**
   * A piece is right.
   *
   * @return those who are proved to have sent wrong blocks of it before
   */
  Set<PeerState> passed(PieceProgress piece, @Nullable BlockDigests digests) {
    PeerState alone = piece.owner;
    if (alone != null) {
      alone.suspect = false;
    }
    Set<PeerState> liars = new LinkedHashSet<>();
    Doubt doubt = doubts.remove(piece.piece);
    if (doubt == null || digests == null) {
      return liars;
    }
    for (Attempt attempt : doubt.attempts) {
      for (int block = 0; block < piece.blocks; block++) {
        PeerState peer = attempt.from[block];
        if (peer != null && !attempt.digests.sameBlock(digests, block)) {
          liars.add(peer);
        }
      }
    }
    for (Attempt attempt : doubt.attempts) {
      // Found out: the others that shared in it are not to blame for this one.
      for (PeerState peer : attempt.from) {
        if (peer != null && !liars.contains(peer)) {
          peer.suspect = false;
        }
      }
    }
    return liars;
  }

  private static final class Doubt {
    final List<Attempt> attempts = new ArrayList<>();
    int alone;
  }

  private static final class Attempt {
    final @Nullable PeerState[] from;
    final BlockDigests digests;

    Attempt(@Nullable PeerState[] from, BlockDigests digests) {
      this.from = from;
      this.digests = digests;
    }
  }
}
