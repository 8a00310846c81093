package org.peerwire.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.peerwire.wire.Transport;

/** Buffers that came. They are read in place and released. */
final class Input {
  /**
   * Those that came while the wire was busy: a channel that reads inside of a write, as local ones
   * do. Null for all others.
   */
  private @Nullable Queue<ByteBuf> held;

  boolean isHeld() {
    Queue<ByteBuf> inputs = held;
    return inputs != null && !inputs.isEmpty();
  }

  void hold(ByteBuf bytes) {
    Queue<ByteBuf> inputs = held;
    if (inputs == null) {
      inputs = new ArrayDeque<>();
      held = inputs;
    }
    inputs.add(bytes);
  }

  void readHeld(Transport transport, long now) {
    Queue<ByteBuf> inputs = held;
    if (inputs != null) {
      read(inputs.remove(), transport, now);
    }
  }

  void release() {
    Queue<ByteBuf> inputs = held;
    if (inputs != null) {
      inputs.forEach(ByteBuf::release);
      inputs.clear();
    }
  }

  static void read(ByteBuf bytes, Transport transport, long now) {
    try {
      int count = bytes.nioBufferCount();
      if (count == 1) {
        transport.receive(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()), now);
      } else if (count > 1) {
        for (ByteBuffer part : bytes.nioBuffers()) {
          transport.receive(part, now);
        }
      } else {
        transport.receive(ByteBuffer.wrap(ByteBufUtil.getBytes(bytes)), now);
      }
    } finally {
      bytes.release();
    }
  }
}
