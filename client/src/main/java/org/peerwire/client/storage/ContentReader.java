package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;

/** Reads files that a torrent is made of, and keeps the last one open. For one thread. */
final class ContentReader implements AutoCloseable {
  private @Nullable Path current;
  private @Nullable FileChannel channel;

  /**
   * Fills {@code target}.
   *
   * @param offset in the file, in bytes
   * @throws StorageException if that can't be done; also if the file has another length than when
   *     it was looked at
   */
  void read(Content content, long offset, ByteBuffer target) throws StorageException {
    try {
      FileChannel open = open(content);
      long at = offset;
      while (target.hasRemaining()) {
        int count = open.read(target, at);
        if (count < 0) {
          break;
        }
        at += count;
      }
      if (target.hasRemaining() || open.size() != content.length()) {
        throw content.changed();
      }
    } catch (IOException e) {
      throw StorageException.of("can't read " + SafeText.of(content.file().toString()), e);
    }
  }

  private FileChannel open(Content content) throws IOException {
    FileChannel open = channel;
    if (open == null || !content.file().equals(current)) {
      close();
      open = FileChannel.open(content.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      channel = open;
      current = content.file();
    }
    return open;
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    if (open != null) {
      channel = null;
      open.close();
    }
  }
}
