package org.peerwire.netty;

import io.netty.buffer.ByteBuf;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.peerwire.Block;
import org.peerwire.channel.FileRegion;

/**
 * Blocks that lie in files, each with what leaves before it, as one message of Netty's. Only when
 * it is the run's turn they are read, as much as the socket is likely to take, into memory that all
 * connections of a thread share: so many of them leave by one write, and what waits takes no
 * memory.
 *
 * <pre>
 *   run   | head 0 | block 0 | head 1 | block 1 ...
 *         '-- sent ----'-- in the chunk --'
 * </pre>
 *
 * <p>Sendfile copies less, but takes a call and a packet for each head and another for each block,
 * which costs more, on the other side too.
 */
final class FileRun extends AbstractReferenceCounted implements io.netty.channel.FileRegion {
  /**
   * What is read and written at once: few enough to stay in a processor's cache, and whole blocks
   * with their heads, or each run would end with a write of a few bytes.
   */
  static final int CHUNK = 8 * (13 + Block.LENGTH);

  private static final FastThreadLocal<ByteBuffer> CHUNKS =
      new FastThreadLocal<>() {
        @Override
        protected ByteBuffer initialValue() {
          return ByteBuffer.allocateDirect(CHUNK);
        }
      };

  /** Whose run it is. */
  interface Owner {
    /** How many bytes the socket is likely to take now: from 1 to {@link #CHUNK}. */
    int room();

    /** The socket took bytes: all that it was given, or fewer as it is full. */
    void left(int bytes, boolean isFull);
  }

  private record Part(int head, FileRegion file, int offset, int length) {
    int end() {
      return head + length;
    }
  }

  private final Owner owner;
  private final List<Part> parts = new ArrayList<>();
  private byte[] heads = new byte[64];
  private int headsLength;
  private long count;

  // How far it is: all parts before this one are sent, and of this one so many bytes.
  private int part;
  private int partSent;
  private int headsSent;
  private long transferred;

  FileRun(Owner owner) {
    this.owner = owner;
  }

  /**
   * Adds a block.
   *
   * @param head leaves before it; read from its reader index on, and not released
   */
  void add(ByteBuf head, FileRegion file, int offset, int length) {
    int bytes = head.readableBytes();
    if (heads.length - headsLength < bytes) {
      heads = Arrays.copyOf(heads, Math.max(2 * heads.length, headsLength + bytes));
    }
    head.readBytes(heads, headsLength, bytes);
    headsLength += bytes;
    parts.add(new Part(bytes, file, offset, length));
    count += bytes + length;
  }

  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    if (position != transferred) {
      throw new IllegalArgumentException(position + ", but " + transferred + " bytes were sent");
    }
    ByteBuffer chunk = CHUNKS.get().clear().limit(owner.room());
    fill(chunk);
    int sent = target.write(chunk.flip());
    advance(sent);
    owner.left(sent, chunk.hasRemaining());
    return sent;
  }

  private void fill(ByteBuffer chunk) throws IOException {
    int from = partSent;
    int headAt = headsSent;
    for (int i = part; i < parts.size() && chunk.hasRemaining(); i++) {
      Part next = parts.get(i);
      if (from < next.head) {
        int bytes = Math.min(chunk.remaining(), next.head - from);
        chunk.put(heads, headAt + from, bytes);
        from += bytes;
      }
      int behind = from - next.head;
      if (behind >= 0) {
        read(next, behind, chunk);
      }
      headAt += next.head;
      from = 0;
    }
  }

  private static void read(Part part, int from, ByteBuffer chunk) throws IOException {
    int limit = chunk.limit();
    chunk.limit(chunk.position() + Math.min(chunk.remaining(), part.length - from));
    try {
      part.file.read(part.offset + from, chunk);
    } catch (ClosedChannelException e) {
      // Or it would be taken for the end of the connection.
      throw new IOException("the file was closed before its block was sent", e);
    }
    if (chunk.hasRemaining()) {
      throw new EOFException("a block ends " + chunk.remaining() + " bytes early");
    }
    chunk.limit(limit);
  }

  private void advance(int sent) {
    transferred += sent;
    partSent += sent;
    while (part < parts.size() && partSent >= parts.get(part).end()) {
      partSent -= parts.get(part).end();
      headsSent += parts.get(part).head;
      part++;
    }
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public long transferred() {
    return transferred;
  }

  @Override
  @Deprecated
  public long transfered() {
    return transferred;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  protected void deallocate() {
    for (Part each : parts) {
      if (each.offset + each.length == each.file.length()) {
        each.file.release();
      }
    }
  }

  @Override
  public FileRun touch(Object hint) {
    return this;
  }

  @Override
  public FileRun touch() {
    return this;
  }

  @Override
  public FileRun retain() {
    super.retain();
    return this;
  }

  @Override
  public FileRun retain(int increment) {
    super.retain(increment);
    return this;
  }
}
