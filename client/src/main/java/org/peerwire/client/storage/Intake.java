package org.peerwire.client.storage;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  /** Told how pieces end, and how the disk is; by a thread of the disk. */
  public interface Verdicts {
    /**
     * The piece is written, and has the right hash or the wrong one; at most once for each {@link
     * #verify}.
     */
    void verified(int piece, boolean ok, @Nullable BlockDigests digests);

    /**
     * The piece is right by one of the hashes that a hybrid torrent has of it, and wrong by the
     * other.
     */
    void inconsistent(int piece);

    /**
     * What came of the piece is not there any more: it is to be fetched again. Also told before
     * {@link #verify}, then instead.
     */
    void lost(int piece, StorageException e);

    /**
     * The disk did not take a block, and may later. It is held, and {@link #retry} tries again.
     * Told each time.
     */
    void stuck(StorageException e);

    /** The disk takes blocks again: all that were held are written. */
    void flows();

    /** Something that will not pass. */
    void failed(StorageException e);
  }

  final Store store;
  final Executor disk;
  final BlockPool pool;
  private final Verdicts verdicts;
  private final Map<Integer, Assembly> pieces = new HashMap<>();
  private volatile boolean closed;

  /** The pieces of which the disk did not take a block. Guarded by itself. */
  private final Set<Assembly> held = new LinkedHashSet<>();

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
    Assembly assembly = pieces.get(piece);
    if (assembly == null) {
      assembly = new Assembly(this, piece, store.torrent().pieceMap().dataSize(piece));
      pieces.put(piece, assembly);
    }
    assembly.add(begin, block);
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
      // It was given up before, and that was told.
      disk.execute(() -> verified(piece, false, null));
    }
  }

  /** Tries again to write what the disk did not take. */
  public void retry() {
    heldPieces().forEach(Assembly::start);
  }

  /**
   * Gives up what is held, but for one piece to try the disk with: the memory is needed by others.
   * Each piece is told as lost.
   */
  public void giveUp(StorageException why) {
    List<Assembly> all = heldPieces();
    for (Assembly assembly : all.subList(0, Math.max(0, all.size() - 1))) {
      pieces.remove(assembly.piece(), assembly);
      synchronized (held) {
        held.remove(assembly);
      }
      assembly.discard();
      lost(assembly.piece(), why);
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
    heldPieces().forEach(Assembly::discard);
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

  void inconsistent(int piece) {
    verdicts.inconsistent(piece);
  }

  void lost(int piece, StorageException e) {
    verdicts.lost(piece, e);
  }

  void failed(StorageException e) {
    verdicts.failed(e);
  }

  /** The disk did not take a block of a piece. */
  void refused(Assembly assembly, StorageException e) {
    synchronized (held) {
      held.add(assembly);
    }
    if (closed) {
      // Too late for close to see it.
      assembly.discard();
    } else {
      verdicts.stuck(e);
    }
  }

  /** The disk took a block of a piece. */
  void took(Assembly assembly) {
    boolean last;
    synchronized (held) {
      last = held.remove(assembly) && held.isEmpty();
    }
    if (last) {
      verdicts.flows();
    }
  }

  /** Of how many pieces the disk did not take a block. */
  int held() {
    return heldPieces().size();
  }

  private List<Assembly> heldPieces() {
    synchronized (held) {
      return List.copyOf(held);
    }
  }
}
