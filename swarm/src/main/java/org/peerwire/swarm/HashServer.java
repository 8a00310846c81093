package org.peerwire.swarm;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.peerwire.HashRange;
import org.peerwire.swarm.merkle.HashProof;
import org.peerwire.swarm.merkle.HashTree;
import org.peerwire.wire.PeerWire;

/**
 * Answers requests for v2 hashes, from the layer of the pieces upwards, which are in memory. Who
 * asks for leaves is refused: those would have to be computed from the data.
 */
final class HashServer {
  /** The most hashes of the base layer in one answer, as BEP 52 advises. */
  private static final int MAX_LENGTH = 512;

  private static final int ANSWERS_A_SECOND = 32;
  private static final int ANSWERS_A_SECOND_WHILE_CHOKED = 4;

  private Function<ByteBuffer, Optional<HashTree>> trees = root -> Optional.empty();

  /** How much one peer has been given lately. */
  static final class Allowance {
    private long second;
    private int answers;

    /** Whether there is another answer in this second. */
    boolean take(int most, long now) {
      if (answers == 0 || now - second >= TimeUnit.SECONDS.toNanos(1)) {
        second = now;
        answers = 0;
      }
      return answers < most && ++answers > 0;
    }
  }

  void serve(Function<ByteBuffer, Optional<HashTree>> source) {
    trees = source;
  }

  /** A peer asks for hashes that exist. */
  void request(PeerWire wire, HashRange range, Allowance allowance, long now) {
    int most = wire.amChoking() ? ANSWERS_A_SECOND_WHILE_CHOKED : ANSWERS_A_SECOND;
    HashTree tree = trees.apply(range.piecesRoot()).orElse(null);
    if (tree == null
        || range.length() > MAX_LENGTH
        || range.baseLayer() < tree.base()
        || !allowance.take(most, now)) {
      wire.hashReject(range);
    } else {
      wire.hashes(range, HashProof.answer(range, tree));
    }
  }
}
