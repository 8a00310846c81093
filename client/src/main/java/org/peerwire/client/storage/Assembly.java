package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.BlockDigests;

/**
 * One piece on its way to the disk. Blocks are written as they come, and hashed at the same time as
 * far as they come in order; the rest waits in memory for its turn, or is read back at the end.
 *
 * <pre>
 *   piece    | hashed and written ... | (missing) | waiting, written |
 * </pre>
 *
 * <p>The queue is for any thread; all else belongs to the one thread at a time that {@link #run}s.
 */
final class Assembly implements Runnable {
  /** A piece above this is too much to hold at once, for the sake of blame. */
  private static final int MAX_DIGESTED = 32 << 20;

  /** How many blocks of one piece wait in memory to be hashed: 4 MiB. */
  private static final int MAX_WAITING = 256;

  private final Intake intake;
  private final int piece;
  private final int size;
  private final ArrayDeque<Part> queue = new ArrayDeque<>();
  private boolean running;
  private boolean verifyAsked;
  private boolean digestsAsked;
  private boolean discarded;

  private final MessageDigest sha1 = Sha1.create();
  private final TreeMap<Integer, Part> waiting = new TreeMap<>();
  private int hashed;
  private @Nullable IOException failure;

  private record Part(int begin, ByteBuffer bytes) {}

  Assembly(Intake intake, int piece, int size) {
    this.intake = intake;
    this.piece = piece;
    this.size = size;
  }

  /** Takes a copy of a block. */
  void add(int begin, ByteBuffer block) {
    ByteBuffer bytes = intake.pool.take().put(block.duplicate()).flip();
    synchronized (this) {
      queue.add(new Part(begin, bytes));
    }
    start();
  }

  /** All blocks were added; the intake is told how it ended. */
  void verify(boolean digests) {
    synchronized (this) {
      verifyAsked = true;
      digestsAsked = digests;
    }
    start();
  }

  private void start() {
    synchronized (this) {
      if (running) {
        return;
      }
      running = true;
    }
    intake.begin();
    try {
      intake.disk.execute(this);
    } catch (RejectedExecutionException e) {
      // The client is closed: nobody waits for this piece any more.
      intake.end();
    }
  }

  @Override
  public void run() {
    try {
      while (true) {
        Part part;
        boolean verify;
        synchronized (this) {
          part = queue.poll();
          verify = verifyAsked && !discarded;
          if (part == null && !verify) {
            running = false;
            if (discarded) {
              drop();
            }
            return;
          }
        }
        if (part == null) {
          end();
          return;
        }
        take(part);
      }
    } finally {
      intake.end();
    }
  }

  private void take(Part part) {
    boolean wanted = failure == null && !isDiscarded();
    if (wanted) {
      try {
        intake.store.write(piece, part.begin, part.bytes.duplicate());
      } catch (IOException | RuntimeException e) {
        failed(e);
      }
    }
    if (failure != null || !wanted) {
      intake.pool.give(part.bytes);
    } else if (part.begin == hashed) {
      hash(part);
      hashWaiting();
    } else if (part.begin < hashed || waiting.size() >= MAX_WAITING) {
      // Twice the same block, and perhaps not the same bytes: what counts is what is on disk.
      if (part.begin < hashed) {
        sha1.reset();
        hashed = 0;
      }
      intake.pool.give(part.bytes);
    } else {
      Part before = waiting.put(part.begin, part);
      if (before != null) {
        intake.pool.give(before.bytes);
      }
    }
  }

  private synchronized boolean isDiscarded() {
    return discarded || intake.isClosed();
  }

  private void hash(Part part) {
    hashed += part.bytes.remaining();
    sha1.update(part.bytes);
    intake.pool.give(part.bytes);
  }

  private void hashWaiting() {
    for (Part part = waiting.remove(hashed); part != null; part = waiting.remove(hashed)) {
      hash(part);
    }
  }

  private void failed(Exception e) {
    IOException sorted =
        e instanceof IOException io
            ? io
            : new StorageException(StorageException.Kind.IO, "can't write: " + e, e);
    if (failure == null) {
      failure = sorted;
      // Told at once: nothing more should be fetched for a disk that takes nothing.
      intake.failed(piece, sorted);
    }
  }

  private void end() {
    boolean ok = false;
    BlockDigests digests = null;
    if (failure == null && !intake.isClosed()) {
      try {
        hashRest();
        byte[] digest = new byte[Sha1.LENGTH];
        sha1.digest(digest, 0, digest.length);
        ok = intake.store.hashes().matches(piece, digest);
        digests = ok && !digestsAsked ? null : digests();
      } catch (IOException | RuntimeException | DigestException e) {
        failed(e);
      }
    }
    drop();
    if (failure == null) {
      intake.verified(piece, ok, digests);
    }
  }

  /** Of what was written, which is what came. */
  private @Nullable BlockDigests digests() throws IOException {
    if (size > MAX_DIGESTED) {
      return null;
    }
    ByteBuffer whole = ByteBuffer.allocate(size);
    intake.store.read(piece, 0, whole);
    return BlockDigests.of(whole.flip());
  }

  /** What did not wait in memory is read back. */
  private void hashRest() throws IOException {
    ByteBuffer chunk = null;
    while (hashed < size) {
      hashWaiting();
      Map.Entry<Integer, Part> next = waiting.higherEntry(hashed);
      int end = next == null ? size : next.getKey();
      if (chunk == null && hashed < end) {
        chunk = ByteBuffer.allocate(64 << 10);
      }
      while (chunk != null && hashed < end) {
        int count = Math.min(chunk.capacity(), end - hashed);
        intake.store.read(piece, hashed, chunk.clear().limit(count));
        sha1.update(chunk.flip());
        hashed += count;
      }
    }
  }

  /** Gives all memory back. */
  private void drop() {
    waiting.values().forEach(part -> intake.pool.give(part.bytes));
    waiting.clear();
  }

  /** Forgets the piece: what it holds is given back by the thread at work, or by the next. */
  void discard() {
    synchronized (this) {
      discarded = true;
    }
    start();
  }
}
