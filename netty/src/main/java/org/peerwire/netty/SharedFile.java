package org.peerwire.netty;

import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import org.peerwire.channel.FileRegion;

/**
 * A part of a {@link FileRegion} as Netty sends it. The file stays open when it is done: it is the
 * application's, which is told by the release of the region.
 */
final class SharedFile extends DefaultFileRegion {
  private final FileRegion region;
  private final boolean last;

  SharedFile(FileRegion region, int offset, int length) {
    super(region.file(), region.position() + offset, length);
    this.region = region;
    last = offset + length == region.length();
  }

  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    try {
      return super.transferTo(target, position);
    } catch (ClosedChannelException e) {
      if (!region.file().isOpen()) {
        // Or it would be taken for the end of the connection.
        throw new IOException("the file was closed before its block was sent", e);
      }
      throw e;
    }
  }

  @Override
  protected void deallocate() {
    if (last) {
      region.release();
    }
  }
}
