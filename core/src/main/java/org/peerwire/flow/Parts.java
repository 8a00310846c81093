package org.peerwire.flow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;
import org.peerwire.frame.OutputSink;

/** What a wire handed over and the sink has not asked for yet: messages copied, blocks not. */
final class Parts implements OutputSink {
  private final Queue<ByteBuffer> parts = new ArrayDeque<>(4);
  private @Nullable String failure;

  @Override
  public void control(ByteBuffer bytes) {
    parts.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
  }

  @Override
  public void block(ByteBuffer block) {
    parts.add(block);
  }

  @Override
  public void region(BlockRegion region, int offset, int length) {
    try {
      if (failure == null) {
        read(region, offset, length);
      }
    } finally {
      if (offset + length == region.length()) {
        region.release();
      }
    }
  }

  private void read(BlockRegion region, int offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try {
      region.read(offset, bytes);
      if (bytes.hasRemaining()) {
        failure = "a block ends " + bytes.remaining() + " bytes early";
      }
    } catch (IOException e) {
      String message = e.getMessage();
      failure = message == null ? e.toString() : message;
    }
    parts.add(bytes.flip());
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  @Nullable ByteBuffer poll() {
    return parts.poll();
  }

  void clear() {
    parts.clear();
  }

  /** Why what was promised to the peer could not be had, or null. */
  @Nullable String failure() {
    return failure;
  }
}
