package org.peerwire.swarm;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.HashRange;
import org.peerwire.swarm.merkle.HashedFile;
import org.peerwire.swarm.merkle.PieceLeaves;
import org.peerwire.swarm.merkle.TreeShape;
import org.peerwire.wire.PeerWire;

/**
 * Answers requests for v2 hashes below the layer of the pieces, which are computed from the data of
 * pieces that we have. As 81 bytes make us read and hash megabytes, only those ask that we have
 * unchoked, one request is worked on at a time, and few wait; what is beyond is rejected.
 */
final class LeafServer {
  /** How many requests wait, of all peers ... */
  static final int MAX_WAITING = 8;

  /** ... and of one. */
  static final int MAX_WAITING_OF_A_PEER = 2;

  /** How much is read for one answer, in bytes ... */
  static final long MAX_READ = 32 << 20;

  /** ... and after how much one peer has to wait for the next second. */
  static final long READ_A_SECOND = 16 << 20;

  private static final int LEAF_BITS = Integer.numberOfTrailingZeros(TreeShape.LEAF);

  private final IntPredicate verified;
  private final Reader reader;

  /** The first one is being read. */
  private final Queue<Waiting> waiting = new ArrayDeque<>();

  /** As {@link SwarmActions#leaves}; answered by {@link #read}. */
  interface Reader {
    boolean leaves(int firstPiece, int lastPiece);
  }

  private record Waiting(
      PeerWire wire,
      HashRange range,
      HashedFile file,
      int first,
      int last,
      HashServer.Allowance allowance) {
    void reject() {
      if (!wire.isClosed()) {
        wire.hashReject(range);
      }
    }
  }

  /**
   * Serves nobody yet.
   *
   * @param verified whether a piece is verified and stored
   */
  LeafServer(IntPredicate verified, Reader reader) {
    this.verified = verified;
    this.reader = reader;
  }

  /** A peer asks for hashes that exist, in a layer below that of the pieces. */
  void request(
      PeerWire wire, HashRange range, HashedFile file, HashServer.Allowance allowance, long now) {
    int up = file.pieceLayer() - range.baseLayer();
    long index = Integer.toUnsignedLong(range.index());
    int first = (int) (index >> up);
    int last = (int) Math.min(file.pieces() - 1L, (index + range.length() - 1) >> up);
    long read = (last - first + 1L) << file.pieceLayer() << LEAF_BITS;
    boolean served =
        !wire.amChoking()
            && first <= last
            && read <= MAX_READ
            && waiting.size() < MAX_WAITING
            && allowance.waiting < MAX_WAITING_OF_A_PEER;
    for (int piece = first; served && piece <= last; piece++) {
      served = verified.test(file.firstPiece() + piece);
    }
    if (!served || !allowance.takeRead(read, READ_A_SECOND, now)) {
      wire.hashReject(range);
      return;
    }
    allowance.waiting++;
    waiting.add(new Waiting(wire, range, file, first, last, allowance));
    if (waiting.size() == 1) {
      readNext();
    }
  }

  /**
   * The leaves of the pieces that were asked for were computed.
   *
   * @param leaves null if they could not be
   * @return a piece that is not what it was, if there is one
   */
  OptionalInt read(@Nullable ByteBuffer leaves) {
    Waiting done = waiting.poll();
    if (done == null) {
      return OptionalInt.empty();
    }
    done.allowance.waiting--;
    OptionalInt wrong = OptionalInt.empty();
    if (leaves == null) {
      done.reject();
    } else {
      PieceLeaves tree = new PieceLeaves(done.file, done.first, leaves);
      wrong = tree.firstWrong();
      if (wrong.isPresent()) {
        done.reject();
      } else if (!done.wire.isClosed()) {
        done.wire.hashes(done.range, tree.answer(done.range));
      }
    }
    readNext();
    int offset = done.file.firstPiece();
    return wrong.isPresent() ? OptionalInt.of(offset + wrong.getAsInt()) : wrong;
  }

  /** Those who left are not read for. */
  private void readNext() {
    for (Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
      int offset = next.file.firstPiece();
      if (!next.wire.isClosed() && reader.leaves(offset + next.first, offset + next.last)) {
        return;
      }
      waiting.remove();
      next.allowance.waiting--;
      next.reject();
    }
  }
}
