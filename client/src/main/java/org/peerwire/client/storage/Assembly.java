package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.swarm.BlockDigests;
import org.peerwire.swarm.metainfo.PieceVerifier;
import org.peerwire.swarm.metainfo.PieceVerifier.Verdict;

/**
 * One piece on its way to the disk. Blocks are written as they come, those that follow each other
 * at once, and hashed at the same time as far as they come in order; the rest waits in memory for
 * its turn, or is read back at the end.
 *
 * <pre>
 *   piece    | hashed and written ... | (missing) | waiting, written |
 * </pre>
 *
 * <p>A block that the disk does not take, as one that is full, goes back to the head of the queue,
 * with those that were to be written along, and the piece waits for {@link Intake#retry}: nothing
 * that came is lost.
 *
 * <p>The queue is for any thread; all else belongs to the one thread at a time that {@link #run}s.
 */
final class Assembly implements Runnable {
  /** A piece above this is too much to hold at once, for the sake of blame. */
  private static final int MAX_DIGESTED = 32 << 20;

  private final Intake intake;
  private final int piece;
  private final int size;
  private final ArrayDeque<Run> queue = new ArrayDeque<>();
  private boolean running;
  private boolean verifyAsked;
  private boolean digestsAsked;
  private boolean discarded;

  /** What was taken out of the queue and is neither hashed nor kept; null if there is none. */
  private @Nullable Run run;

  private final PieceVerifier verifier;

  /** Written, and to be hashed when what is before it is. */
  private final TreeMap<Integer, Run> waiting = new TreeMap<>();

  private int hashed;

  /** Blocks of the piece that follow each other, in memory too. */
  private record Run(int begin, BlockPool.Part part) {
    int end() {
      return begin + part.length();
    }

    boolean append(int next, BlockPool.Part block) {
      return next == end() && part.append(block);
    }
  }

  Assembly(Intake intake, int piece, int size) {
    this.intake = intake;
    this.piece = piece;
    this.size = size;
    verifier = new PieceVerifier(intake.store.torrent());
    verifier.begin(piece);
  }

  int piece() {
    return piece;
  }

  /** Takes a copy of a block. */
  void add(int begin, ByteBuffer block) {
    BlockPool.Part part = intake.pool.copy(block);
    synchronized (this) {
      Run last = queue.peekLast();
      if (last == null || !last.append(begin, part)) {
        queue.add(new Run(begin, part));
      }
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

  /** Goes on, if there is something to do and nobody is at it. */
  void start() {
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
      while (step()) {
        // The next part.
      }
    } catch (Throwable e) {
      // Whatever it was, no memory included: it is not left to wait for ever, and never verified.
      abandon();
      intake.failed(
          new StorageException(
              StorageException.Kind.IO,
              "can't store piece " + piece + ": " + SafeText.of(e.toString(), 200),
              e));
    } finally {
      intake.end();
    }
  }

  /** Does one thing. Returns whether there may be another one. */
  private boolean step() {
    Run next;
    synchronized (this) {
      next = queue.poll();
      run = next;
      if (next == null && (!verifyAsked || discarded)) {
        running = false;
        if (discarded) {
          drop();
        }
        return false;
      }
    }
    if (next == null) {
      end();
      return false;
    }
    StorageException refusal = write(next);
    if (refusal == null) {
      intake.took(this);
      run = null;
      digest(next);
      return true;
    }
    if (!refusal.mayPass()) {
      abandon();
      intake.failed(refusal);
      return false;
    }
    run = null;
    synchronized (this) {
      queue.addFirst(next);
      running = false;
    }
    intake.refused(this, refusal);
    return false;
  }

  /** Returns why the disk did not take it. */
  private @Nullable StorageException write(Run next) {
    if (isDiscarded()) {
      return null;
    }
    try {
      intake.store.write(piece, next.begin, next.part.bytes());
      return null;
    } catch (IOException e) {
      return StorageException.of("can't write piece " + piece, e);
    }
  }

  /** Hashes what was written, or keeps it to be hashed. */
  private void digest(Run written) {
    if (!isDiscarded() && cameTwice(written)) {
      // Perhaps not with the same bytes: what counts is what is on disk.
      drop();
      verifier.begin(piece);
      hashed = 0;
      giveBack(written);
    } else if (!isDiscarded() && written.begin == hashed) {
      hash(written);
      hashWaiting();
    } else if (!isDiscarded() && intake.pool.hasPlenty()) {
      waiting.put(written.begin, written);
    } else {
      giveBack(written);
    }
  }

  /** Whether a byte of it was hashed or is waiting to be. */
  private boolean cameTwice(Run written) {
    Map.Entry<Integer, Run> last = waiting.lowerEntry(written.end());
    return written.begin < hashed || (last != null && last.getValue().end() > written.begin);
  }

  private synchronized boolean isDiscarded() {
    return discarded || intake.isClosed();
  }

  private void hash(Run written) {
    verifier.update(written.part.bytes());
    hashed = written.end();
    giveBack(written);
  }

  private void giveBack(Run any) {
    intake.pool.give(any.part);
  }

  private void hashWaiting() {
    for (Run next = waiting.remove(hashed); next != null; next = waiting.remove(hashed)) {
      hash(next);
    }
  }

  /** Nothing more can be done for this piece: gives all memory back, now and later. */
  private void abandon() {
    synchronized (this) {
      discarded = true;
      running = false;
      if (run != null) {
        queue.addFirst(run);
        run = null;
      }
      queue.forEach(this::giveBack);
      queue.clear();
    }
    drop();
  }

  private void end() {
    if (intake.isClosed()) {
      drop();
      return;
    }
    Verdict verdict = Verdict.WRONG;
    BlockDigests digests = null;
    StorageException gone = null;
    try {
      hashRest();
      verdict = verifier.end();
      digests = verdict == Verdict.RIGHT && !digestsAsked ? null : digests();
    } catch (IOException e) {
      gone = StorageException.of("can't read back piece " + piece, e);
    }
    drop();
    if (gone != null) {
      intake.lost(piece, gone);
    } else if (verdict == Verdict.INCONSISTENT) {
      intake.inconsistent(piece);
    } else {
      intake.verified(piece, verdict == Verdict.RIGHT, digests);
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
      Map.Entry<Integer, Run> next = waiting.higherEntry(hashed);
      int end = next == null ? size : next.getKey();
      if (chunk == null && hashed < end) {
        chunk = ByteBuffer.allocate(64 << 10);
      }
      while (chunk != null && hashed < end) {
        int count = Math.min(chunk.capacity(), end - hashed);
        intake.store.read(piece, hashed, chunk.clear().limit(count));
        verifier.update(chunk.flip());
        hashed += count;
      }
    }
  }

  /** Gives all memory back. */
  private void drop() {
    waiting.values().forEach(this::giveBack);
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
