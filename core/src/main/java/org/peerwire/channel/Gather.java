package org.peerwire.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.peerwire.BlockRegion;
import org.peerwire.frame.OutputSink;

/**
 * Collects what a wire hands over, and writes it in few calls: headers and blocks together, but no
 * more in one than a slow peer takes in a while, so that it is seen to take something.
 */
final class Gather implements OutputSink {
  /** How many bytes are taken at once. */
  static final int ROUND = 128 << 10;

  /** How many bytes are written in one call. */
  private static final int CALL = 32 << 10;

  private static final int LEAST_CONTROL = 256;
  private static final int MOST_CONTROL = 4 << 10;

  private final WritableByteChannel sink;
  private final List<Object> parts = new ArrayList<>(4);
  private ByteBuffer control = ByteBuffer.allocate(LEAST_CONTROL);
  private int controlFrom;

  /** The first part that is not written. */
  private int at;

  /** A part of a region that is to be sent. */
  private record RegionPart(BlockRegion region, int offset, int length) {
    boolean isLast() {
      return offset + length == region.length();
    }

    RegionPart from(int count) {
      return new RegionPart(region, offset + count, length - count);
    }
  }

  Gather(WritableByteChannel sink) {
    this.sink = sink;
  }

  @Override
  public void control(ByteBuffer bytes) {
    if (control.remaining() < bytes.remaining()) {
      cutControl();
      int larger = Math.min(2 * control.capacity(), MOST_CONTROL);
      control = ByteBuffer.allocate(Math.max(larger, bytes.remaining()));
      controlFrom = 0;
    }
    control.put(bytes);
  }

  @Override
  public void block(ByteBuffer block) {
    cutControl();
    parts.add(block);
  }

  @Override
  public void region(BlockRegion region, int offset, int length) {
    cutControl();
    parts.add(new RegionPart(region, offset, length));
  }

  /** All of a round is collected. */
  void end() {
    cutControl();
  }

  /**
   * Writes some of what was collected; blocks while the sink takes nothing.
   *
   * @return how many bytes; 0: nothing is left
   */
  long write() throws IOException {
    if (at == parts.size()) {
      reset();
      return 0;
    }
    return parts.get(at) instanceof RegionPart part ? write(part) : writeBuffers();
  }

  /** Lets go of what could not be sent. */
  void release() {
    for (Object each : parts.subList(at, parts.size())) {
      if (each instanceof RegionPart part && part.isLast()) {
        part.region().release();
      }
    }
    reset();
  }

  private long write(RegionPart part) throws IOException {
    int count = Math.min(part.length(), CALL);
    if (part.region() instanceof FileRegion file) {
      file.transferTo(sink, part.offset(), count);
    } else {
      ByteBuffer bytes = ByteBuffer.allocate(count);
      part.region().read(part.offset(), bytes);
      write(new ByteBuffer[] {bytes.flip()}, count);
    }
    if (count < part.length()) {
      parts.set(at, part.from(count));
    } else {
      at++;
      if (part.isLast()) {
        part.region().release();
      }
    }
    return count;
  }

  private long writeBuffers() throws IOException {
    int end = at;
    int total = 0;
    while (end < parts.size() && total < CALL && parts.get(end) instanceof ByteBuffer buffer) {
      total += buffer.remaining();
      end++;
    }
    ByteBuffer[] buffers = parts.subList(at, end).toArray(new ByteBuffer[0]);
    ByteBuffer last = buffers[buffers.length - 1];
    int limit = last.limit();
    last.limit(limit - Math.max(0, total - CALL));
    try {
      return write(buffers, 1);
    } finally {
      last.limit(limit);
      while (at < end && parts.get(at) instanceof ByteBuffer buffer && !buffer.hasRemaining()) {
        at++;
      }
    }
  }

  /** Writes at least so many bytes. */
  private long write(ByteBuffer[] buffers, int least) throws IOException {
    long written = 0;
    while (true) {
      if (sink instanceof GatheringByteChannel gathering) {
        written += gathering.write(buffers);
      } else {
        for (ByteBuffer buffer : buffers) {
          int count = buffer.hasRemaining() ? sink.write(buffer) : 0;
          written += count;
          if (buffer.hasRemaining()) {
            break;
          }
        }
      }
      if (written >= least) {
        return written;
      }
      if (!sink.isOpen()) {
        throw new ClosedChannelException();
      }
      pause();
    }
  }

  /** A channel that moves nothing and does not wait either is looked at again soon. */
  static void pause() {
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
  }

  private void reset() {
    parts.clear();
    at = 0;
    control.clear();
    controlFrom = 0;
  }

  private void cutControl() {
    if (control.position() > controlFrom) {
      parts.add(control.slice(controlFrom, control.position() - controlFrom));
      controlFrom = control.position();
    }
  }
}
