package org.peerwire.frame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of a long message, in the parts in which it came. No more may be held than came and
 * a little, so one buffer for all would have to grow by little, and be copied each time.
 */
final class Parts {
  private final List<byte[]> parts = new ArrayList<>();
  private int size;

  /** Bytes so far, which is also what they take. */
  int size() {
    return size;
  }

  /**
   * Appends a part.
   *
   * @param full full, and all of its array; it is kept
   */
  @SuppressWarnings("ByteBufferBackingArray")
  void add(ByteBuffer full) {
    parts.add(full.array());
    size += full.capacity();
  }

  /** All of them and the last one, as one buffer, which stands at its end. */
  ByteBuffer join(ByteBuffer last) {
    ByteBuffer whole = ByteBuffer.allocate(size + last.position());
    parts.forEach(whole::put);
    return whole.put(last.flip());
  }
}
