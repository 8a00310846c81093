package org.peerwire.channel;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 */
public record FileRegion(FileChannel file, long position, int length) implements BlockRegion {
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
        throw shorter();
      }
      from += part;
      left -= part;
    }
  }

  private EOFException shorter() {
    return new EOFException("the file ends before " + (position + length));
  }
}
