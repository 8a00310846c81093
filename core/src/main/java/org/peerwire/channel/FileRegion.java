package org.peerwire.channel;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.peerwire.BlockRegion;

/**
 * A block that lies in a file. Transports send it without copying it through user space where they
 * can.
 *
 * @param file stays the caller's, and open until the region is released
 * @param position of the block in the file, in bytes
 * @param length of the block, in bytes
 * @param onRelease run once, by the thread that sends or that ends the wire, when the region is
 *     released; the file may be closed then, if nothing else needs it
 */
public record FileRegion(FileChannel file, long position, int length, Runnable onRelease)
    implements BlockRegion {
  /** A block of a file that stays open anyway, so that nobody needs to hear of the release. */
  public FileRegion(FileChannel file, long position, int length) {
    this(file, position, length, () -> {});
  }

  @Override
  public void release() {
    onRelease.run();
  }

  @Override
  public void read(int offset, ByteBuffer target) throws IOException {
    long from = position + offset;
    while (target.hasRemaining()) {
      int count = file.read(target, from);
      if (count < 0) {
        throw shorter();
      }
      from += count;
    }
  }

  /**
   * Sends a part of the region; blocks until all of it is written.
   *
   * @param offset inside the region, in bytes
   * @param count in bytes
   */
  void transferTo(WritableByteChannel target, int offset, int count) throws IOException {
    long from = position + offset;
    long left = count;
    while (left > 0) {
      long part = file.transferTo(from, left, target);
      if (part <= 0) {
        if (from >= file.size()) {
          throw shorter();
        }
        if (!target.isOpen()) {
          throw new ClosedChannelException();
        }
        Gather.pause();
      }
      from += part;
      left -= part;
    }
  }

  private EOFException shorter() {
    return new EOFException("the file ends before " + (position + length));
  }
}
