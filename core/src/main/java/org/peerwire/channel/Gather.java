package org.peerwire.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.peerwire.BlockRegion;
import org.peerwire.frame.OutputSink;

/**
 * Collects what a wire hands over, and writes it in as few calls as may be: headers and blocks
 * together.
 */
final class Gather implements OutputSink {
  /** How many bytes are taken at once. */
  static final int ROUND = 128 << 10;

  private static final int CONTROL = 4 << 10;

  private final WritableByteChannel sink;
  private final List<Object> parts = new ArrayList<>();
  private ByteBuffer control = ByteBuffer.allocate(CONTROL);
  private int controlFrom;

  /** A part of a region that is to be sent. */
  private record RegionPart(BlockRegion region, int offset, int length) {
    boolean isLast() {
      return offset + length == region.length();
    }
  }

  Gather(WritableByteChannel sink) {
    this.sink = sink;
  }

  @Override
  public void control(ByteBuffer bytes) {
    if (control.remaining() < bytes.remaining()) {
      cutControl();
      control = ByteBuffer.allocate(Math.max(CONTROL, bytes.remaining()));
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

  /** Writes all that was collected; blocks. Returns how many bytes that were. */
  long write() throws IOException {
    cutControl();
    long written = 0;
    int at = 0;
    while (at < parts.size()) {
      if (parts.get(at) instanceof RegionPart part) {
        send(part);
        written += part.length();
        parts.set(at++, ByteBuffer.allocate(0));
      } else {
        int end = at;
        while (end < parts.size() && parts.get(end) instanceof ByteBuffer) {
          end++;
        }
        written += write(parts.subList(at, end).toArray(new ByteBuffer[0]));
        at = end;
      }
    }
    parts.clear();
    control.clear();
    controlFrom = 0;
    return written;
  }

  /** Lets go of what could not be sent. */
  void release() {
    for (Object each : parts) {
      if (each instanceof RegionPart part && part.isLast()) {
        part.region().release();
      }
    }
    parts.clear();
  }

  private long write(ByteBuffer[] buffers) throws IOException {
    long total = 0;
    for (ByteBuffer buffer : buffers) {
      total += buffer.remaining();
    }
    if (sink instanceof GatheringByteChannel gathering) {
      for (long left = total; left > 0; ) {
        left -= gathering.write(buffers);
      }
    } else {
      for (ByteBuffer buffer : buffers) {
        while (buffer.hasRemaining()) {
          sink.write(buffer);
        }
      }
    }
    return total;
  }

  private void send(RegionPart part) throws IOException {
    if (part.region() instanceof FileRegion file) {
      file.transferTo(sink, part.offset(), part.length());
    } else {
      ByteBuffer bytes = ByteBuffer.allocate(part.length());
      part.region().read(part.offset(), bytes);
      write(new ByteBuffer[] {bytes.flip()});
    }
    if (part.isLast()) {
      part.region().release();
    }
  }

  private void cutControl() {
    if (control.position() > controlFrom) {
      parts.add(control.slice(controlFrom, control.position() - controlFrom));
      controlFrom = control.position();
    }
  }
}
