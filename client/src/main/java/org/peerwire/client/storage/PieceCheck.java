package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.PieceMap;
import org.peerwire.swarm.metainfo.PieceVerifier;

/**
 * Hashes what is on disk. Any number of threads {@link #work}, or take a {@link #step} each; what
 * is not there costs nothing. What can't be read is not verified, and is told.
 *
 * <p>What an earlier run claims to have verified is checked last: the rest is what has to be
 * fetched, and need not wait. It is checked all the same, unless the user wants it trusted; then a
 * claim counts where the files have not been changed since.
 */
public final class PieceCheck {
  /** Small enough to stay in the cache between being read and being hashed. */
  private static final int CHUNK = 64 << 10;

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

  /** Told of each piece that was looked at, by the thread that did. */
  @FunctionalInterface
  public interface Result {
    /** The piece is there and right, or it is not. */
    void piece(int piece, boolean right);
  }

  private final Store store;
  private final Result result;
  private final PieceMap map;
  private final List<FileEntry> files;
  private final long[] lengths;
  private final long[] times;
  private final Found[] found;

  /** The pieces that count unchecked. */
  private final PieceSet trusted;

  /** What is left of the claims: those that were not checked yet. Guarded by itself. */
  private final PieceSet claimed;

  /** The pieces twice: in the second round it is the turn of those that are claimed. */
  private final AtomicLong next = new AtomicLong();

  private final AtomicLong looked = new AtomicLong();
  private volatile boolean stopped;
  private volatile boolean inconsistent;

  /** Guarded by itself. */
  private final PieceSet verified;

  private final BitSet unreadable = new BitSet();

  /** See {@link #failure}. */
  private volatile @Nullable StorageException failure;

  /** A check that has not begun. */
  public PieceCheck(Store store, Result result) {
    this.store = store;
    this.result = result;
    map = store.torrent().pieceMap();
    files = store.torrent().files();
    lengths = new long[files.size()];
    times = new long[files.size()];
    trusted = new PieceSet(map.pieceCount());
    claimed = new PieceSet(map.pieceCount());
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
          times[i] = ResumeFile.time(attributes);
        }
      } catch (StorageException e) {
        found[i] = e.kind() == StorageException.Kind.CONFLICT ? Found.OTHER : Found.UNREADABLE;
        heed(e);
      }
    }
  }

  /**
   * Takes the claims of an earlier run in, if there are any; after {@link #look} and before the
   * work. Blocks.
   *
   * @param trust whether they count unchecked, for files that were not changed since
   * @throws StorageException if they can't be used, and all will be checked; the message says why
   */
  public void heedClaims(boolean trust) throws StorageException {
    ResumeFile.Claims claims = store.claims();
    if (claims == null) {
      return;
    }
    Pieces pieces = claims.pieces();
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      if (!isThere(piece)) {
        continue;
      }
      if (trust && isUnchanged(piece, claims.times())) {
        trusted.add(piece);
        verified.add(piece);
        looked.addAndGet(map.dataSize(piece));
      } else {
        claimed.add(piece);
      }
    }
  }

  /** Adds the claims of an earlier run that were not checked yet. */
  public void addClaimsLeft(PieceSet pieces) {
    synchronized (claimed) {
      for (int piece = claimed.next(0); piece >= 0; piece = claimed.next(piece + 1)) {
        pieces.add(piece);
      }
    }
  }

  /** The pieces that have to be read: those that may be there. Before the work. */
  public PieceSet candidates() {
    PieceSet candidates = new PieceSet(map.pieceCount());
    for (int piece = 0; piece < map.pieceCount(); piece++) {
      if (!verified.contains(piece) && isThere(piece)) {
        candidates.add(piece);
      }
    }
    return candidates;
  }

  /** What a thread needs for its work. */
  public final class Scratch {
    private final PieceVerifier verifier = new PieceVerifier(store.torrent());
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(Math.min(CHUNK, map.pieceLength()));
  }

  /** Checks pieces until none is left; by any number of threads at once. */
  public void work() {
    Scratch scratch = new Scratch();
    while (step(scratch)) {
      // The next one.
    }
  }

  /**
   * Reads and checks a piece, if one is left; by any number of threads at once.
   *
   * @return whether there may be another one
   */
  public boolean step(Scratch scratch) {
    int count = map.pieceCount();
    while (!stopped) {
      long turn = next.getAndIncrement();
      if (turn >= 2L * count) {
        return false;
      }
      int piece = (int) (turn % count);
      if (turn < count == isClaimed(piece) || trusted.contains(piece)) {
        continue;
      }
      int size = map.dataSize(piece);
      boolean there = isThere(piece);
      boolean right = there && check(piece, size, scratch.verifier, scratch.chunk);
      if (!there) {
        looked.addAndGet(size);
      }
      // Only now: who asks for the claims that are left must not miss it.
      result.piece(piece, right);
      if (turn >= count) {
        synchronized (claimed) {
          claimed.remove(piece);
        }
      }
      if (there) {
        return true;
      }
    }
    return false;
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

  /**
   * Whether a piece is right by one of the hashes that a hybrid torrent has of it and wrong by the
   * other, so that it is the torrent that is wrong.
   */
  public boolean isInconsistent() {
    return inconsistent;
  }

  /**
   * Why it is not known what lies there: there was no descriptor to be had, which says nothing of
   * the files. Null if it is known.
   */
  public @Nullable StorageException failure() {
    return failure;
  }

  private void heed(IOException e) {
    if (e instanceof StorageException sorted && sorted.isOutOfHandles()) {
      failure = sorted;
    }
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

  private boolean isClaimed(int piece) {
    synchronized (claimed) {
      return claimed.contains(piece);
    }
  }

  /** Whether no file of a piece was changed since a claim. */
  private boolean isUnchanged(int piece, long[] since) {
    boolean[] unchanged = {true};
    map.forEachSpan(
        piece,
        0,
        map.dataSize(piece),
        (file, offset, from, length) -> {
          int i = file.index();
          unchanged[0] &= !file.isWritten() || times[i] == since[i];
        });
    return unchanged[0];
  }

  private boolean isThere(int piece) {
    boolean[] there = {true};
    map.forEachSpan(
        piece,
        0,
        map.dataSize(piece),
        (file, offset, from, length) -> {
          if (lengths[file.index()] < offset + length) {
            there[0] = false;
          }
        });
    return there[0];
  }

  private boolean check(int piece, int size, PieceVerifier verifier, ByteBuffer chunk) {
    verifier.begin(piece);
    int at = 0;
    try {
      while (at < size) {
        int count = Math.min(chunk.capacity(), size - at);
        store.read(piece, at, chunk.clear().limit(count));
        verifier.update(chunk.flip());
        at += count;
        looked.addAndGet(count);
      }
    } catch (IOException e) {
      heed(e);
      looked.addAndGet(size - at);
      synchronized (unreadable) {
        map.forEachSpan(piece, 0, size, (file, offset, from, length) -> noteIfUnreadable(file));
      }
      return false;
    }
    PieceVerifier.Verdict verdict = verifier.end();
    if (verdict == PieceVerifier.Verdict.INCONSISTENT) {
      inconsistent = true;
    }
    boolean right = verdict == PieceVerifier.Verdict.RIGHT;
    if (right) {
      synchronized (verified) {
        verified.add(piece);
      }
    }
    return right;
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
