package org.peerwire.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
 *   bitfield, extended,   the whole of it, in a buffer that is never more than 4 KiB larger
 *   hashes                  than what has arrived
 *   piece, unknown        4 length bytes, id and the fields before the payload; the payload streams through
 * </pre>
 *
 * <p>At a frame boundary it holds no buffer. Not thread-safe, and not to be called from inside a
 * sink.
 */
public final class FrameReader {
  private static final byte[] PROTOCOL =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);
  private static final int INFO_HASH_END = 48;
  private static final int HANDSHAKE_END = 68;
  private static final int LENGTH_BYTES = 4;
  private static final int HEAD = LENGTH_BYTES + 1;

  /** Four KiB, the buffer itself included. */
  private static final int GROWTH = 4096 - 128;

  private static final int SMALL = 64;
  private static final int CONTEXT = 64;
  private static final int UNREAD = -1;

  private final FrameLimits limits;
  private int bitfieldLength = -1;

  /** How many bytes of the handshake are done: 0, 48 or 68. */
  private int handshaken;

  /** The bytes of the frame at hand that came with earlier input, from its first length byte on. */
  private @Nullable ByteBuffer carry;

  /**
   * How many bytes of the frame, from its first length byte, must be there before it can be read
   * further.
   */
  private int needed;

  /** How many bytes of a block or of an unknown message are still to stream through. */
  private int streaming;

  private long frameStart;
  private int frameLength;
  private long frames;
  private long position;
  private boolean stopped;

  // What a violation shows of the frame at hand; the source is set only while read() runs.
  private @Nullable ByteBuffer contextSource;
  private int contextStart;
  private int contextId = -1;

  /** A reader that expects a handshake first. */
  public FrameReader(FrameLimits limits) {
    this.limits = limits;
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
    bitfieldLength = PieceSet.bitfieldLength(pieces);
  }

  /**
   * Reads all of {@code input}, or up to the call in which the sink calls {@link #stop}.
   *
   * @param input its position moves; its content is not changed; it is not kept
   * @throws FrameException if the bytes are not a message that may be read. The reader is stopped
   *     then
   */
  public void read(ByteBuffer input, FrameSink sink) {
    ByteOrder order = input.order();
    input.order(ByteOrder.BIG_ENDIAN);
    int limit = input.limit();
    long before = position;
    int from = input.position();
    contextSource = input;
    try {
      while (!stopped && input.hasRemaining()) {
        position = before + input.position() - from;
        if (streaming > 0) {
          stream(input, sink);
        } else if (handshaken < HANDSHAKE_END) {
          readHandshake(input, sink);
        } else if (carry == null) {
          readInPlace(input, sink);
        } else {
          readCarried(carry, input, sink);
        }
      }
    } catch (FrameException e) {
      stopped = true;
      throw e;
    } finally {
      position = before + input.position() - from;
      input.limit(limit).order(order);
      contextSource = null;
    }
  }

  /** Reads nothing more, from the next frame on. May be called from inside a sink. */
  public void stop() {
    stopped = true;
    carry = null;
    streaming = 0;
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
      return needed - carry.position();
    }
    return handshaken == INFO_HASH_END ? HANDSHAKE_END - INFO_HASH_END : streaming;
  }

  /** How many bytes of memory the message at hand takes; 0 at a boundary. */
  public int held() {
    return carry == null ? 0 : carry.capacity();
  }

  /** How many messages have begun; tells one started frame from the next. */
  public long frames() {
    return frames;
  }

  /** How many bytes have been read. */
  public long position() {
    return position;
  }

  /** Where the message at hand begins, in bytes since the first one read. */
  public long frameStart() {
    return frameStart;
  }

  /**
   * The declared length of the message at hand, in bytes without the length itself; 0 until it is
   * known.
   */
  public int frameLength() {
    return frameLength;
  }

  /** The id of the message at hand, 0 to 255, or -1 if it has none. */
  public int frameId() {
    return contextId;
  }

  /**
   * The first bytes of the message at hand as hexadecimal digits, at most 64 bytes; empty outside
   * of a sink.
   */
  public String context() {
    ByteBuffer source = contextSource;
    return source == null ? "" : context(source, contextStart);
  }

  private void readHandshake(ByteBuffer input, FrameSink sink) {
    if (carry == null) {
      begin(-1);
      carry = ByteBuffer.allocate(HANDSHAKE_END - handshaken);
      needed = handshaken == 0 ? INFO_HASH_END : HANDSHAKE_END - INFO_HASH_END;
    }
    ByteBuffer bytes = carry;
    while (input.hasRemaining() && bytes.position() < needed) {
      byte next = input.get();
      bytes.put(next);
      int at = bytes.position() - 1;
      if (handshaken == 0 && at < PROTOCOL.length && next != PROTOCOL[at]) {
        String detail = "byte " + at + " of the handshake is another";
        throw refuse(bytes.flip(), 0, -1, Violation.HANDSHAKE_PROTOCOL, detail);
      }
    }
    if (bytes.position() < needed) {
      return;
    }
    carry = null;
    bytes.flip();
    contextSource = bytes;
    contextStart = 0;
    if (handshaken == 0) {
      handshaken = INFO_HASH_END;
      sink.infoHash(bytes.getLong(20), InfoHash.readFrom(bytes.position(28)));
    } else {
      handshaken = HANDSHAKE_END;
      sink.peerId(PeerId.readFrom(bytes));
    }
    contextSource = input;
  }

  /** The quick way: a frame that begins in this input, and mostly ends in it. */
  private void readInPlace(ByteBuffer input, FrameSink sink) {
    int at = input.position();
    int available = input.remaining();
    frameStart = position;
    frameLength = 0;
    frames++;
    if (available < LENGTH_BYTES) {
      carryOver(input, LENGTH_BYTES);
      return;
    }
    int length = input.getInt(at);
    if (length == 0) {
      input.position(at + LENGTH_BYTES);
      contextStart = at;
      contextId = -1;
      sink.keepAlive();
      return;
    }
    if (Integer.compareUnsigned(length, limits.frame()) > 0) {
      throw tooLarge(input, at, length);
    }
    frameLength = length;
    if (available < HEAD) {
      carryOver(input, HEAD);
      return;
    }
    int id = input.get(at + LENGTH_BYTES) & 0xff;
    int fields = check(input, at, id, length);
    if (available < LENGTH_BYTES + fields) {
      carryOver(input, LENGTH_BYTES + fields);
      return;
    }
    input.position(at + LENGTH_BYTES + fields);
    deliver(input, at, id, length, sink);
  }

  /** The slow way: fills the carried frame up to where it can be read further. */
  private void readCarried(ByteBuffer carried, ByteBuffer input, FrameSink sink) {
    ByteBuffer bytes = fill(carried, input);
    if (bytes.position() < needed) {
      return;
    }
    int length = bytes.getInt(0);
    if (needed == LENGTH_BYTES) {
      if (length == 0) {
        carry = null;
        sink.keepAlive();
        return;
      }
      if (Integer.compareUnsigned(length, limits.frame()) > 0) {
        throw tooLarge(bytes.flip(), 0, length);
      }
      frameLength = length;
      needed = HEAD;
      return;
    }
    int id = bytes.get(LENGTH_BYTES) & 0xff;
    int end = needed;
    if (needed == HEAD) {
      end = LENGTH_BYTES + check(bytes.duplicate().flip(), 0, id, length);
    }
    if (bytes.position() < end) {
      needed = end;
      return;
    }
    carry = null;
    contextSource = bytes.flip().position(end);
    deliver(bytes, 0, id, length, sink);
    contextSource = input;
  }

  /** Appends what is needed and there to the carried bytes, in a larger buffer if must be. */
  private ByteBuffer fill(ByteBuffer carried, ByteBuffer input) {
    ByteBuffer bytes = carried;
    int take = Math.min(needed - bytes.position(), input.remaining());
    if (bytes.remaining() < take) {
      int capacity = Math.min(needed, bytes.position() + take + GROWTH);
      bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
      carry = bytes;
    }
    int at = bytes.position();
    bytes.put(at, input, input.position(), take).position(at + take);
    input.position(input.position() + take);
    return bytes;
  }

  private void carryOver(ByteBuffer input, int upTo) {
    needed = upTo;
    carry = ByteBuffer.allocate(Math.min(Math.max(upTo, SMALL), input.remaining() + GROWTH));
    carry.put(input);
  }

  /**
   * Checks the length of a message against its kind.
   *
   * @return how many of its bytes, from the id on, must be there for its fields to be read
   */
  private int check(ByteBuffer source, int at, int id, int length) {
    if (!reads(id)) {
      return 1;
    }
    int fixed = MessageId.fixedLength(id);
    if (fixed != 0) {
      if (length != fixed) {
        throw wrongLength(source, at, id, length, "" + fixed);
      }
      return fixed;
    }
    int least =
        switch (id) {
          case MessageId.PIECE -> MessageId.PIECE_HEADER;
          case MessageId.EXTENDED -> 2;
          case MessageId.HASHES -> MessageId.HASHES_HEADER;
          default -> 1;
        };
    if (length < least) {
      throw wrongLength(source, at, id, length, "at least " + least);
    }
    switch (id) {
      case MessageId.PIECE -> {
        limit(source, at, id, length, least + limits.block(), Violation.BLOCK_LENGTH);
        return least;
      }
      case MessageId.BITFIELD -> {
        if (bitfieldLength >= 0 && length - 1 != bitfieldLength) {
          String detail = "a bitfield of " + (length - 1) + " bytes, expected " + bitfieldLength;
          throw refuse(source, at, id, Violation.BITFIELD_LENGTH, detail);
        }
        limit(source, at, id, length, least + limits.bitfield(), Violation.FRAME_TOO_LARGE);
      }
      case MessageId.EXTENDED ->
          limit(source, at, id, length, limits.extended(), Violation.FRAME_TOO_LARGE);
      case MessageId.HASHES -> {
        if ((length - least) % HashRange.HASH_LENGTH != 0) {
          throw wrongLength(source, at, id, length, "49 and a multiple of 32");
        }
        int largest = least + limits.hashes() * HashRange.HASH_LENGTH;
        limit(source, at, id, length, largest, Violation.FRAME_TOO_LARGE);
      }
      default -> {
        return 1;
      }
    }
    return length;
  }

  /**
   * Calls the sink; {@code source} stands behind the fields of the frame that begins at {@code at}.
   */
  private void deliver(ByteBuffer source, int at, int id, int length, FrameSink sink) {
    contextStart = at;
    contextId = id;
    int end = source.position();
    int limit = source.limit();
    int fields = at + HEAD;
    switch (reads(id) ? id : UNREAD) {
      case MessageId.CHOKE -> sink.choke();
      case MessageId.UNCHOKE -> sink.unchoke();
      case MessageId.INTERESTED -> sink.interested();
      case MessageId.NOT_INTERESTED -> sink.notInterested();
      case MessageId.HAVE -> sink.have(source.getInt(fields));
      case MessageId.REQUEST ->
          sink.request(source.getInt(fields), source.getInt(fields + 4), source.getInt(fields + 8));
      case MessageId.PIECE -> {
        streaming = length - MessageId.PIECE_HEADER;
        sink.piece(source.getInt(fields), source.getInt(fields + 4), streaming);
      }
      case MessageId.CANCEL ->
          sink.cancel(source.getInt(fields), source.getInt(fields + 4), source.getInt(fields + 8));
      case MessageId.PORT -> sink.port(source.getChar(fields));
      case MessageId.SUGGEST_PIECE -> sink.suggestPiece(source.getInt(fields));
      case MessageId.HAVE_ALL -> sink.haveAll();
      case MessageId.HAVE_NONE -> sink.haveNone();
      case MessageId.REJECT_REQUEST ->
          sink.rejectRequest(
              source.getInt(fields), source.getInt(fields + 4), source.getInt(fields + 8));
      case MessageId.ALLOWED_FAST -> sink.allowedFast(source.getInt(fields));
      case MessageId.BITFIELD -> {
        enclose(source, fields, length - 1);
        sink.bitfield(source);
      }
      case MessageId.EXTENDED -> {
        enclose(source, fields + 1, length - 2);
        sink.extended(source.get(fields) & 0xff, source);
      }
      case MessageId.HASH_REQUEST -> sink.hashRequest(range(source, fields));
      case MessageId.HASHES -> {
        HashRange range = range(source, fields);
        enclose(source, fields + HashRange.LENGTH, length - MessageId.HASHES_HEADER);
        sink.hashes(range, source);
      }
      case MessageId.HASH_REJECT -> sink.hashReject(range(source, fields));
      default -> {
        streaming = length - 1;
        sink.unknown(id, streaming);
      }
    }
    source.limit(limit).position(end);
  }

  /** Hands on as much of a block or unknown payload as is there. */
  private void stream(ByteBuffer input, FrameSink sink) {
    int at = input.position();
    int part = Math.min(streaming, input.remaining());
    int limit = input.limit();
    streaming -= part;
    input.limit(at + part);
    contextStart = at;
    sink.bytes(input);
    input.limit(limit).position(at + part);
  }

  private void begin(int id) {
    frameStart = position;
    frames++;
    contextId = id;
  }

  /** Whether the fields of this message are read, if it has any. */
  private boolean reads(int id) {
    return id < MessageId.HASH_REQUEST || limits.hashes() > 0;
  }

  private static void enclose(ByteBuffer source, int from, int length) {
    source.limit(from + length).position(from);
  }

  private static HashRange range(ByteBuffer source, int at) {
    return new HashRange(
        source.slice(at, HashRange.HASH_LENGTH),
        source.getInt(at + 32),
        source.getInt(at + 36),
        source.getInt(at + 40),
        source.getInt(at + 44));
  }

  private FrameException tooLarge(ByteBuffer source, int at, int length) {
    String detail = "length " + Integer.toUnsignedString(length) + ", at most " + limits.frame();
    return refuse(source, at, -1, Violation.FRAME_TOO_LARGE, detail);
  }

  private FrameException wrongLength(
      ByteBuffer source, int at, int id, int length, String expected) {
    String detail =
        MessageId.name(id) + " (id " + id + ") has length " + length + ", expected " + expected;
    return refuse(source, at, id, Violation.FRAME_LENGTH, detail);
  }

  private void limit(
      ByteBuffer source, int at, int id, int length, int largest, Violation violation) {
    if (length > largest) {
      String detail = MessageId.name(id) + " has length " + length + ", the limit is " + largest;
      throw refuse(source, at, id, violation, detail);
    }
  }

  private FrameException refuse(
      ByteBuffer source, int at, int id, Violation violation, String detail) {
    contextId = id;
    return new FrameException(violation, detail, context(source, at));
  }

  private static String context(ByteBuffer source, int at) {
    byte[] bytes = new byte[Math.min(CONTEXT, source.limit() - at)];
    source.get(at, bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
