package org.peerwire.extension.metadata;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.Violation;

/**
 * Gets the info dictionary of one torrent from whichever peers have it. It does no I/O and has no
 * timer: each wire that uses a {@link UtMetadata} of it drives it. All of them must be driven by
 * one thread, with one clock.
 *
 * <p>Nothing that a peer says is believed: a size above the limit counts as none, a block is
 * allocated when it has come, and only the hash of the whole tells that it is right. Since a hash
 * can't tell <em>which</em> block is wrong, a small dictionary comes from one peer at a time, so
 * that a wrong one has one author. A large one comes from all that claim its size; if it is wrong,
 * the next tries are from one peer each, and the right one then shows who lied before. A peer that
 * lied alone is closed on with {@link Violation#METADATA_HASH}; it should not be called again soon.
 *
 * @see <a href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>
 * @see org.peerwire.wire.PeerWire#use
 */
public final class MetadataFetch {
  /** The largest info dictionary that is fetched, in bytes, where nothing else is said: 4 MiB. */
  public static final int DEFAULT_MAX_SIZE = 4 << 20;

  /** The most that the limit may be set to, in bytes: 32 MiB. */
  public static final int LARGEST_MAX_SIZE = 32 << 20;

  /** How long a peer may take for a block. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** How long a peer that had no answer is left alone. */
  private static final Duration REST = Duration.ofMinutes(1);

  /** Up to this many blocks come from one peer at a time. */
  private static final int ALONE = 8;

  /** What a try that failed costs before the next one: a minute for each MiB. */
  private static final long NANOS_PER_WRONG_BYTE = Duration.ofMinutes(1).toNanos() >> 20;

  /** Hears of what came of it. */
  public interface Listener {
    /**
     * The info dictionary is there, and has the hash. Raised once. Its content is as hostile as any
     * .torrent file's.
     *
     * @param info its original bytes, read-only; to be kept at will
     */
    void onMetadata(ByteBuffer info);

    /**
     * A peer gave what is not of this torrent. Its wire is closed, or is to be closed by the
     * application if it was found out only later. It may have ended before.
     */
    default void onLiar(UtMetadata liar, Violation violation) {}
  }

  private final byte[] expected;
  private final MessageDigest digest;
  private final Listener listener;
  private final int maxSize;

  private final List<Source> sources = new ArrayList<>();
  private @Nullable Attempt attempt;

  /** Whether a try from many peers failed, so that no other one is made. */
  private boolean alone;

  private List<Attempt.Given> suspects = List.of();
  private boolean waiting;
  private long waitsUntil;
  private @Nullable ByteBuffer result;

