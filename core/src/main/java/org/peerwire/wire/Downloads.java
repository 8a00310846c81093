package org.peerwire.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.Profile;
import org.peerwire.Violation;

/** Our requests and what becomes of them: each that was sent ends exactly once. */
final class Downloads {
  static final ByteBuffer NO_BLOCK = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /** Four KiB, less what this buffer and the reader's frame are beside their bytes. */
  private static final int GROWTH = 4096 - 256;

  private final PeerWire wire;
  private final RequestQueue requests = new RequestQueue();
  private final Speed speed = new Speed();
  private @Nullable Withdrawn withdrawn;

  /**
   * Cancelled since the last call of the transport; their callbacks are due. Null if there were
   * none.
   */
  private @Nullable RequestQueue cancelled;

  // The block that is streaming in.
  private int piece;
  private int begin;
  private int length;
  private boolean wanted;

  /**
   * Where a block is put together that does not lie in one input, up to its position. Its length is
   * one that we asked for.
   */
  private ByteBuffer assembly = NO_BLOCK;

  /** Since when the request at the head stands there, but for one that has only just come there. */
  private long headAt;

  private boolean headIsNew = true;

  Downloads(PeerWire wire) {
    this.wire = wire;
  }

  /** Those that the peer has not answered, oldest first: a copy. */
  List<Block> requests() {
    return requests.toList();
  }

  int requestCount() {
    return requests.size();
  }

  /** Whether a request for a block that begins here is pending. */
  boolean isPending(int at, int from) {
    return requests.find(at, from) >= 0;
  }

  double bytesPerSecond() {
    return speed.bytesPerSecond(wire.deadlines.now());
  }

  void request(int at, int from, int count, @Nullable BlockCallback callback) {
    if (requests.isEmpty()) {
      newHead();
    }
    requests.add(at, from, count, callback);
  }

  /** Another request stands at the head, or the same one starts anew: from the next tick on. */
  void newHead() {
    headIsNew = true;
  }

  void tick(long now) {
    if (headIsNew && !requests.isEmpty()) {
      headIsNew = false;
      headAt = now;
    }
  }

  /** How long the request at the head has been there, in nanoseconds, or -1 if there is none. */
  long headAge(long now) {
    if (requests.isEmpty()) {
      return -1;
    }
    return headIsNew ? 0 : now - headAt;
  }

  /** The head of a piece message. */
  void begin(int at, int from, int count) {
    piece = at;
    begin = from;
    length = count;
    assembly.clear().order(ByteOrder.BIG_ENDIAN);
    wanted = false;
    Violation violation = wire.remote.block(at, from, count);
    if (violation != null) {
      wire.conduct.tolerates(violation, describe());
      return;
    }
    int index = requests.find(at, from, count);
    if (index >= 0) {
      wanted = true;
    } else if (count == 0) {
      emptyBlock(requests.find(at, from));
    } else if (wasWithdrawn(at, from, count)) {
      wire.wasted += count;
    } else {
      misfit(requests.find(at, from));
    }
  }

  /** A part of the block of the message whose head came last. */
  void bytes(ByteBuffer part) {
    if (!wanted) {
      return;
    }
    int count = part.remaining();
    if (count == length) {
      finish(part);
      return;
    }
    ByteBuffer block = roomFor(count);
    int at = block.position();
    block.put(at, part, part.position(), count).position(at + count);
    if (at + count == length) {
      finish(block.flip());
    }
  }

  /** It grows with what comes, so that the head of a block costs nothing. */
  private ByteBuffer roomFor(int count) {
    ByteBuffer block = assembly;
    if (block.remaining() < count) {
      int capacity = Math.min(length, block.position() + count + GROWTH);
      block = ByteBuffer.allocate(capacity).put(block.flip());
      assembly = block;
    }
    return block;
  }

  /** The peer rejected a request. */
  void reject(int at, int from, int count) {
    int index = requests.find(at, from, count);
    if (index >= 0) {
      rejected(index);
    } else if (!wasWithdrawn(at, from, count)) {
      wire.conduct.tolerates(Violation.REJECT_UNREQUESTED, describe(at, from, count));
    }
  }

  /** Without the fast extension a choke drops every request. */
  void choked() {
    for (int left = requests.size(); left > 0 && !requests.isEmpty(); left--) {
      withdraw(0, RequestOutcome.CHOKED);
    }
  }

  /** The peer has a piece no more, and without the fast extension drops what we asked of it. */
  void lost(int at) {
    for (int i = requests.size() - 1; i >= 0; i--) {
      // A callback may have changed the queue.
      if (i < requests.size() && requests.piece(i) == at) {
        withdraw(i, RequestOutcome.REJECTED);
      }
    }
  }

  boolean cancel(int at, int from, int count) {
    int index = requests.find(at, from, count);
    if (index < 0) {
      return false;
    }
    RequestQueue ended = cancelled;
    if (ended == null) {
      ended = new RequestQueue();
      cancelled = ended;
    }
    ended.add(at, from, count, requests.callback(index));
    remember(at, from, count);
    remove(index);
    return true;
  }

  boolean hasCancelled() {
    return cancelled != null && !cancelled.isEmpty();
  }

