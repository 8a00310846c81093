package org.peerwire.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.Violation;

/**
 * The peer's requests and our answers.
 *
 * <p>They wait in a bounded queue. The application is asked for a block only while what it was
 * asked for and what waits to be sent is below the upload window, so a peer that does not read
 * makes us hold a window and no more.
 *
 * <pre>
 *   requests   | asked of the application | not yet asked ...
 *              '--------- asked ----------'
 * </pre>
 */
final class Uploads {
  /** A request above this closes: no client ever served more. */
  static final int LARGEST_REQUEST = 1 << 17;

  private static final int FLOOD = 300;
  private static final long FLOOD_GRACE = TimeUnit.SECONDS.toNanos(2);
  private static final int ALLOWED_FAST_SERVINGS = 3;
  private static final int MAX_COUNTED_BLOCKS = 1 << 16;

  private final PeerWire wire;
  private final WireOptions options;
  private final RequestQueue requests = new RequestQueue();
  private final Speed speed = new Speed();

  /**
   * How many requests, from the head, the application was asked for, and how many bytes they ask
   * for.
   */
  private int asked;

  private long askedBytes;

  /** How many requests came since we choked the peer, and when the first did. */
  private int whileChoked;

  private long chokedAt;

  /** How often each block was served while choked; only of the few pieces that are allowed fast. */
  private @Nullable Map<Block, Integer> servings;

  /** Bytes of blocks that the transport took and the listener has not been told of. */
  private int unraised;

  Uploads(PeerWire wire) {
    this.wire = wire;
    options = wire.options();
  }

  /** Those that we have not answered, oldest first: a copy. */
  List<Block> requests() {
    return requests.toList();
  }

  int requestCount() {
    return requests.size();
  }

  double bytesPerSecond() {
    return speed.bytesPerSecond(wire.deadlines.now());
  }

  /** The peer asks for a block. */
  void request(int piece, int begin, int length) {
    if (Integer.compareUnsigned(length, LARGEST_REQUEST) > 0) {
      wire.conduct.fail(Violation.REQUEST_TOO_LARGE, Downloads.describe(piece, begin, length));
    } else if (wire.remote.request(piece, begin, length) != null) {
      outOfRange(piece, begin, length);
    } else if (length > options.maxServedLength()) {
      refuse(piece, begin, length);
      wire.conduct.tolerates(Violation.REQUEST_TOO_LARGE, Downloads.describe(piece, begin, length));
    } else if (!wire.local.allows(piece)) {
      refuse(piece, begin, length);
      chokedRequest();
    } else if (!wire.announced(piece) || servedOut(piece, begin)) {
      refuse(piece, begin, length);
    } else if (requests.find(piece, begin, length) >= 0) {
      wire.conduct.tolerates(Violation.REQUEST_DUPLICATE, Downloads.describe(piece, begin, length));
    } else if (requests.size() == options.maxPeerRequests()) {
      refuse(piece, begin, length);
    } else {
      boolean isNext = asked == requests.size();
      requests.add(piece, begin, length, null);
      if (isNext && hasRoom(length)) {
        ask(piece, begin, length);
      }
    }
  }

  /**
   * The peer withdrew a request. With the fast extension it is still to be answered, by a reject.
   */
  void cancel(int piece, int begin, int length) {
    int index = requests.find(piece, begin, length);
    if (index >= 0) {
      boolean wasAsked = remove(index, length);
      refuse(piece, begin, length);
      if (wasAsked) {
        wire.listener.onCancel(wire, piece, begin, length);
      }
    }
  }

  /**
   * Takes a request out of the queue, to be answered. Returns false if it is not pending any more.
   */
  boolean answer(int piece, int begin, int length) {
    int index = requests.find(piece, begin, length);
    if (index >= 0) {
      remove(index, length);
      return true;
    }
    int other = requests.find(piece, begin);
    if (other >= 0 && other < asked) {
      throw new IllegalArgumentException(
          "a block of " + length + " bytes, but " + requests.length(other) + " were asked for");
    }
    return false;
  }

