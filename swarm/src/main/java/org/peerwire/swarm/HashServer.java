package org.peerwire.swarm;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.peerwire.HashRange;
import org.peerwire.swarm.merkle.HashProof;
import org.peerwire.swarm.merkle.HashTree;
import org.peerwire.swarm.merkle.HashedFile;
import org.peerwire.wire.PeerWire;

/**
 * Answers requests for v2 hashes: from the layer of the pieces upwards out of memory, those below
 * by {@link LeafServer}.
 */
final class HashServer {
  /** The most hashes of the base layer in one answer, as BEP 52 advises. */
  static final int MAX_LENGTH = 512;

  private static final int ANSWERS_A_SECOND = 32;
  private static final int ANSWERS_A_SECOND_WHILE_CHOKED = 4;

  private final LeafServer leaves;

  private Function<ByteBuffer, Optional<HashedFile>> files = root -> Optional.empty();

  HashServer(LeafServer leaves) {
    this.leaves = leaves;
  }

  /** How much one peer has been given lately. */
  static final class Allowance {
    private long second;
    private int answers;

    /** How many of its requests wait for the disk. */
    int waiting;

    private long readSecond;
    private long read;

    /** Whether there is another answer in this second. */
    boolean take(int most, long now) {
      if (answers == 0 || now - second >= TimeUnit.SECONDS.toNanos(1)) {
        second = now;
        answers = 0;
      }
      return answers < most && ++answers > 0;
    }

    /** Whether less was read for it in this second. If so, more is. */
    boolean takeRead(long bytes, long most, long now) {
      if (read == 0 || now - readSecond >= TimeUnit.SECONDS.toNanos(1)) {
        readSecond = now;
        read = 0;
      }
      boolean takes = read < most;
      read += takes ? bytes : 0;
      return takes;
    }
  }

  void serve(Function<ByteBuffer, Optional<HashedFile>> source) {
    files = source;
  }

  /** A peer asks for hashes that exist. */
  void request(PeerWire wire, HashRange range, Allowance allowance, long now) {
    int most = wire.amChoking() ? ANSWERS_A_SECOND_WHILE_CHOKED : ANSWERS_A_SECOND;
    HashedFile file = files.apply(range.piecesRoot()).orElse(null);
    if (file == null
        || !file.isKnown()
        || range.length() > MAX_LENGTH
        || !allowance.take(most, now)) {
      wire.hashReject(range);
      return;
    }
    HashTree tree = file.treeFrom(range.baseLayer()).orElse(null);
    if (tree != null) {
      wire.hashes(range, HashProof.answer(range, tree));
    } else {
      leaves.request(wire, range, file, allowance, now);
    }
  }
}
