package org.peerwire.swarm.merkle;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.HashRange;
import org.peerwire.Violation;
import org.peerwire.wire.PeerWire;

/**
 * Asks peers for the piece layers of a v2 torrent of which only the info dictionary is known. Each
 * answer is proved up to the root of its file before it is kept, so it does not matter who sent it;
 * one that fails closes its wire as {@link Violation#HASH_PROOF}.
 *
 * <p>A layer is asked for in parts of 512 hashes; one of them is asked of one peer at a time, and
 * of another if that one refuses, leaves, or lets it wait. Nothing is held for a part that has not
 * come. For one thread at a time.
 */
public final class LayerFetch {
  private static final int PART = 512;
  private static final int PENDING_A_PEER = 4;

  /** How often a peer may refuse a part until it is taken for one that has not got it. */
  private static final int MAX_REFUSALS = 4;

  /**
   * A peer that refuses may have been asked for too much at once, and is asked again after this.
   */
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private final int layer;
  private final Map<ByteBuffer, Layer> layers = new LinkedHashMap<>();
  private final List<Source> sources = new ArrayList<>();

  /** The parts that are asked of nobody. */
  private final Deque<HashRange> open = new ArrayDeque<>();

  private int missing;

  /** One piece layer, and what came of it. */
  private static final class Layer {
    final TreeShape shape;
    final byte[][] parts;

    Layer(TreeShape shape, int parts) {
      this.shape = shape;
      this.parts = new byte[parts][];
    }
  }

  /**
   * A fetch that asks nobody yet.
   *
   * @param shapes of the trees whose piece layer is missing, by their roots
   */
  public LayerFetch(Map<ByteBuffer, TreeShape> shapes, int pieceLength) {
    layer = TreeShape.pieceLayer(pieceLength);
    shapes.forEach(
        (root, shape) -> {
          int parts = (int) ((shape.width(layer) - 1) / PART + 1);
          layers.put(root, new Layer(shape, parts));
          for (int i = 0; i < parts; i++) {
            open.add(HashProof.range(root, shape, layer, (long) i * PART, PART));
          }
        });
    missing = open.size();
  }

  /** Whether every part has come. */
  public boolean isComplete() {
    return missing == 0;
  }

  /** How many parts, of up to 512 hashes, have not come. */
  public int missing() {
    return missing;
  }

  /** The layers, each in one row, by the roots; once it is complete. */
  public Map<ByteBuffer, ByteBuffer> layers() {
    if (!isComplete()) {
      throw new IllegalStateException(missing + " parts are missing");
    }
    Map<ByteBuffer, ByteBuffer> rows = new LinkedHashMap<>();
    layers.forEach(
        (root, each) -> {
          byte[] row = new byte[(int) each.shape.width(layer) * TreeDigest.LENGTH];
          int at = 0;
          for (byte[] part : each.parts) {
            System.arraycopy(part, 0, row, at, part.length);
            at += part.length;
          }
          rows.put(root, ByteBuffer.wrap(row));
        });
    return rows;
  }

  /**
   * A peer may be asked from now on.
   *
   * @param wire open, with the torrent's layout, of a connection that has agreed on v2
   */
  public Source join(PeerWire wire, long now) {
    Source source = new Source(wire);
    sources.add(source);
    source.ask(now);
    return source;
  }

  /** Time has passed: what a peer does not answer is asked of another. Call it every second. */
  public void tick(long now) {
    for (Source source : sources) {
      source.tick(now);
    }
    askAll(now);
  }

  private void askAll(long now) {
    for (Source source : List.copyOf(sources)) {
      source.ask(now);
    }
  }

  /** One peer; what its wire tells is to be passed on. */
  public final class Source {
    private final PeerWire wire;
    private final Map<HashRange, Long> pending = new LinkedHashMap<>();
    private final Map<HashRange, Refusal> refused = new HashMap<>();

    /** Asked for and not answered, whether it is waited for or not. */
    private final Set<HashRange> unanswered = new HashSet<>();

    private boolean slow;

    private Source(PeerWire wire) {
      this.wire = wire;
    }

    /** Whether it has refused all that is missing, again and again. */
    public boolean isUseless() {
      return refused.size() >= missing
          && refused.values().stream().allMatch(each -> each.times >= MAX_REFUSALS);
    }

    /** See {@link org.peerwire.wire.PeerListener#onHashes}. */
    public void hashes(HashRange range, ByteBuffer hashes, long now) {
      slow = false;
      pending.remove(range);
      unanswered.remove(range);
      Layer into = layers.get(range.piecesRoot());
      int part = Integer.divideUnsigned(range.index(), PART);
      if (into == null || into.parts[part] != null) {
        ask(now);
      } else if (HashProof.leadsToRoot(range, into.shape, hashes)) {
        keep(into, part, hashes);
        open.remove(range);
        sources.forEach(source -> source.refused.remove(range));
        missing--;
        ask(now);
      } else {
        open.addFirst(range);
        // Its other requests end with the wire.
        wire.close(Violation.HASH_PROOF, "");
        askAll(now);
      }
    }

    private void keep(Layer into, int part, ByteBuffer hashes) {
      long left = into.shape.width(layer) - (long) part * PART;
      byte[] kept = new byte[(int) Math.min(PART, left) * TreeDigest.LENGTH];
      hashes.get(hashes.position(), kept);
      into.parts[part] = kept;
    }

    /** See {@link org.peerwire.wire.PeerListener#onHashReject}. */
    public void rejected(HashRange range, long now) {
      slow = false;
      unanswered.remove(range);
      Refusal refusal = refused.computeIfAbsent(range, first -> new Refusal());
      refusal.times++;
      refusal.last = now;
      if (pending.remove(range) != null) {
        open.addLast(range);
      }
      askAll(now);
    }

    /** Its wire has ended. */
    public void left(long now) {
      sources.remove(this);
      release();
      askAll(now);
    }

    private void release() {
      pending.keySet().forEach(range -> open.addFirst(range));
      pending.clear();
    }

    private void tick(long now) {
      Iterator<Long> since = pending.values().iterator();
      if (since.hasNext() && now - since.next() >= PATIENCE) {
        slow = true;
        release();
      }
    }

    private void ask(long now) {
      while (!slow && !wire.isClosed() && pending.size() < PENDING_A_PEER) {
        HashRange range = next(now);
        if (range == null) {
          return;
        }
        open.remove(range);
        pending.put(range, now);
        unanswered.add(range);
        wire.hashRequest(range);
      }
    }

    private @Nullable HashRange next(long now) {
      for (HashRange range : open) {
        Refusal refusal = refused.get(range);
        boolean mayAsk =
            refusal == null
                || (refusal.times < MAX_REFUSALS && now - refusal.last >= refusal.times * PAUSE);
        if (mayAsk && !unanswered.contains(range)) {
          return range;
        }
      }
      return null;
    }
  }

  private static final class Refusal {
    int times;
    long last;
  }
}