  /** The transport took bytes of blocks. */
  void handedOver(int count) {
    unraised += count;
    wire.uploaded += count;
    speed.add(count, wire.deadlines.now());
  }

  /** The transport sent what it took, so that there may be room for more. */
  void sent() {
    int count = unraised;
    unraised = 0;
    if (count > 0) {
      wire.listener.onUpload(wire, count);
    }
    ask();
  }

  /** Whether the application can be asked for more. */
  boolean canAsk() {
    return asked < requests.size() && hasRoom(requests.length(asked));
  }

  void ask() {
    while (!wire.isClosed() && canAsk()) {
      ask(requests.piece(asked), requests.begin(asked), requests.length(asked));
    }
  }

  private boolean hasRoom(int length) {
    long window = askedBytes + wire.transport.blocksInOutput();
    return window == 0 || window + length <= options.uploadWindow();
  }

  /** Asks the application for the first block that it was not asked for. */
  private void ask(int piece, int begin, int length) {
    asked++;
    askedBytes += length;
    wire.listener.onRequest(wire, piece, begin, length);
  }

  /** We choke the peer: with the fast extension each request is rejected, without it dropped. */
  void choked() {
    whileChoked = 0;
    for (int i = requests.size() - 1; i >= 0; i--) {
      if (!wire.local.allows(requests.piece(i))) {
        int piece = requests.piece(i);
        int begin = requests.begin(i);
        int length = requests.length(i);
        remove(i, length);
        refuse(piece, begin, length);
      }
    }
  }

  /** We have a piece no more: as {@link #choked}, for its requests alone. */
  void lost(int piece) {
    for (int i = requests.size() - 1; i >= 0; i--) {
      if (requests.piece(i) == piece) {
        int begin = requests.begin(i);
        int length = requests.length(i);
        remove(i, length);
        refuse(piece, begin, length);
      }
    }
  }

  void close() {
    while (!requests.isEmpty()) {
      remove(0, requests.length(0));
    }
    requests.trim();
  }

  /** Gives memory back, and returns whether nothing is left. */
  boolean trim() {
    requests.trim();
    return requests.isEmpty()
        && unraised == 0
        && whileChoked == 0
        && servings == null
        && speed.isPast(wire.deadlines.now());
  }

  private void outOfRange(int piece, int begin, int length) {
    refuse(piece, begin, length);
    String detail = Downloads.describe(piece, begin, length);
    if (wire.terms.fast) {
      wire.conduct.tolerates(Violation.REQUEST_OUT_OF_RANGE, detail);
    } else {
      // It was not told of the refusal, so it may go on innocently.
      wire.conduct.mention(Violation.REQUEST_OUT_OF_RANGE, detail);
    }
  }

  private void chokedRequest() {
    long now = wire.deadlines.now();
    if (whileChoked == 0) {
      chokedAt = now;
    }
    if (++whileChoked > FLOOD && now - chokedAt > FLOOD_GRACE) {
      wire.conduct.fail(Violation.REQUEST_FLOOD, whileChoked + " requests while choked");
    }
  }

  private boolean servedOut(int piece, int begin) {
    if (!wire.local.choking) {
      return false;
    }
    Map<Block, Integer> counts = servings;
    if (counts == null) {
      counts = new HashMap<>();
      servings = counts;
    }
    // One entry a block: odd cuts of the same bytes are counted together.
    Block block = new Block(piece, begin / Block.LENGTH, Block.LENGTH);
    return counts.size() == MAX_COUNTED_BLOCKS
        || counts.merge(block, 1, Integer::sum) > ALLOWED_FAST_SERVINGS;
  }

  private void refuse(int piece, int begin, int length) {
    // Before our handshake the peer can't know that it may be told.
    if (wire.terms.fast && wire.isOpen()) {
      wire.say();
      wire.writer().rejectRequest(piece, begin, length);
    }
  }

  /** Returns whether the application was asked for it. */
  private boolean remove(int index, int length) {
    boolean wasAsked = index < asked;
    if (wasAsked) {
      asked--;
      askedBytes -= length;
    }
    requests.remove(index);
    return wasAsked;
  }
}
