package org.peerwire.swarm;

import org.jspecify.annotations.Nullable;
import org.peerwire.Block;

/**
 * A piece that was begun: for each of its blocks, who sent it, or whom it is asked of, two peers at
 * the most.
 *
 * <p>A block that has not come and is not asked of a peer that answers is <em>free</em>.
 */
final class PieceProgress {
  final int piece;
  final int length;
  final int blocks;

  private final @Nullable PeerState[] from;
  private final @Nullable Request[] first;
  private final @Nullable Request[] second;

  /** The only peer that may send blocks of it, so that it alone is to blame; or null. */
  @Nullable PeerState owner;

  /** All blocks came, and the client was asked whether they are right. */
  boolean verifying;

  private int missing;
  private int free;
  private int pending;

  /** No block before this one is free. */
  private int scan;

  PieceProgress(int piece, int length) {
    this.piece = piece;
    this.length = length;
    blocks = (length - 1) / Block.LENGTH + 1;
    from = new PeerState[blocks];
    first = new Request[blocks];
    second = new Request[blocks];
    missing = blocks;
    free = blocks;
  }

  int blockLength(int block) {
    return Math.min(Block.LENGTH, length - block * Block.LENGTH);
  }

  boolean isWhole() {
    return missing == 0;
  }

  /** How many bytes have come. */
  int received() {
    int bytes = 0;
    for (int block = 0; block < blocks; block++) {
      bytes += from[block] == null ? 0 : blockLength(block);
    }
    return bytes;
  }

  int free() {
    return free;
  }

  /** Whether nothing has come and nothing is asked of anyone. */
  boolean isUntouched() {
    return missing == blocks && pending == 0;
  }

  /** Whether no block of it is asked of a peer that answers. */
  boolean isIdle() {
    return free == missing;
  }

  /** Who sent a block, or null if it has not come. */
  @Nullable PeerState from(int block) {
    return from[block];
  }

  /** A copy of who sent what. */
  @Nullable PeerState[] sources() {
    return from.clone();
  }

  /** The first free block that may be asked of a peer, or -1. */
  int freeBlock(PeerState peer) {
    boolean leading = true;
    for (int block = scan; block < blocks && free > 0; block++) {
      if (from[block] == null && live(block) == 0) {
        if (find(block, peer) == null && !peer.refuses(piece, block)) {
          scan = leading ? block : scan;
          return block;
        }
        leading = false;
      }
    }
    return -1;
  }

  /** How many peers that answer a block is asked of. */
  int live(int block) {
    return live(first[block]) + live(second[block]);
  }

  /** The request for a block that is with a peer that answers, if there is exactly one. */
  @Nullable Request onlyLive(int block) {
    int live = live(block);
    Request one = first[block];
    return live != 1 ? null : live(one) == 1 ? one : second[block];
  }

  /** The request for a block that is with a peer, or null. */
  @Nullable Request find(int block, PeerState peer) {
    Request one = first[block];
    Request other = second[block];
    if (one != null && one.peer == peer) {
      return one;
    }
    return other != null && other.peer == peer ? other : null;
  }

  /** A request for a block other than {@code but}, or null. */
  @Nullable Request another(int block, @Nullable Request but) {
    Request one = first[block];
    return one != null && one != but ? one : second[block] == but ? null : second[block];
  }

  /** A stale request that has to go before another one for the block can be added, or null. */
  @Nullable Request inTheWay(int block) {
    Request one = first[block];
    Request other = second[block];
    if (one == null || other == null) {
      return null;
    }
    return one.stale ? one : other;
  }

  /** A block was asked of a peer. */
  void add(Request request) {
    int block = request.block;
    if (from[block] == null && live(block) == 0) {
      free--;
    }
    if (first[block] == null) {
      first[block] = request;
    } else if (second[block] == null) {
      second[block] = request;
    } else {
      throw new IllegalStateException("a third request for a block");
    }
    pending++;
  }

  /** A request is no more, in whatever way. */
  void remove(Request request) {
    int block = request.block;
    boolean wasLive = live(block) > 0;
    if (first[block] == request) {
      first[block] = null;
    } else if (second[block] == request) {
      second[block] = null;
    } else {
      return;
    }
    pending--;
    freed(block, wasLive);
  }

  /** The peer of a request does not answer. */
  void setStale(Request request) {
    boolean wasLive = live(request.block) > 0;
    request.stale = true;
    freed(request.block, wasLive);
  }

  /** A block came. */
  void put(int block, PeerState peer) {
    if (from[block] == null) {
      if (live(block) == 0) {
        free--;
      }
      from[block] = peer;
      missing--;
    }
  }

  /** Forgets what came. */
  void restart() {
    for (int block = 0; block < blocks; block++) {
      if (from[block] != null) {
        from[block] = null;
        missing++;
        if (live(block) == 0) {
          free++;
        }
      }
    }
    scan = 0;
    owner = null;
    verifying = false;
  }

  /** Forgets what came from one peer. Returns how many bytes that was. */
  int forget(PeerState peer) {
    int bytes = 0;
    for (int block = 0; block < blocks; block++) {
      if (from[block] == peer) {
        from[block] = null;
        bytes += blockLength(block);
        missing++;
        free += live(block) == 0 ? 1 : 0;
      }
    }
    scan = bytes > 0 ? 0 : scan;
    return bytes;
  }

  @Override
  public String toString() {
    return piece
        + (owner == null ? "" : " of " + owner.address)
        + (verifying ? " verifying" : ": " + missing + " missing, " + free + " free");
  }

  private void freed(int block, boolean wasLive) {
    if (wasLive && live(block) == 0 && from[block] == null) {
      free++;
      scan = Math.min(scan, block);
    }
  }

  private static int live(@Nullable Request request) {
    return request == null || request.stale ? 0 : 1;
  }
}
