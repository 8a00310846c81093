package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.BlockDigests;

/**
 * Takes the blocks of one torrent in, and tells which pieces are right and written. Its methods are
 * for one thread and do not block; the work is done by the disk's threads, a piece by one at a
 * time.
 */
public final class Intake {
  /** Told how a piece ended, once for each {@link #verify}; by a thread of the disk. */
  public interface Verdicts {
    /** The piece is written, and has the right hash or the wrong one. */
    void verified(int piece, boolean ok, @Nullable BlockDigests digests);

    /**
     * The piece could not be written or read back; also told before {@link #verify}, then instead.
     */
    void failed(int piece, IOException e);
  }

  final Store store;
  final Executor disk;
  final BlockPool pool;
  private final Verdicts verdicts;
  private final Map<Integer, Assembly> pieces = new HashMap<>();
  private volatile boolean closed;

  /** How many threads are at work, and one more until it is closed. */
  private final AtomicInteger active = new AtomicInteger(1);

  private final CompletableFuture<Void> idle = new CompletableFuture<>();

  /** An intake without pieces. */
  public Intake(Store store, Executor disk, BlockPool pool, Verdicts verdicts) {
    this.store = store;
    this.disk = disk;
    this.pool = pool;
    this.verdicts = verdicts;
  }

  /**
   * Takes a block.
   *
   * @param block copied, up to 16 KiB
   */
  public void write(int piece, int begin, ByteBuffer block) {
    pieces
        .computeIfAbsent(
            piece, key -> new Assembly(this, piece, store.torrent().pieceMap().pieceSize(piece)))
        .add(begin, block);
  }

  /**
   * All blocks of a piece were taken. The next block of it begins a new one.
   *
   * @param digests whether digests of the blocks are wanted even if the piece is right
   */
  public void verify(int piece, boolean digests) {
    Assembly assembly = pieces.remove(piece);
    if (assembly != null) {
      assembly.verify(digests);
    } else {
      // It failed before, and that was told.
      disk.execute(() -> verified(piece, false, null));
    }
  }

  /** Forgets the blocks of a piece that were taken. */
  public void discard(int piece) {
    Assembly assembly = pieces.remove(piece);
    if (assembly != null) {
      assembly.discard();
    }
  }

  /**
   * Nothing is written any more; what is in memory is forgotten.
   *
   * @return done when no thread of the disk is at work for this intake
   */
  public CompletableFuture<Void> close() {
    closed = true;
    pieces.values().forEach(Assembly::discard);
    pieces.clear();
    end();
    return idle;
  }

  /** A thread begins to work. */
  void begin() {
    active.incrementAndGet();
  }

  /** A thread ended its work. */
  void end() {
    if (active.decrementAndGet() == 0) {
      idle.complete(null);
    }
  }

  boolean isClosed() {
    return closed;
  }

  void verified(int piece, boolean ok, @Nullable BlockDigests digests) {
    verdicts.verified(piece, ok, digests);
  }

  void failed(int piece, IOException e) {
    verdicts.failed(piece, e);
  }
}
