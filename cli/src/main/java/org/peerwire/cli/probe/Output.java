package org.peerwire.cli.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.peerwire.BlockRegion;
import org.peerwire.frame.OutputSink;
import org.peerwire.wire.Transport;

/** What waits to be sent: the wire's memory is copied, as it is only a few bytes. */
final class Output implements OutputSink {
  private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();

  boolean isEmpty() {
    return buffers.isEmpty();
  }

  /** Sends what the channel takes. Returns whether that is all there is. */
  boolean write(Transport transport, SocketChannel channel) throws IOException {
    long now = System.nanoTime();
    transport.drainTo(this, Integer.MAX_VALUE);
    while (!buffers.isEmpty()) {
      ByteBuffer next = buffers.element();
      transport.sent(channel.write(next), now);
      if (next.hasRemaining()) {
        return false;
      }
      buffers.remove();
    }
    return true;
  }

  @Override
  public void control(ByteBuffer bytes) {
    buffers.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
  }

  @Override
  public void block(ByteBuffer block) {
    throw new IllegalStateException("a probe serves nothing");
  }

  @Override
  public void region(BlockRegion region, int offset, int length) {
    throw new IllegalStateException("a probe serves nothing");
  }
}
