package org.peerwire.swarm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The blocks that one peer rejected or let time out. Three times, and it is not asked for the block
 * again for a minute; a hundred rejects without a block, and it is taken for one that does not
 * serve.
 */
final class Refusals {
  static final int TIMES = 3;
  static final int SNUB = 100;
  static final long PAUSE = TimeUnit.SECONDS.toNanos(60);
  private static final int MAX_BLOCKS = 1024;

  private final Map<Long, Count> blocks = new LinkedHashMap<>();
  private int inARow;

  /** The peer did not serve a block. Returns whether that is so often that it is to be snubbed. */
  boolean add(int piece, int block, long now) {
    if (blocks.size() == MAX_BLOCKS) {
      blocks.remove(blocks.keySet().iterator().next());
    }
    Count count = blocks.computeIfAbsent(key(piece, block), k -> new Count());
    if (++count.times >= TIMES) {
      count.until = now + PAUSE;
    }
    inARow++;
    return inARow % SNUB == 0;
  }

  /** The peer served a block. */
  void served(int piece, int block) {
    inARow = 0;
    if (!blocks.isEmpty()) {
      blocks.remove(key(piece, block));
    }
  }

  /** Whether a block is not to be asked of the peer now. */
  boolean refuses(int piece, int block, long now) {
    Count count = blocks.isEmpty() ? null : blocks.get(key(piece, block));
    if (count == null || count.times < TIMES) {
      return false;
    }
    if (now - count.until < 0) {
      return true;
    }
    blocks.remove(key(piece, block));
    return false;
  }

  private static long key(int piece, int block) {
    return (long) piece << 32 | block;
  }

  private static final class Count {
    int times;
    long until;
  }
}
