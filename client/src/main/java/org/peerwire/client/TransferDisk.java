package org.peerwire.client;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.client.storage.BlockPool;
import org.peerwire.client.storage.Intake;
import org.peerwire.client.storage.PieceCheck;
import org.peerwire.client.storage.StorageException;
import org.peerwire.client.storage.Store;
import org.peerwire.swarm.BlockDigests;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.metainfo.FileEntry;

/**
 * The disk's half of a transfer: what lies there, what gets there, and what happens when the disk
 * does not do as it is told.
 *
 * <pre>
 *   begin -- look -- looked -- check -- piece ... -- checked
 *   write, verify -- verified | lost | stuck ... flows | failed
 *   finish -- finished | stuck ... finished | failed
 *   close -- closed
 * </pre>
 *
 * <p>Its methods are for the event loop, on which the {@link Events} come; the work is done by the
 * disk's threads.
 */
// Netty's futures of timers, and that of the intake's end, tell nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class TransferDisk {
  /** How often a disk is tried that took nothing: at first, and at the most. */
  private static final long RETRY = TimeUnit.SECONDS.toNanos(1);

  private static final long MAX_RETRY = TimeUnit.SECONDS.toNanos(8);

  /** For how long an error that may pass may last; a full disk is waited for. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  /** How often in a row what was written may be gone when it is read. */
  private static final int MAX_LOST = 3;

  /** What the transfer is told. */
  interface Events {
    /**
     * What lies there was looked at, and nothing read: it is known what may be there, and what an
     * earlier run claims.
     */
    void looked();

    /** A piece was read: it is there, or it is not. */
    void piece(int piece, boolean right);

    /** All that lies there was read. */
    void checked();

    /** See {@link Intake.Verdicts#verified}. */
    void verified(int piece, boolean ok, @Nullable BlockDigests digests);

    /** See {@link Swarm#leaves}. */
    void leaves(@Nullable ByteBuffer hashes);

    /** A block of a verified piece could not be read when it was to be sent. */
    void unreadable(int piece, StorageException why);

    /** A file that was written is not there any more. */
    void vanished(FileEntry file);

    /** See {@link Intake.Verdicts#lost}. */
    void lost(int piece, StorageException why);

    /** The disk takes nothing, for now: what came is held. Told again and again. */
    void stuck(StorageException why);

    /** The disk takes everything again. */
    void flows();

    /** The files are complete and forced. */
    void finished();

    /** The disk failed, and will go on to. */
    void failed(TransferException why);

    /** Everything is released; by a thread of the disk. */
    void closed();

    /** Something that is of no great matter. */
    void warning(String sentence);
  }

  private final EventLoop loop;
  private final java.util.concurrent.Executor threads;
  private final BlockPool blocks;
  private final Store store;
  private final PieceCheck check;
  private final Intake intake;
  private final Events events;

  /** Held while something is forced and noted. */
  private final Object notes = new Object();

  /** There is nothing to be noted any more. Guarded by the notes. */
  private boolean finishing;

  private boolean checked;
  private boolean closing;
  private int lostInARow;

  /** What the disk said last, and since when; null while it does its work. */
  private @Nullable StorageException obstacle;

  private long stuckSince;
  private long retryAfter;
  private boolean retrying;
  private boolean noting;

  /** Whether files were looked at since the event loop began what it is doing. */
  private boolean looked;

  private @Nullable Pieces lastClaims;

  TransferDisk(
      EventLoop loop,
      java.util.concurrent.Executor threads,
      BlockPool blocks,
      Store store,
      Events events) {
    this.loop = loop;
    this.threads = threads;
    this.blocks = blocks;
    this.store = store;
    this.events = events;
    check = new PieceCheck(store, (piece, right) -> onLoop(() -> pieceChecked(piece, right)));
    intake = new Intake(store, threads, blocks, new Verdicts());
  }

  /** What lies there, as far as it was looked at. */
  PieceCheck check() {
    return check;
  }

  /**
   * Begins to look at what lies there; by any thread.
   *
   * @param trust whether what an earlier run claims counts unchecked
   */
  void begin(int threadCount, boolean trust) {
    AtomicInteger working = new AtomicInteger(threadCount);
    onDisk(
        () -> {
          check.look();
          try {
            check.heedClaims(trust);
          } catch (StorageException e) {
            warn(e);
          }
          onLoop(
              () -> {
                if (!closing) {
                  events.looked();
                }
                for (int i = 0; i < threadCount; i++) {
                  onDisk(new Checking(working));
                }
              });
        });
  }

  /**
   * Checks piece after piece, and lets others have the thread in between: blocks may be on their
   * way to the disk already.
   */
  private final class Checking implements Runnable {
    private final AtomicInteger working;
    private final PieceCheck.Scratch scratch = check.new Scratch();

    Checking(AtomicInteger working) {
      this.working = working;
    }

    @Override
    public void run() {
      boolean more = false;
      try {
        more = check.step(scratch);
      } finally {
        if (!(more && goOn()) && working.decrementAndGet() == 0) {
          onLoop(TransferDisk.this::checkEnded);
        }
      }
    }

    private boolean goOn() {
      try {
        threads.execute(this);
        return true;
      } catch (RejectedExecutionException e) {
        return false;
      }
    }
  }

  private void pieceChecked(int piece, boolean right) {
    if (!closing) {
      events.piece(piece, right);
    }
  }

  private void checkEnded() {
    checked = true;
    if (closing) {
      release();
    } else {
      events.checked();
    }
  }

  // ---------------------------------------------------------------- what comes and goes

  void write(int piece, int begin, ByteBuffer block) {
    intake.write(piece, begin, block);
    makeRoom();
  }

  void verify(int piece, boolean digests) {
    intake.verify(piece, digests);
  }

  void discard(int piece) {
    intake.discard(piece);
  }

  @Nullable BlockRegion read(int piece, int begin, int length) {
    if (!looked) {
      looked = true;
      store.look();
      enqueue(() -> looked = false);
    }
    try {
      return store.region(piece, begin, length, e -> unreadable(piece, e));
    } catch (IOException e) {
      warn(unserved(piece, e));
      return null;
    }
  }

  private static StorageException unserved(int piece, IOException e) {
    return StorageException.of("can't serve piece " + piece, e);
  }

  /** Told later: a connection is in the middle of sending. */
  private void unreadable(int piece, IOException e) {
    enqueue(() -> events.unreadable(piece, unserved(piece, e)));
  }

  /** Computes the leaves of a few pieces; see {@link Swarm#leaves}. */
  void leaves(int firstPiece, int lastPiece) {
    onDisk(
        () -> {
          ByteBuffer hashes = null;
          try {
            hashes = store.leaves(firstPiece, lastPiece);
          } catch (IOException e) {
            warn(StorageException.of("can't hash piece " + firstPiece, e));
          }
          ByteBuffer answer = hashes;
          onLoop(() -> events.leaves(answer));
        });
  }

  /** The memory is for all transfers: one that is stuck may not keep the others from it. */
  private void makeRoom() {
    StorageException why = obstacle;
    if (why != null && blocks.isPressed()) {
      intake.giveUp(why);
    }
  }

  // ---------------------------------------------------------------- when the disk is stuck

  /** Why the disk takes nothing, or null while it does. */
  @Nullable StorageException obstacle() {
    return obstacle;
  }

  private void stuck(StorageException why) {
    if (closing) {
      return;
    }
    long now = loop.ticker().nanoTime();
    if (obstacle == null) {
      stuckSince = now;
      retryAfter = RETRY;
    }
    obstacle = why;
    if (why.kind() != StorageException.Kind.FULL && now - stuckSince >= PATIENCE) {
      events.failed(Failures.told(why));
      return;
    }
    events.stuck(why);
    makeRoom();
  }

  /** Tries once, later, however often it is asked to. */
  private void later(Runnable attempt) {
    if (retrying || closing) {
      return;
    }
    retrying = true;
    long delay = retryAfter;
    retryAfter = Math.min(MAX_RETRY, 2 * retryAfter);
    loop.schedule(
        () -> {
          retrying = false;
          if (!closing) {
            attempt.run();
          }
        },
        delay,
        TimeUnit.NANOSECONDS);
  }

  private void flows() {
    if (obstacle != null && !closing) {
      obstacle = null;
      events.flows();
    }
  }

  // ---------------------------------------------------------------- the end

  /** Every piece of the wanted files is verified and written: forces the files, then tells. */
  void finish(Predicate<FileEntry> wanted) {
    onDisk(
        () -> {
          try {
            boolean whole;
            synchronized (notes) {
              BitSet gone = store.finish(wanted);
              whole = gone.isEmpty();
              finishing = whole;
              vanished(gone);
            }
            onLoop(
                () -> {
                  flows();
                  if (whole) {
                    events.finished();
                  }
                });
          } catch (StorageException e) {
            onLoop(() -> unfinished(wanted, e));
          }
        });
  }

  private void vanished(BitSet files) {
    onLoop(
        () -> {
          for (int i = files.nextSetBit(0); i >= 0 && !closing; i = files.nextSetBit(i + 1)) {
            events.vanished(store.torrent().files().get(i));
          }
        });
  }

  private void unfinished(Predicate<FileEntry> wanted, StorageException e) {
    if (e.kind() != StorageException.Kind.FULL || store.isDoubtful()) {
      events.failed(Failures.told(e));
      return;
    }
    stuck(e);
    later(() -> finish(wanted));
  }

  /** Ends the check; by any thread. */
  void stopChecking() {
    check.stop();
  }

  /**
   * Forces what was written and notes it for the next run, unless that is going on already.
   *
   * @param verified the pieces that are verified and written
   */
  void note(Pieces verified) {
    if (noting || closing || obstacle != null) {
      return;
    }
    noting = true;
    Pieces claims = claims(verified);
    onDisk(
        () -> {
          StorageException failure = noteNow(claims);
          onLoop(
              () -> {
                noting = false;
                if (failure != null && store.isDoubtful()) {
                  events.failed(Failures.told(failure));
                } else if (failure != null) {
                  events.warning(String.valueOf(failure.getMessage()));
                }
              });
        });
  }

  /** What was claimed and not disproved is claimed on. */
  private Pieces claims(Pieces verified) {
    PieceSet claims = new PieceSet(verified.size());
    for (int piece = verified.next(0); piece >= 0; piece = verified.next(piece + 1)) {
      claims.add(piece);
    }
    check.addClaimsLeft(claims);
    return claims;
  }

  private @Nullable StorageException noteNow(Pieces claims) {
    synchronized (notes) {
      try {
        if (!finishing) {
          vanished(store.claim(claims));
        }
        return null;
      } catch (StorageException e) {
        return e;
      }
    }
  }

  /**
   * When nothing is at work any more, the files and the lock are released.
   *
   * @param verified what to note for the next run; null for nothing
   */
  void close(@Nullable Pieces verified) {
    if (!closing) {
      closing = true;
      lastClaims = verified == null ? null : claims(verified);
      check.stop();
      if (checked) {
        release();
      }
    }
  }

  private void release() {
    intake
        .close()
        .whenComplete(
            (done, e) ->
                onDisk(
                    () -> {
                      Pieces claims = lastClaims;
                      StorageException failure = claims == null ? null : noteNow(claims);
                      if (failure != null) {
                        warn(failure);
                      }
                      try {
                        store.close();
                      } catch (IOException again) {
                        warn(again);
                      }
                      events.closed();
                    }));
  }

  // ---------------------------------------------------------------- threads

  private void warn(IOException e) {
    String sentence = String.valueOf(e.getMessage());
    onLoop(() -> events.warning(sentence));
  }

  private void onDisk(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      enqueue(task);
    }
  }

  private void enqueue(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The client is closed and everything has ended, or the process is about to.
      return;
    }
  }

  /** Hears of the disk, on its threads. */
  private final class Verdicts implements Intake.Verdicts {
    @Override
    public void verified(int piece, boolean ok, @Nullable BlockDigests digests) {
      onLoop(
          () -> {
            lostInARow = 0;
            events.verified(piece, ok, digests);
          });
    }

    @Override
    public void inconsistent(int piece) {
      onLoop(() -> events.failed(Failures.inconsistent(store.torrent())));
    }

    @Override
    public void lost(int piece, StorageException why) {
      onLoop(
          () -> {
            if (obstacle == null && ++lostInARow >= MAX_LOST) {
              events.failed(Failures.told(why));
            } else {
              events.lost(piece, why);
            }
          });
    }

    @Override
    public void stuck(StorageException why) {
      onLoop(
          () -> {
            TransferDisk.this.stuck(why);
            later(intake::retry);
          });
    }

    @Override
    public void flows() {
      onLoop(TransferDisk.this::flows);
    }

    @Override
    public void failed(StorageException why) {
      onLoop(() -> events.failed(Failures.told(why)));
    }
  }
}
