package org.peerwire.extension.metadata;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.peerwire.Violation;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeDocument;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.wire.Extension;

/**
 * {@code ut_metadata} on one wire, in both roles (<a
 * href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>).
 */
public final class UtMetadata extends Extension {
  /** The length of every block but the last, in bytes. */
  public static final int BLOCK_LENGTH = 1 << 14;

  private static final int REQUEST = 0;
  private static final int DATA = 1;
  private static final int REJECT = 2;

  /** How often all of it is served to a peer, and from how many requests on it is too much. */
  private static final int SERVINGS = 2;

  private static final int FLOOD = 10;

  /** How many blocks are assumed as long as we have none: those of 4 MiB. */
  private static final int UNKNOWN_BLOCKS = 256;

  private final @Nullable Source source;
  private @Nullable ByteBuffer info;

  private long requests;
  private int served;

  /** Requests that will be answered when the peer reads. Null while there are none. */
  private @Nullable Queue<Integer> waiting;

  /** Serves what {@link #serve} gives it, and asks for nothing. */
  public UtMetadata() {
    super("ut_metadata");
    source = null;
  }

  /**
   * Asks this wire's peer for what {@code fetch} wants, and serves it once that is done.
   *
   * @param fetch the same one for every wire of a torrent; all of them driven by one thread, with
   *     one clock
   */
  public UtMetadata(MetadataFetch fetch) {
    super("ut_metadata");
    source = new Source(this, fetch);
    ByteBuffer known = fetch.result();
    info = known == null ? null : known.duplicate();
  }

  /**
   * Serves the info dictionary from now on; each block twice to a peer.
   *
   * @param bytes the original bytes, from position to limit, that have the torrent's info-hash. Not
   *     copied; not to be changed any more
   */
  public void serve(ByteBuffer bytes) {
    info = bytes.slice().asReadOnlyBuffer();
    describeAgain();
  }

  /** The length that the peer claims the info dictionary has, in bytes, or 0 if it has none. */
  public int peerSize() {
    ExtensionHandshake peer = wire().peerExtensions();
    Integer size = peer == null ? null : peer.metadataSize();
    return size == null ? 0 : size;
  }

  @Override
  protected void describe(ExtensionHandshake.Builder handshake) {
    if (info != null) {
      handshake.metadataSize(info.remaining());
    }
  }

  @Override
  protected void onHandshake(ExtensionHandshake peer) {
    if (source != null) {
      source.told(isSupported() ? peerSize() : 0);
    }
  }

  @Override
  protected void onMessage(ByteBuffer payload) {
    BencodeDocument document;
    try {
      document = Bencode.parsePrefix(payload, BencodeLimits.WIRE, BencodeMode.LENIENT);
    } catch (BencodeException e) {
      fail(Violation.METADATA_MALFORMED, e.getMessage());
      return;
    }
    BencodeDict message = document.rootDict();
    OptionalLong type = message.integer("msg_type");
    if (type.isEmpty()) {
      fail(Violation.METADATA_MALFORMED, "no msg_type");
      return;
    }
    if (type.getAsLong() < REQUEST || type.getAsLong() > REJECT) {
      return; // reserved for what comes: BEP 9 wants it ignored
    }
    OptionalLong piece = message.integer("piece");
    if (piece.isEmpty()) {
      fail(Violation.METADATA_MALFORMED, "no piece");
      return;
    }
    switch ((int) type.getAsLong()) {
      case REQUEST -> requested(piece.getAsLong());
      case DATA -> {
        OptionalLong total = message.integer("total_size");
        if (total.isEmpty()) {
          fail(Violation.METADATA_MALFORMED, "no total_size");
        } else {
          ByteBuffer block = payload.slice().position(document.end());
          data(piece.getAsLong(), total.getAsLong(), block);
        }
      }
      default -> {
        if (source != null) {
          source.rejected(piece.getAsLong(), now());
        }
      }
    }
  }

  @Override
  protected void onRoom() {
    answer();
  }

  @Override
  protected long nanosUntilTimeout(long now) {
    return source == null ? Long.MAX_VALUE : source.nanosUntilTimeout(now);
  }

  @Override
  protected void onTimeout(long now) {
    if (source != null) {
      source.timeout(now);
    }
  }

  @Override
  protected void onClose() {
    waiting = null;
    if (source != null) {
      source.closed(now());
    }
  }

  // ---------------------------------------------------------------- for the source

  boolean ask(int piece) {
    return send(message(REQUEST, piece));
  }

  /** The peer broke a rule. */
  void blame(Violation violation, String detail) {
    fail(violation, detail);
  }

  /** As {@link #blame}, of what is put up with for some time. */
  void warn(Violation violation, String detail) {
    tolerates(violation, detail);
  }

  long time() {
    return now();
  }

  void look() {
    wake();
  }

  // ---------------------------------------------------------------- serving

  private void requested(long piece) {
    ByteBuffer have = info;
    int blocks = have == null ? 0 : blocks(have.remaining());
    requests++;
    if (requests > (long) FLOOD * (have == null ? UNKNOWN_BLOCKS : blocks)) {
      fail(Violation.METADATA_FLOOD, requests + " requests for " + blocks + " blocks");
    } else if (piece < 0 || piece >= blocks || served >= SERVINGS * blocks) {
      send(message(REJECT, piece));
    } else {
      served++;
      Queue<Integer> queue = waiting;
      if (queue == null) {
        queue = new ArrayDeque<>();
        waiting = queue;
      }
      queue.add((int) piece);
      answer();
    }
  }

  /** Sends what was asked for, as far as the peer reads. */
  private void answer() {
    ByteBuffer have = info;
    while (waiting != null && have != null && hasRoom()) {
      Integer piece = waiting.poll();
      if (piece == null) {
        waiting = null;
        return;
      }
      int from = piece * BLOCK_LENGTH;
      int length = Math.min(BLOCK_LENGTH, have.remaining() - from);
      byte[] head = message(DATA, piece, have.remaining()).toByteArray();
      send(
          ByteBuffer.allocate(head.length + length).put(head).put(have.slice(from, length)).flip());
    }
  }

  private void data(long piece, long total, ByteBuffer block) {
    if (source == null) {
      warn(Violation.METADATA_UNREQUESTED, "block " + piece);
    } else {
      source.received(piece, total, block, now());
    }
  }

  static int blocks(int size) {
    return (size - 1) / BLOCK_LENGTH + 1;
  }

  private static BencodeWriter message(int type, long piece) {
    return new BencodeWriter().beginDict().put("msg_type", type).put("piece", piece).end();
  }

  private static BencodeWriter message(int type, int piece, int total) {
    return new BencodeWriter()
        .beginDict()
        .put("msg_type", type)
        .put("piece", piece)
        .put("total_size", total)
        .end();
  }
}
