package org.peerwire.mse;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One buffer, used again. It is away while it is used: whoever comes meanwhile gets another one.
 */
final class Scratch {
  /** The largest buffer, in bytes: what transports read at once. */
  static final int LARGEST = 64 << 10;

  private static final int SMALLEST = 512;

  private @Nullable ByteBuffer spare;

  /**
   * A buffer in the heap, from index 0 of its array on, with any content.
   *
   * @param size how many bytes it has at least, up to {@link #LARGEST}
   */
  ByteBuffer take(int size) {
    ByteBuffer buffer = spare;
    spare = null;
    if (buffer == null || buffer.capacity() < size) {
      int capacity = Math.max(SMALLEST, Integer.highestOneBit(2 * size - 1));
      buffer = ByteBuffer.allocate(capacity);
    }
    return buffer.clear();
  }

  void give(ByteBuffer buffer) {
    spare = buffer;
  }

  boolean isHeld() {
    return spare != null;
  }

  void drop() {
    spare = null;
  }
}
