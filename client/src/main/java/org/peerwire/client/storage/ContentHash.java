package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.merkle.HashTree;
import org.peerwire.swarm.merkle.TreeDigest;
import org.peerwire.swarm.merkle.TreeShape;
import org.peerwire.swarm.metainfo.MetaVersion;
import org.peerwire.swarm.metainfo.MetainfoBuilder.FileHashes;

/**
 * Hashes the pieces of files that a torrent is made of, each byte read once. Any number of threads
 * {@link #work}.
 */
public final class ContentHash {
  /** Small enough to stay in the cache between being read and being hashed. */
  private static final int CHUNK = 128 << 10;

  private final List<Content> contents;
  private final MetaVersion version;
  private final int pieceLength;

  /** Where each file begins among the bytes that are cut into pieces. */
  private final long[] offsets;

  /** Where the last file ends. */
  private final long end;

  private final int count;

  /** The SHA-1 of each piece, in one row. */
  private final byte[] pieces;

  /** The root of each piece's tree, or of a whole file's that is within one, in one row. */
  private final byte[] nodes;

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();
  private volatile boolean stopped;
  private volatile @Nullable IOException failure;

  /**
   * A task that has not begun.
   *
   * @param contents with one byte at least among them
   * @param pieceLength for a v2 or hybrid torrent a power of two from 16 KiB
   */
  public ContentHash(List<Content> contents, MetaVersion version, int pieceLength) {
    this.contents = contents;
    this.version = version;
    this.pieceLength = pieceLength;
    offsets = new long[contents.size()];
    long offset = 0;
    for (int i = 0; i < offsets.length; i++) {
      long length = contents.get(i).length();
      if (version.hasV2() && length > 0) {
        offset = Math.addExact(offset, pieceLength - 1) / pieceLength * pieceLength;
      }
      offsets[i] = offset;
      offset = Math.addExact(offset, length);
    }
    end = offset;
    count = Math.toIntExact((end - 1) / pieceLength + 1);
    pieces = new byte[version.hasV1() ? Math.multiplyExact(count, Sha1.LENGTH) : 0];
    nodes = new byte[version.hasV2() ? Math.multiplyExact(count, TreeDigest.LENGTH) : 0];
  }

  /** Hashes pieces until none is left, or one can't be read. */
  public void work() {
    try (Worker worker = new Worker()) {
      for (int piece = next.getAndIncrement();
          piece < count && !stopped;
          piece = next.getAndIncrement()) {
        worker.hash(piece);
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
   * The SHA-1 of the pieces in one row, when the work is done; empty for a v2 torrent.
   *
   * @throws IOException if something could not be read
   */
  public byte[] pieces() throws IOException {
    check();
    return pieces;
  }

  /**
   * The trees of all files, when the work is done.
   *
   * @throws IOException if something could not be read
   */
  public List<FileHashes> trees() throws IOException {
    check();
    List<FileHashes> trees = new ArrayList<>();
    for (int i = 0; i < offsets.length; i++) {
      trees.add(tree(offsets[i], contents.get(i).length()));
    }
    return trees;
  }

  private void check() throws IOException {
    IOException e = failure;
    if (e != null) {
      throw e;
    }
  }

  private FileHashes tree(long offset, long length) {
    if (length == 0) {
      return FileHashes.NONE;
    }
    int from = (int) (offset / pieceLength) * TreeDigest.LENGTH;
    byte[] layer = new byte[(int) ((length - 1) / pieceLength + 1) * TreeDigest.LENGTH];
    System.arraycopy(nodes, from, layer, 0, layer.length);
    if (layer.length == TreeDigest.LENGTH) {
      return new FileHashes(layer, new byte[0]);
    }
    TreeShape shape = TreeShape.of(length);
    int base = TreeShape.pieceLayer(pieceLength);
    return new FileHashes(new HashTree(shape, base, ByteBuffer.wrap(layer)).root(), layer);
  }

  /** What one thread needs; it keeps the file open that it read last. */
  private final class Worker implements AutoCloseable {
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(Math.min(CHUNK, pieceLength));
    private final MessageDigest sha1 = Sha1.create();
    private final TreeDigest tree = new TreeDigest();
    private final ContentReader reader = new ContentReader();

    void hash(int piece) throws IOException, DigestException {
      long start = (long) piece * pieceLength;
      int file = fileAt(start);
      long fileEnd = offsets[file] + contents.get(file).length();
      long dataEnd = Math.min(version.hasV2() ? fileEnd : end, start + pieceLength);
      for (long at = start; at < dataEnd; at += chunk.limit()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), dataEnd - at));
        read(at, chunk);
        take(chunk.flip());
        done.addAndGet(chunk.limit());
      }
      if (version.hasV1()) {
        pad(Math.min(end, start + pieceLength) - dataEnd);
        sha1.digest(pieces, piece * Sha1.LENGTH, Sha1.LENGTH);
      }
      if (version.hasV2()) {
        boolean whole = contents.get(file).length() <= pieceLength;
        byte[] node = whole ? tree.digest() : tree.digest(TreeShape.pieceLayer(pieceLength));
        System.arraycopy(node, 0, nodes, piece * TreeDigest.LENGTH, TreeDigest.LENGTH);
      }
    }

    private void take(ByteBuffer bytes) {
      if (version.hasV1()) {
        sha1.update(bytes.duplicate());
      }
      if (version.hasV2()) {
        tree.update(bytes.duplicate());
      }
    }

    /** The gap behind a file of a hybrid torrent. */
    private void pad(long length) {
      byte[] zeros = new byte[(int) Math.min(length, CHUNK)];
      for (long left = length; left > 0; left -= zeros.length) {
        sha1.update(zeros, 0, (int) Math.min(left, zeros.length));
      }
    }

    private void read(long from, ByteBuffer target) throws IOException {
      long at = from;
      int limit = target.limit();
      for (int file = fileAt(at); target.position() < limit; file++) {
        long left = offsets[file] + contents.get(file).length() - at;
        int bytes = (int) Math.min(left, limit - target.position());
        if (bytes > 0) {
          target.limit(target.position() + bytes);
          reader.read(contents.get(file), at - offsets[file], target);
          at += bytes;
        }
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /** The last file that begins at or before {@code position}, so that an empty one is passed. */
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
