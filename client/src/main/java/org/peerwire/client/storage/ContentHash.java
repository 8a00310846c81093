package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;

/** Hashes the pieces of files that a torrent is made of. Any number of threads {@link #work}. */
public final class ContentHash {
  private static final int CHUNK = 256 << 10;

  private final List<Content> contents;
  private final long[] offsets;
  private final long total;
  private final int pieceLength;
  private final byte[] hashes;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();
  private volatile boolean stopped;
  private volatile @Nullable IOException failure;

  /** A task that has not begun, over {@code total} bytes. */
  public ContentHash(List<Content> contents, long total, int pieceLength) {
    this.contents = contents;
    this.total = total;
    this.pieceLength = pieceLength;
    offsets = new long[contents.size()];
    long offset = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = offset;
      offset += contents.get(i).length();
    }
    long count = (total - 1) / pieceLength + 1;
    hashes = new byte[Math.toIntExact(Math.multiplyExact(count, Sha1.LENGTH))];
  }

  /** Hashes pieces until none is left, or one can't be read. */
  public void work() {
    MessageDigest sha1 = Sha1.create();
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK, pieceLength));
    int count = hashes.length / Sha1.LENGTH;
    try (Reader reader = new Reader()) {
      for (int piece = next.getAndIncrement();
          piece < count && !stopped;
          piece = next.getAndIncrement()) {
        hash(piece, sha1, chunk, reader);
      }
    } catch (IOException e) {
      failure = e;
      stopped = true;
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the work early. */
  public void stop() {
    stopped = true;
  }

  /** How many bytes were hashed so far. */
  public long bytesDone() {
    return done.get();
  }

  /**
   * The hashes in one row, when the work is done.
   *
   * @throws IOException if something could not be read
   */
  public byte[] result() throws IOException {
    IOException e = failure;
    if (e != null) {
      throw e;
    }
    return hashes;
  }

  private void hash(int piece, MessageDigest sha1, ByteBuffer chunk, Reader reader)
      throws IOException, DigestException {
    long at = (long) piece * pieceLength;
    long end = Math.min(total, at + pieceLength);
    while (at < end) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
      reader.read(at, chunk);
      sha1.update(chunk.flip());
      at += chunk.limit();
      done.addAndGet(chunk.limit());
    }
    sha1.digest(hashes, piece * Sha1.LENGTH, Sha1.LENGTH);
  }

  /** The file that is read at the moment, by one thread. */
  private final class Reader implements AutoCloseable {
    private int index = -1;
    private @Nullable FileChannel channel;

    void read(long from, ByteBuffer target) throws IOException {
      long at = from;
      int end = target.limit();
      int file = fileAt(at);
      while (target.position() < end) {
        long left = offsets[file] + contents.get(file).length() - at;
        int count = (int) Math.min(left, end - target.position());
        if (count > 0) {
          target.limit(target.position() + count);
          readFile(file, at - offsets[file], target);
          at += count;
        }
        file++;
      }
    }

    private void readFile(int file, long offset, ByteBuffer target) throws IOException {
      Content content = contents.get(file);
      String shown = SafeText.of(content.file().toString());
      try {
        FileChannel open = open(file, content);
        long at = offset;
        while (target.hasRemaining()) {
          int count = open.read(target, at);
          if (count < 0) {
            break;
          }
          at += count;
        }
        if (target.hasRemaining() || open.size() != content.length()) {
          throw new StorageException(
              StorageException.Kind.IO, shown + " changed while it was hashed", null);
        }
      } catch (IOException e) {
        throw StorageException.of("can't read " + shown, e);
      }
    }

    private FileChannel open(int file, Content content) throws IOException {
      FileChannel open = channel;
      if (open == null || index != file) {
        close();
        open = FileChannel.open(content.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        channel = open;
        index = file;
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

  private int fileAt(long position) {
    int low = 0;
    int high = offsets.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (offsets[middle] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