  private MetadataFetch(byte[] expected, String algorithm, int maxSize, Listener listener) {
    if (maxSize < 1 || maxSize > LARGEST_MAX_SIZE) {
      throw new IllegalArgumentException("a limit of " + maxSize + " bytes");
    }
    this.expected = expected;
    this.maxSize = maxSize;
    this.listener = listener;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * For a v1 info-hash, with {@link #DEFAULT_MAX_SIZE}.
   *
   * @param done given the info dictionary, once
   */
  public static MetadataFetch sha1(InfoHash infoHash, Consumer<ByteBuffer> done) {
    return sha1(infoHash, DEFAULT_MAX_SIZE, done::accept);
  }

  /**
   * For a v1 info-hash.
   *
   * @param maxSize the largest info dictionary that is fetched, in bytes, 1 to {@link
   *     #LARGEST_MAX_SIZE}
   */
  public static MetadataFetch sha1(InfoHash infoHash, int maxSize, Listener listener) {
    return new MetadataFetch(infoHash.toBytes(), "SHA-1", maxSize, listener);
  }

  /**
   * For a v2 info-hash (<a href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>).
   *
   * @param infoHash all 32 bytes of it
   * @param maxSize as of {@link #sha1(InfoHash, int, Listener)}
   * @throws IllegalArgumentException if there are not 32 bytes
   */
  public static MetadataFetch sha256(byte[] infoHash, int maxSize, Listener listener) {
    if (infoHash.length != 32) {
      throw new IllegalArgumentException("a SHA-256 of " + infoHash.length + " bytes");
    }
    return new MetadataFetch(infoHash.clone(), "SHA-256", maxSize, listener);
  }

  /** Whether the info dictionary is there. */
  public boolean isDone() {
    return result != null;
  }

  /** The info dictionary, read-only, or null as long as it is not there. */
  public @Nullable ByteBuffer result() {
    return result == null ? null : result.duplicate();
  }

  /** How much of it is held and not checked yet, in bytes. */
  public long held() {
    return attempt == null ? 0 : attempt.held();
  }

  /** How many peers claim to have it. */
  public int sourceCount() {
    return (int) sources.stream().filter(source -> source.size > 0 && !source.excluded).count();
  }

  // ---------------------------------------------------------------- what the sources call

  int maxSize() {
    return maxSize;
  }

  long timeoutNanos() {
    return TIMEOUT.toNanos();
  }

  void join(Source source) {
    sources.add(source);
  }

  void leave(Source source, long now) {
    sources.remove(source);
    drop(source);
    step(now);
  }

  /** Its claim changed, so what it was asked for makes no sense any more. */
  void sourceChanged(Source source, long now) {
    drop(source);
    step(now);
  }

  /** It rejected, or took too long. */
  void failed(Source source, long now) {
    source.failures++;
    source.resting = true;
    source.restsUntil = now + REST.toNanos();
    drop(source);
    step(now);
  }

  void lied(Source source, Violation violation, long now) {
    drop(source);
    name(source, violation);
    step(now);
  }

  void received(Source source, int piece, ByteBuffer block, long now) {
    Attempt current = attempt;
    if (current == null || !current.isFrom(source)) {
      return;
    }
    current.put(source, piece, block);
    if (current.isComplete()) {
      attempt = null;
      check(current, now);
    }
    step(now);
  }

  /** Does whatever can be done now: begins a try, and asks. */
  void step(long now) {
    if (result != null) {
      return;
    }
    if (waiting && waitsUntil - now <= 0) {
      waiting = false;
    }
    if (attempt != null && isAbandoned(attempt, now)) {
      attempt = null;
    }
    if (attempt == null && !waiting) {
      attempt = begin(now);
    }
    Attempt current = attempt;
    if (current != null) {
      for (Source source : List.copyOf(sources)) {
        if (attempt == current && current.isFrom(source) && source.isReady(now)) {
          current.ask(source, now);
        }
      }
    }
  }

  /** When a source should call {@link #step} although nothing happened. */
  long nanosUntilStep(Source source, long now) {
    if (result != null || source.size == 0 || source.excluded) {
      return Long.MAX_VALUE;
    }
    long until = 0;
    if (source.resting) {
      until = Math.max(until, source.restsUntil - now);
    }
    if (waiting) {
      until = Math.max(until, waitsUntil - now);
    }
    // Neither it nor all have to wait: then there is nothing that time alone changes.
    return source.resting || waiting ? until : Long.MAX_VALUE;
  }

  // ---------------------------------------------------------------- inside

  private @Nullable Attempt begin(long now) {
    Source best = null;
    for (Source source : sources) {
      if (source.isReady(now) && (best == null || source.failures < best.failures)) {
        best = source;
      }
    }
    if (best == null) {
      return null;
    }
    boolean single = alone || UtMetadata.blocks(best.size) <= ALONE;
    return new Attempt(best.size, single ? best : null);
  }

  /** Whether nobody is left who could go on with a try. */
  private boolean isAbandoned(Attempt current, long now) {
    return sources.stream()
        .noneMatch(source -> current.isFrom(source) && (source.isAsked() || source.isReady(now)));
  }

  /** What a source was asked for is not waited for any more. */
  private void drop(Source source) {
    int[] pieces = source.withdraw();
    Attempt current = attempt;
    if (current == null) {
      return;
    }
    if (current.only == source) {
      attempt = null;
    } else if (current.only == null) {
      current.giveBack(pieces);
    }
  }

  private void check(Attempt complete, long now) {
    if (!Arrays.equals(complete.digest(digest), expected)) {
      wrong(complete, now);
      return;
    }
    ByteBuffer whole = complete.whole();
    result = whole;
    for (Attempt.Given block : suspects) {
      nameIfWrong(block, whole);
    }
    suspects = List.of();
    for (Source source : sources) {
      source.withdraw();
      source.handle.serve(whole.duplicate());
    }
    listener.onMetadata(whole.duplicate());
  }

  private void wrong(Attempt complete, long now) {
    waiting = true;
    waitsUntil = now + complete.size * NANOS_PER_WRONG_BYTE;
    Source giver = complete.giver();
    if (giver == null) {
      alone = true;
      suspects = complete.given(digest);
      // Whoever sleeps until something comes has to look again when the wait is over.
      sources.forEach(source -> source.handle.look());
      return;
    }
    giver.handle.blame(Violation.METADATA_HASH, complete.size + " bytes from one peer");
    name(giver, Violation.METADATA_HASH);
    sources.forEach(source -> source.handle.look());
  }

  private void nameIfWrong(Attempt.Given block, ByteBuffer whole) {
    int from = block.piece() * UtMetadata.BLOCK_LENGTH;
    boolean wrong = from >= whole.remaining();
    if (!wrong) {
      int length = Math.min(UtMetadata.BLOCK_LENGTH, whole.remaining() - from);
      digest.update(whole.slice(from, length));
      wrong = !ByteBuffer.wrap(digest.digest()).equals(block.digest());
    }
    if (wrong) {
      name(block.source(), Violation.METADATA_HASH);
    }
  }

  private void name(Source liar, Violation violation) {
    liar.excluded = true;
    if (!liar.named) {
      liar.named = true;
      listener.onLiar(liar.handle, violation);
    }
  }
}
