package org.peerwire.mse;

import java.nio.ByteBuffer;
import org.peerwire.frame.OutputSink;

/**
 * What waits to be sent of the encrypted handshake. The initiator's ends with bytes of the wire,
 * already encrypted:
 *
 * <pre>
 *   | handshake ... | bytes of the wire |  then what the wire drains by itself
 * </pre>
 */
final class HandshakeOutput {
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int head;
  private int tail;

  /** Bytes of the handshake that are not sent yet, handed over or not. */
  private int unsent;

  /** Adds bytes of the handshake. */
  void add(byte[] source) {
    unsent += source.length;
    addOfWire(ByteBuffer.wrap(source));
  }

  /** Adds bytes that the wire handed over; after them none of the handshake may be added. */
  void addOfWire(ByteBuffer source) {
    int length = source.remaining();
    byte[] target = new byte[tail - head + length];
    System.arraycopy(bytes, head, target, 0, tail - head);
    source.get(target, tail - head, length);
    bytes = target;
    head = 0;
    tail = target.length;
  }

  int size() {
    return tail - head;
  }

  long drainTo(OutputSink sink, long max) {
    int part = (int) Math.min(size(), max);
    if (part == 0) {
      return 0;
    }
    ByteBuffer out = ByteBuffer.wrap(bytes, head, part);
    head += part;
    if (head == tail) {
      clear();
    }
    sink.control(out);
    return part;
  }

  /** Takes note that bytes were sent, and returns how many of them were the wire's. */
  long sent(long count) {
    int ours = (int) Math.min(count, unsent);
    unsent -= ours;
    return count - ours;
  }

  void clear() {
    bytes = NOTHING;
    head = 0;
    tail = 0;
  }
}
