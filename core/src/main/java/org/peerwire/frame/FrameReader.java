package org.peerwire.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.Violation;

/**
 * Turns bytes, cut anywhere, into calls on a {@link FrameSink}. It knows lengths and fields and no
 * rules.
 *
 * <p>A frame that lies whole in the input is read where it lies. Of one that does not, only what is
 * needed to read its fields is carried over to the next input:
 *
 * <pre>
 *   fixed-size message    the whole of it, at most 53 bytes
 *   bitfield, extended,   the whole of it, in buffers that are together never more than 4 KiB
 *   hashes                  larger than what has arrived
 *   piece, unknown        4 length bytes, id and the fields before the payload; the payload streams through
 * </pre>
 *
 * <p>At a frame boundary it holds nothing but, until {@link #trim}, the 64 bytes that the head of
 * the next frame would take. Not thread-safe, and not to be called from inside a sink.
 */
public final class FrameReader {
  private static final byte[] PROTOCOL =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);
  private static final int INFO_HASH_END = 48;
  private static final int HANDSHAKE_END = 68;
  private static final int LENGTH_BYTES = 4;
  private static final int HEAD = LENGTH_BYTES + 1;

  /** Four KiB, less what this buffer and the small one before it are beside their bytes. */
  private static final int GROWTH = 4096 - 256;

  private static final int SMALL = 64;

  // Without the four length bytes.
  private static final int HAVE_LENGTH = MessageId.fixedLength(MessageId.HAVE);
  private static final int BLOCK_LENGTH = MessageId.fixedLength(MessageId.REQUEST);

  private final FrameLengths lengths;

  /** How many bytes of the handshake are done: 0, 48 or 68. */
  private int handshaken;

  /** The bytes of the frame at hand that came with earlier input, from its first length byte on. */
  private @Nullable ByteBuffer carry;

  /** What came before the carry, of a long message. */
  private @Nullable Parts parts;

  /** A carry that is not in use, so that a stream of cut frames costs no garbage. */
  private @Nullable ByteBuffer spare;

  /**
   * How many bytes of the frame, from its first length byte, must be there before it can be read
   * further.
   */
  private int needed;

  /** How many bytes of a block or of an unknown message are still to stream through. */
  private int streaming;

  private long position;
  private boolean stopped;

  // The frame at hand. Of one that lies whole in the input only its place is noted, for that is all
  // that happens millions of times a second; the rest is looked up there if someone asks.

  /** What is being read; set only while read() runs. */
  private @Nullable ByteBuffer source;

  /** The position, in bytes since the first one read, of what stands at index 0 of the source. */
  private long base;

  /** The index in the source of the frame's first byte, or -1: then it began before. */
  private int at = -1;

  private long frameStart;
  private int frameLength;
  private int frameId = -1;

  /** For a frame that began before: the index in the source from which it is shown. */
  private int shownFrom;

  /** A reader that expects a handshake first. */
  public FrameReader(FrameLimits limits) {
    lengths = new FrameLengths(limits);
  }

  /** A reader for bytes that begin behind the handshake. */
  public static FrameReader afterHandshake(FrameLimits limits) {
    FrameReader reader = new FrameReader(limits);
    reader.handshaken = HANDSHAKE_END;
    return reader;
  }

  /**
   * Tells the number of pieces: from now on a bitfield must have the length that belongs to it.
   *
   * @param pieces from 0 to {@link PieceSet#MAX_SIZE}
   */
  public void pieceCount(int pieces) {
    lengths.pieceCount(pieces);
  }

  /**
   * Reads all of {@code input}, or up to the call in which the sink calls {@link #stop}.
   *
   * @param input its position moves; its content is not changed; it is not kept
   * @throws FrameException if the bytes are not a message that may be read. The reader is stopped
   *     then
   */
  public void read(ByteBuffer input, FrameSink sink) {
    if (stopped) {
      return;
    }
    base = position - input.position();
    try {
      if (carry != null && handshaken == HANDSHAKE_END) {
        collect(carry, input, sink);
      }
      // A peer may send a byte at a time: for one that only adds to a cut frame, that was all.
      if (input.hasRemaining()) {
        readOn(input, sink);
      }
    } catch (FrameException e) {
      frameId = e.id();
      stopped = true;
      throw e;
    } finally {
      position = base + input.position();
      source = null;
    }
  }

  /** Reads nothing more, from the next frame on. May be called from inside a sink. */
  public void stop() {
    stopped = true;
    carry = null;
    parts = null;
    spare = null;
    streaming = 0;
  }

  /** Gives memory back that is not in use. */
  public void trim() {
    spare = null;
  }

  /** Whether part of a message has arrived and the rest has not. */
  public boolean inFrame() {
    return carry != null || streaming > 0 || handshaken == INFO_HASH_END;
  }

  /**
   * How many bytes of the message at hand are missing, as far as that is known; 0 at a boundary.
   */
  public int missing() {
    if (carry != null) {
      return needed - setAside() - carry.position();
    }
    return handshaken == INFO_HASH_END ? HANDSHAKE_END - INFO_HASH_END : streaming;
  }

  /** How many bytes of memory the message at hand takes; 0 at a boundary. */
  public int held() {
    return carry == null ? 0 : setAside() + carry.capacity();
  }

  private int setAside() {
    return parts == null ? 0 : parts.size();
  }

  /** How many bytes have been read, by the calls that have returned. */
  public long position() {
    return position;
  }

  /**
   * Where the message at hand begins, in bytes since the first one read; tells one message from the
   * next.
   */
  public long frameStart() {
    return at < 0 ? frameStart : base + at;
  }

  /**
   * The declared length of the message at hand, in bytes without the length itself; 0 until it is
   * known.
   */
  public int frameLength() {
    ByteBuffer bytes = source;
    return at < 0 || bytes == null ? frameLength : bytes.getInt(at);
  }

  /** The id of the message at hand, 0 to 255, or -1 if it has none. */
  public int frameId() {
    ByteBuffer bytes = source;
    if (at < 0 || bytes == null) {
      return frameId;
    }
    return bytes.getInt(at) == 0 ? -1 : bytes.get(at + LENGTH_BYTES) & 0xff;
  }

  /**
   * The first bytes of the message at hand as hexadecimal digits, at most 64 bytes; empty outside
   * of a sink.
   */
  public String context() {
    ByteBuffer bytes = source;
    return bytes == null ? "" : FrameLengths.context(bytes, at < 0 ? shownFrom : at);
  }

  /** What is known of the frame at hand, before the source in which it lies is left. */
  private void remember() {
    if (at < 0) {
      return;
    }
    frameStart = frameStart();
    frameLength = frameLength();
    frameId = frameId();
    at = -1;
  }

  /** Reads what is no part of a frame that was cut. */
  private void readOn(ByteBuffer input, FrameSink sink) {
    ByteOrder order = input.order();
    int limit = input.limit();
    input.order(ByteOrder.BIG_ENDIAN);
    source = input;
    try {
      readBegun(input, sink);
      readWhole(input, sink);
      readCut(input, sink);
    } finally {
      remember();
      input.limit(limit).order(order);
    }
  }

  /** Reads the handshake, and the rest of what streams through. */
  private void readBegun(ByteBuffer input, FrameSink sink) {
    while (handshaken < HANDSHAKE_END) {
      if (stopped || !input.hasRemaining()) {
        return;
      }
      readHandshake(input, sink);
    }
    if (streaming > 0 && input.hasRemaining()) {
      input.position(stream(input, input.position(), sink));
    }
  }

  /**
   * The quick way: the frames that lie whole in the input, or as much of them as has fields. The
   * small ones of which there are many come first: that they end so many bytes further is foreseen
   * by the processor, while it would have to wait for a sum with a length.
   */
  private void readWhole(ByteBuffer input, FrameSink sink) {
    int end = input.limit();
    int next = input.position();
    try {
      while (end - next >= HEAD && !stopped) {
        at = next;
        int length = input.getInt(next);
        int id = input.get(next + LENGTH_BYTES) & 0xff;
        int from = next + HEAD;
        if (length == BLOCK_LENGTH && end - from >= 12 && namesBlock(id)) {
          next += LENGTH_BYTES + BLOCK_LENGTH;
          deliverBlock(id, input.getLong(from), input.getInt(from + 8), sink);
        } else if (length == HAVE_LENGTH && id == MessageId.HAVE && end - from >= 4) {
          next += LENGTH_BYTES + HAVE_LENGTH;
          sink.have(input.getInt(from));
        } else if (length == 0) {
          next += LENGTH_BYTES;
          sink.keepAlive();
        } else {
          int fields = lengths.fields(input, next, id, length);
          if (end - next - LENGTH_BYTES < fields) {
            return;
          }
          next += LENGTH_BYTES + fields;
          deliver(input, from, id, length, sink);
          if (streaming > 0) {
            next = stream(input, next, sink);
          }
        }
      }
    } finally {
      input.limit(end).position(next);
    }
  }

  /** The slow way: a frame that begins at the end of the input and is cut there. */
  private void readCut(ByteBuffer input, FrameSink sink) {
    if (input.hasRemaining() && !stopped) {
      begin(input, LENGTH_BYTES);
      ByteBuffer bytes = spare;
      spare = null;
      if (bytes == null) {
        bytes = ByteBuffer.allocate(SMALL);
      }
      carry = bytes.clear().limit(LENGTH_BYTES);
      collect(bytes, input, sink);
    }
  }

  /** Carries a frame on as far as the input reaches; once its fields are there, it is delivered. */
  private void collect(ByteBuffer carried, ByteBuffer input, FrameSink sink) {
    ByteBuffer bytes = carried;
    do {
      bytes = fill(bytes, input);
      if (setAside() + bytes.position() < needed) {
        return;
      }
    } while (needsMore(bytes));
    carry = null;
    if (bytes.capacity() == SMALL) {
      spare = bytes;
    } else if (parts != null) {
      bytes = parts.join(bytes);
      parts = null;
    }
    source = bytes.flip();
    if (frameLength == 0) {
      sink.keepAlive();
    } else {
      deliver(bytes, HEAD, frameId, frameLength, sink);
    }
  }

  /** Looks at the length and then at the id, each as soon as it is there. */
  private boolean needsMore(ByteBuffer bytes) {
    int more = needed;
    if (needed == LENGTH_BYTES) {
      frameLength = bytes.getInt(0);
      lengths.check(bytes, 0, frameLength);
      more = frameLength == 0 ? LENGTH_BYTES : HEAD;
    } else if (needed == HEAD) {
      frameId = bytes.get(LENGTH_BYTES) & 0xff;
      more = LENGTH_BYTES + lengths.fields(bytes, 0, frameId, frameLength);
    }
    boolean needs = more > needed;
    if (needs) {
      needed = more;
      bytes.limit(Math.min(needed, bytes.capacity()));
    }
    return needs;
  }

  /** Appends what is needed and there to the carried bytes, in another buffer if must be. */
  private ByteBuffer fill(ByteBuffer carried, ByteBuffer input) {
    ByteBuffer bytes = carried;
    int take = Math.min(needed - setAside() - bytes.position(), input.remaining());
    if (bytes.remaining() < take) {
      if (bytes.capacity() == SMALL) {
        int capacity = Math.min(needed, bytes.position() + take + GROWTH);
        spare = bytes;
        bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
      } else {
        take -= bytes.remaining();
        move(input, bytes.remaining(), bytes);
        bytes = ByteBuffer.allocate(Math.min(needed - setAside(bytes), take + GROWTH));
      }
      carry = bytes;
    }
    move(input, take, bytes);
    return bytes;
  }

  private int setAside(ByteBuffer full) {
    Parts all = parts;
    if (all == null) {
      all = new Parts();
      parts = all;
    }
    all.add(full);
    return all.size();
  }

  private static void move(ByteBuffer input, int length, ByteBuffer target) {
    if (length < Long.BYTES) {
      for (int i = 0; i < length; i++) {
        target.put(input.get());
      }
    } else {
      int from = input.position();
      int to = target.position();
      target.put(to, input, from, length).position(to + length);
      input.position(from + length);
    }
  }

  /** Whether the message has the three fields that name a block, and nothing else. */
  private static boolean namesBlock(int id) {
    return id == MessageId.REQUEST || id == MessageId.CANCEL || id == MessageId.REJECT_REQUEST;
  }

  /**
   * Calls the sink, with fields and not with bytes: as they are read where the frame is, what the
   * reader knows of the input there need not be looked up again.
   *
   * @param place piece and begin
   */
  private static void deliverBlock(int id, long place, int length, FrameSink sink) {
    int piece = (int) (place >>> Integer.SIZE);
    int begin = (int) place;
    switch (id) {
      case MessageId.REQUEST -> sink.request(piece, begin, length);
      case MessageId.CANCEL -> sink.cancel(piece, begin, length);
      default -> sink.rejectRequest(piece, begin, length);
    }
  }

  /**
   * Calls the sink.
   *
   * @param from where the frame's fields begin, behind the id; all of them are there
   */
  private void deliver(ByteBuffer bytes, int from, int id, int length, FrameSink sink) {
    int limit = bytes.limit();
    switch (id) {
      case MessageId.CHOKE -> sink.choke();
      case MessageId.UNCHOKE -> sink.unchoke();
      case MessageId.INTERESTED -> sink.interested();
      case MessageId.NOT_INTERESTED -> sink.notInterested();
      case MessageId.HAVE -> sink.have(bytes.getInt(from));
      case MessageId.REQUEST, MessageId.CANCEL, MessageId.REJECT_REQUEST ->
          deliverBlock(id, bytes.getLong(from), bytes.getInt(from + 8), sink);
      case MessageId.PIECE -> {
        streaming = length - MessageId.PIECE_HEADER;
        sink.piece(bytes.getInt(from), bytes.getInt(from + 4), streaming);
      }
      case MessageId.PORT -> sink.port(bytes.getChar(from));
      case MessageId.SUGGEST_PIECE -> sink.suggestPiece(bytes.getInt(from));
      case MessageId.HAVE_ALL -> sink.haveAll();
      case MessageId.HAVE_NONE -> sink.haveNone();
      case MessageId.ALLOWED_FAST -> sink.allowedFast(bytes.getInt(from));
      case MessageId.BITFIELD -> sink.bitfield(enclose(bytes, from, length - 1));
      case MessageId.EXTENDED ->
          sink.extended(bytes.get(from) & 0xff, enclose(bytes, from + 1, length - 2));
      default -> {
        if (id >= MessageId.HASH_REQUEST && id <= MessageId.HASH_REJECT && lengths.reads(id)) {
          deliverHashes(bytes, from, id, length, sink);
        } else {
          streaming = length - 1;
          sink.unknown(id, streaming);
        }
      }
    }
    bytes.limit(limit);
  }

  private static void deliverHashes(
      ByteBuffer bytes, int from, int id, int length, FrameSink sink) {
    HashRange range =
        new HashRange(
            bytes.slice(from, HashRange.HASH_LENGTH),
            bytes.getInt(from + 32),
            bytes.getInt(from + 36),
            bytes.getInt(from + 40),
            bytes.getInt(from + 44));
    switch (id) {
      case MessageId.HASH_REQUEST -> sink.hashRequest(range);
      case MessageId.HASHES ->
          sink.hashes(
              range, enclose(bytes, from + HashRange.LENGTH, length - MessageId.HASHES_HEADER));
      default -> sink.hashReject(range);
    }
  }

  /**
   * Hands on as much of a block or unknown payload as is there.
   *
   * @return where it ends
   */
  private int stream(ByteBuffer input, int from, FrameSink sink) {
    int limit = input.limit();
    int part = Math.min(streaming, limit - from);
    if (part > 0) {
      streaming -= part;
      shownFrom = from;
      sink.bytes(enclose(input, from, part));
      input.limit(limit);
    }
    return from + part;
  }

  private static ByteBuffer enclose(ByteBuffer bytes, int from, int length) {
    return bytes.limit(from + length).position(from);
  }

  private void readHandshake(ByteBuffer input, FrameSink sink) {
    ByteBuffer bytes = carry;
    if (bytes == null) {
      begin(input, handshaken == 0 ? INFO_HASH_END : HANDSHAKE_END - INFO_HASH_END);
      bytes = ByteBuffer.allocate(needed);
      carry = bytes;
    }
    while (input.hasRemaining() && bytes.position() < needed) {
      byte next = input.get();
      int index = bytes.position();
      bytes.put(next);
      if (handshaken == 0 && index < PROTOCOL.length && next != PROTOCOL[index]) {
        String detail = "byte " + index + " of the handshake is another";
        throw FrameLengths.refuse(bytes.flip(), 0, -1, Violation.HANDSHAKE_PROTOCOL, detail);
      }
    }
    if (bytes.position() < needed) {
      return;
    }
    carry = null;
    source = bytes.flip();
    if (handshaken == 0) {
      handshaken = INFO_HASH_END;
      sink.infoHash(bytes.getLong(20), InfoHash.readFrom(bytes.position(28)));
    } else {
      handshaken = HANDSHAKE_END;
      sink.peerId(PeerId.readFrom(bytes));
    }
    source = input;
  }

  /** A frame begins at the input's position and is to be collected. */
  private void begin(ByteBuffer input, int upTo) {
    frameStart = base + input.position();
    frameLength = 0;
    frameId = -1;
    at = -1;
    shownFrom = 0;
    needed = upTo;
  }
}
