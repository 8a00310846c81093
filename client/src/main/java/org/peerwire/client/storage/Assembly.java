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

  /** How many blocks of one piece wait in memory to be hashed: 4 MiB. */
  private static final int MAX_WAITING = 256;

  /** How much is written at once, if that much has come in order. */
  private static final int RUN = 128 << 10;

  /** Where a disk's thread puts what it writes at once. */
  private static final ThreadLocal<ByteBuffer> RUNS =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(RUN));

  private final Intake intake;
  private final int piece;
  private final int size;
  private final ArrayDeque<Part> queue = new ArrayDeque<>();
  private boolean running;
  private boolean verifyAsked;
  private boolean digestsAsked;
  private boolean discarded;

  /** Blocks in order that were taken out of the queue to be written and hashed. */
  private final ArrayDeque<Part> run = new ArrayDeque<>();

  private final PieceVerifier verifier;
  private final TreeMap<Integer, Part> waiting = new TreeMap<>();
  private int hashed;

  private record Part(int begin, ByteBuffer bytes) {
    int end() {
      return begin + bytes.remaining();
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
    boolean verify;
    synchronized (this) {
      takeRun();
      verify = verifyAsked && !discarded;
      if (run.isEmpty() && !verify) {
        running = false;
        if (discarded) {
          drop();
        }
        return false;
      }
    }
    if (run.isEmpty()) {
      end();
      return false;
    }
    StorageException refusal = write();
    if (refusal == null) {
      intake.took(this);
      while (!run.isEmpty()) {
        digest(run.remove());
      }
      return true;
    }
    if (!refusal.mayPass()) {
      abandon();
      intake.failed(refusal);
      return false;
    }
    synchronized (this) {
      while (!run.isEmpty()) {
        queue.addFirst(run.removeLast());
      }
      running = false;
    }
    intake.refused(this, refusal);
    return false;
  }

  /** Takes what can be written at once. */
  private void takeRun() {
    int bytes = 0;
    for (Part part = queue.peek(); part != null; part = queue.peek()) {
      bytes += part.bytes.remaining();
      if (!run.isEmpty() && (bytes > RUN || part.begin != run.getLast().end())) {
        return;
      }
      run.add(queue.remove());
    }
  }

  /**
   * Writes the run.
   *
   * @return why the disk did not take it
   */
  private @Nullable StorageException write() {
    if (isDiscarded()) {
      return null;
    }
    ByteBuffer bytes = RUNS.get().clear();
    run.forEach(part -> bytes.put(part.bytes.duplicate()));
    try {
      intake.store.write(piece, run.getFirst().begin, bytes.flip());
      return null;
    } catch (IOException e) {
      return StorageException.of("can't write piece " + piece, e);
    }
  }

  /** Hashes a part that was written, or keeps it to be hashed. */
  private void digest(Part part) {
    if (part.begin == hashed && !isDiscarded()) {
      hash(part);
      hashWaiting();
    } else if (part.begin < hashed || waiting.size() >= MAX_WAITING || isDiscarded()) {
      // Twice the same block, and perhaps not the same bytes: what counts is what is on disk.
      if (part.begin < hashed) {
        verifier.begin(piece);
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
    verifier.update(part.bytes);
    intake.pool.give(part.bytes);
  }

  private void hashWaiting() {
    for (Part part = waiting.remove(hashed); part != null; part = waiting.remove(hashed)) {
      hash(part);
    }
  }

  /** Nothing more can be done for this piece: gives all memory back, now and later. */
  private void abandon() {
    synchronized (this) {
      discarded = true;
      running = false;
      run.addAll(queue);
      queue.clear();
    }
    run.forEach(part -> intake.pool.give(part.bytes));
    run.clear();
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
      Map.Entry<Integer, Part> next = waiting.higherEntry(hashed);
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
