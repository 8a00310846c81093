package org.peerwire.client.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One buffer into which all connections of an event loop receive, one after the other: what comes
 * is read before the next one has its turn. So it may be large, needs no search for the right size,
 * and stays in the processor's cache. Who keeps what came, against the rule, keeps the buffer, and
 * the others get another one.
 *
 * <p>Belongs to the event loop.
 */
final class ReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
  /** As much as a fast peer sends while we are elsewhere; half of a processor's own cache. */
  private static final int SIZE = 256 << 10;

  /** How often one connection is read from before others are. */
  private static final int READS = 4;

  private @Nullable ByteBuf shared;

  ReceiveBuffer() {
    super(READS);
  }

  @Override
  public MaxMessageHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return SIZE;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        return take(allocator);
      }
    };
  }

  private ByteBuf take(ByteBufAllocator allocator) {
    ByteBuf buffer = shared;
    if (buffer == null || buffer.refCnt() > 1) {
      release();
      buffer = allocator.directBuffer(SIZE, SIZE);
      shared = buffer;
    }
    return buffer.clear().retain();
  }

  /** Once there are no connections any more. */
  void release() {
    ByteBuf buffer = shared;
    if (buffer != null) {
      shared = null;
      buffer.release();
    }
  }
}
