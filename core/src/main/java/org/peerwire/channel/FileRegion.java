package org.peerwire.channel;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.Consumer;
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
 * @param onFailure run by the thread that sends, before the release, if the file can't be read; the
 *     peer was promised the block, so its connection ends
 */
public record FileRegion(
    FileChannel file,
    long position,
    int length,
    Runnable onRelease,
    Consumer<IOException> onFailure)
    implements BlockRegion {
  /** A block of a file that stays open anyway, so that nobody needs to hear of the release. */
  public FileRegion(FileChannel file, long position, int length) {
    this(file, position, length, () -> {});
  }

  /** A block of which it is enough to hear that its connection has ended, if it can't be read. */
  public FileRegion(FileChannel file, long position, int length, Runnable onRelease) {
    this(file, position, length, onRelease, failure -> {});
  }

  @Override
  public void release() {
    onRelease.run();
  }

  @Override
  public void read(int offset, ByteBuffer target) throws IOException {
    try {
      long from = position + offset;
      while (target.hasRemaining()) {
        int count = file.read(target, from);
        if (count < 0) {
          throw shorter();
        }
        from += count;
      }
    } catch (IOException e) {
      onFailure.accept(e);
      throw e;
    }
  }

  /**
   * Sends a part of the region; blocks until all of it is written.
   *
   * @param offset inside the region, in bytes
   * @param count in bytes
   */
  void transferTo(WritableByteChannel target, int offset, int count) throws IOException {
    try {
      transfer(target, offset, count);
    } catch (IOException e) {
      // Of the file or of the target? A file that can't be read says so again.
      read(offset, ByteBuffer.allocate(count));
      throw e;
    }
  }

  private void transfer(WritableByteChannel target, int offset, int count) throws IOException {
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