  void endCancelled() {
    RequestQueue ended = cancelled;
    while (ended != null && !ended.isEmpty()) {
      end(ended, 0, RequestOutcome.CANCELLED, NO_BLOCK);
    }
  }

  void timeOutHead() {
    withdraw(0, RequestOutcome.TIMED_OUT);
    newHead();
  }

  /**
   * Ends what is pending, all of it: what a callback throws is kept until the last one was told.
   */
  @Nullable Throwable close() {
    Throwable first = null;
    while (hasCancelled() || !requests.isEmpty()) {
      try {
        endCancelled();
        while (!requests.isEmpty()) {
          end(requests, 0, RequestOutcome.CLOSED, NO_BLOCK);
        }
      } catch (RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    wanted = false;
    trim();
    return first;
  }

  /** Gives memory back, and returns whether nothing is left. */
  boolean trim() {
    requests.trim();
    if (!hasCancelled()) {
      cancelled = null;
    }
    if (withdrawn != null && withdrawn.isPast(wire.deadlines.now())) {
      withdrawn = null;
    }
    // A block that is streaming in may have been given up and asked for anew.
    if (requests.isEmpty() && !wanted) {
      assembly = NO_BLOCK;
    }
    return requests.isEmpty()
        && cancelled == null
        && withdrawn == null
        && !wanted
        && speed.isPast(wire.deadlines.now());
  }

  private void finish(ByteBuffer block) {
    wanted = false;
    // It may have been cancelled or timed out while it was streaming in.
    int index = requests.find(piece, begin, length);
    if (index < 0) {
      wire.wasted += length;
      return;
    }
    wire.downloaded += length;
    speed.add(length, wire.deadlines.now());
    int from = block.position();
    int to = block.limit();
    wire.listener.onPiece(wire, piece, begin, block);
    index = requests.find(piece, begin, length);
    if (index >= 0) {
      BlockCallback callback = requests.callback(index);
      remove(index);
      if (callback != null) {
        callback.ended(RequestOutcome.BLOCK, piece, begin, block.limit(to).position(from));
      }
    }
    wire.listener.onDownload(wire, length);
  }

  /** A block that is not what was asked for. */
  private void misfit(int index) {
    if (index < 0) {
      wire.wasted += length;
      wire.conduct.tolerates(Violation.UNREQUESTED_BLOCK, describe());
    } else if (Integer.compareUnsigned(length, requests.length(index)) > 0) {
      wire.conduct.fail(
          Violation.BLOCK_LENGTH, describe() + ", asked for " + requests.length(index));
    } else {
      wire.wasted += length;
      String detail = describe() + ", asked for " + requests.length(index);
      if (wire.conduct.tolerates(Violation.BLOCK_LENGTH, detail)) {
        // The listener may have changed the queue.
        rejected(requests.find(piece, begin));
      }
    }
  }

  /** Some clients reject by an empty block. */
  private void emptyBlock(int index) {
    if (wire.options().profile() == Profile.STRICT) {
      wire.conduct.fail(Violation.BLOCK_LENGTH, describe());
    } else if (index >= 0) {
      rejected(index);
    } else {
      wire.conduct.mention(Violation.BLOCK_LENGTH, describe());
    }
  }

  /** The peer declines the request at this index, if any; the block may come all the same. */
  private void rejected(int index) {
    if (index < 0) {
      return;
    }
    int at = requests.piece(index);
    int from = requests.begin(index);
    int count = requests.length(index);
    wire.listener.onReject(wire, at, from, count);
    // The listener may have changed the queue.
    int now = requests.find(at, from, count);
    if (now >= 0) {
      withdraw(now, RequestOutcome.REJECTED);
    }
  }

  private void withdraw(int index, RequestOutcome outcome) {
    remember(requests.piece(index), requests.begin(index), requests.length(index));
    end(index, outcome);
  }

  private void remember(int at, int from, int count) {
    Withdrawn late = withdrawn;
    if (late == null) {
      late = new Withdrawn(wire.options().maxWithdrawn(), wire.options().withdrawnNanos());
      withdrawn = late;
    }
    late.add(at, from, count, wire.deadlines.now());
  }

  private boolean wasWithdrawn(int at, int from, int count) {
    return withdrawn != null && withdrawn.take(at, from, count, wire.deadlines.now());
  }

  private void end(int index, RequestOutcome outcome) {
    if (index == 0) {
      newHead();
    }
    end(requests, index, outcome, NO_BLOCK);
  }

  private static void end(RequestQueue queue, int index, RequestOutcome outcome, ByteBuffer block) {
    int at = queue.piece(index);
    int from = queue.begin(index);
    BlockCallback callback = queue.callback(index);
    queue.remove(index);
    if (callback != null) {
      callback.ended(outcome, at, from, block);
    }
  }

  private void remove(int index) {
    if (index == 0) {
      newHead();
    }
    requests.remove(index);
  }

  private String describe() {
    return describe(piece, begin, length);
  }

  static String describe(int piece, int begin, int length) {
    return "piece "
        + Integer.toUnsignedString(piece)
        + ", begin "
        + Integer.toUnsignedString(begin)
        + ", length "
        + Integer.toUnsignedString(length);
  }
}
