package org.peerwire.channel;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The memory that a pipe reads into: little of its own while the peer is quiet, and one of a few
 * larger buffers that all pipes share while the peer sends much. If none is free, the little one
 * does, only slower.
 */
final class Input {
  static final int SMALL = 2 << 10;
  static final int LARGE = 64 << 10;

  /** 16 MiB in all. */
  private static final int MOST_SHARED = 256;

  private static final Queue<ByteBuffer> SHARED = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger MADE = new AtomicInteger();

  private final ByteBuffer own = ByteBuffer.allocateDirect(SMALL);
  private @Nullable ByteBuffer borrowed;

  /** The buffer to read into, empty. */
  ByteBuffer buffer() {
    ByteBuffer large = borrowed;
    return large == null ? own.clear() : large.clear();
  }

  /** So many bytes were read into it and are done with. */
  void read(int count) {
    if (borrowed == null) {
      if (count == SMALL) {
        borrow();
      }
    } else if (count <= SMALL) {
      release();
    }
  }

  /** Gives back what is shared. */
  void release() {
    ByteBuffer large = borrowed;
    if (large != null) {
      borrowed = null;
      SHARED.add(large);
    }
  }

  private void borrow() {
    borrowed = SHARED.poll();
    if (borrowed == null && MADE.getAndUpdate(n -> Math.min(n + 1, MOST_SHARED)) < MOST_SHARED) {
      borrowed = ByteBuffer.allocateDirect(LARGE);
    }
  }
}
