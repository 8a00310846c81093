package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.peerwire.PieceSet;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.PieceMap;

/**
 * Hashes what is on disk. Any number of threads {@link #work}; what is not there costs nothing.
 * What can't be read is not verified, and is told.
 */
public final class PieceCheck {
  private static final int CHUNK = 256 << 10;

  /** What stands in a file's place. */
  public enum Found {
    /** A regular file. */
    FILE,
    /** Nothing. */
    NOTHING,
    /** A folder, a link or a device, or it lies behind one. */
    OTHER,
    /** It can't be read. */
    UNREADABLE
  }

  private final Store store;
  private final PieceMap map;
  private final List<FileEntry> files;
  private final long[] lengths;
  private final Found[] found;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong looked = new AtomicLong();
  private volatile boolean stopped;

  /** Guarded by itself. */
  private final PieceSet verified;

  private final BitSet unreadable = new BitSet();

  /** A check that has not begun. */
  public PieceCheck(Store store) {
    this.store = store;
    map = store.torrent().pieceMap();
    files = store.torrent().files();
    lengths = new long[files.size()];
    found = new Found[files.size()];
    verified = new PieceSet(map.pieceCount());
  }

  /** Looks at all files, and reads none. Once, before the work; blocks. */
  public void look() {
    for (FileEntry file : files) {
      int i = file.index();
      if (!file.isWritten()) {
        found[i] = Found.FILE;
        lengths[i] = file.length();
        continue;
      }
      found[i] = Found.NOTHING;
      try {
        BasicFileAttributes attributes = store.look(file);
        if (attributes != null) {
          found[i] = attributes.isRegularFile() ? Found.FILE : Found.OTHER;
          lengths[i] = attributes.isRegularFile() ? attributes.size() : 0;
        }
      } catch (StorageException e) {
        found[i] = e.kind() == StorageException.Kind.CONFLICT ? Found.OTHER : Found.UNREADABLE;
      }
    }
  }

  /** Checks pieces until none is left; by any number of threads at once. */
  public void work() {
    MessageDigest sha1 = Sha1.create();
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK, map.pieceLength()));
    byte[] digest = new byte[Sha1.LENGTH];
    while (!stopped) {
      int piece = next.getAndIncrement();
      if (piece >= map.pieceCount() || piece < 0) {
        next.set(map.pieceCount());
        return;
      }
      int size = map.pieceSize(piece);
      if (isThere(piece, size)) {
        check(piece, size, sha1, chunk, digest);
      } else {
        looked.addAndGet(size);
      }
    }
  }

  /** Ends the work early. */
  public void stop() {
    stopped = true;
  }

  /** How many bytes were looked at so far. */
  public long bytesLooked() {
    return looked.get();
  }

  /** The pieces that have the right hash; complete when the work is. */
  public PieceSet verified() {
    return verified;
  }

  /** What stands in a file's place. */
  public Found found(FileEntry file) {
    synchronized (unreadable) {
      return unreadable.get(file.index()) ? Found.UNREADABLE : found[file.index()];
    }
  }

  /** How long a file is on disk, in bytes; 0 if it is not there. */
  public long length(FileEntry file) {
    return lengths[file.index()];
  }

  private boolean isThere(int piece, int size) {
    boolean[] there = {true};
    map.forEachSpan(
        piece,
        0,
        size,
        (file, offset, from, length) -> {
          if (lengths[file.index()] < offset + length) {
            there[0] = false;
          }
        });
    return there[0];
  }

  private void check(int piece, int size, MessageDigest sha1, ByteBuffer chunk, byte[] digest) {
    sha1.reset();
    int at = 0;
    try {
      while (at < size) {
        int count = Math.min(chunk.capacity(), size - at);
        store.read(piece, at, chunk.clear().limit(count));
        sha1.update(chunk.flip());
        at += count;
        looked.addAndGet(count);
      }
      sha1.digest(digest, 0, digest.length);
    } catch (IOException | java.security.DigestException e) {
      looked.addAndGet(size - at);
      synchronized (unreadable) {
        map.forEachSpan(piece, 0, size, (file, offset, from, length) -> noteIfUnreadable(file));
      }
      return;
    }
    if (store.hashes().matches(piece, digest)) {
      synchronized (verified) {
        verified.add(piece);
      }
    }
  }

  private void noteIfUnreadable(FileEntry file) {
    try {
      if (file.isWritten() && file.length() > 0) {
        store.probe(file);
      }
    } catch (IOException e) {
      unreadable.set(file.index());
    }
  }
}
