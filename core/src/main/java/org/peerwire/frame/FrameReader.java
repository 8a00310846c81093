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
 * <p>At a frame boundary it holds nothing but, until {@link #trim}, some 200 bytes for the next
 * frame that is cut. Not thread-safe, and not to be called from inside a sink.
 */
public final class FrameReader {
  private static final byte[] PROTOCOL =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);
  private static final int INFO_HASH_END = 48;
  private static final int HANDSHAKE_END = 68;
  private static final int LENGTH_BYTES = 4;
  private static final int HEAD = LENGTH_BYTES + 1;

  // Without the four length bytes.
  private static final int HAVE_LENGTH = MessageId.fixedLength(MessageId.HAVE);
  private static final int BLOCK_LENGTH = MessageId.fixedLength(MessageId.REQUEST);

  private final FrameLimits limits;

  /** The length that a bitfield must have, or -1 if that is not known. */
  private int bitfieldLength = -1;

  /** How many bytes of the handshake are done: 0, 48 or 68. */
  private int handshaken;

  private boolean stopped;
  private long position;

  /** Null while there is none at hand, and there has been none for a while. */
  private @Nullable Frame frame;

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
    if (stopped) {
      return;
    }
    Frame frame = frame();
    frame.base = position - input.position();
    try {
      if (frame.carry != null && handshaken == HANDSHAKE_END) {
        collect(frame, frame.carry, input, sink);
      }
      // A peer may send a byte at a time: for one that only adds to a cut frame, that was all.
      if (input.hasRemaining()) {
        readOn(frame, input, sink);
      }
    } catch (FrameException e) {
      frame.id(e.id());
      stopped = true;
      throw e;
    } finally {
      position = frame.base + input.position();
      frame.source = null;
    }
  }

  /** Reads nothing more, from the next frame on. May be called from inside a sink. */
  public void stop() {
    stopped = true;
    if (frame != null) {
      frame.drop();
    }
  }

  /** Gives memory back that is not in use. */
  public void trim() {
    if (frame != null && frame.isIdle()) {
      frame = null;
    } else if (frame != null) {
      frame.trim();
    }
  }

  /** Whether part of a message has arrived and the rest has not. */
  public boolean inFrame() {
    return handshaken == INFO_HASH_END || (frame != null && frame.isCut());
  }

  /**
   * How many bytes of the message at hand are missing, as far as that is known; 0 at a boundary.
   */
  public int missing() {
    if (frame != null && frame.isCut()) {
      return frame.missing();
    }
    return handshaken == INFO_HASH_END ? HANDSHAKE_END - INFO_HASH_END : 0;
  }

  /** How many bytes of memory the message at hand takes; 0 at a boundary. */
  public int held() {
    return frame == null ? 0 : frame.held();
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
    return frame == null ? position : frame.start();
  }

  /**
   * The declared length of the message at hand, in bytes without the length itself; 0 until it is
   * known.
   */
  public int frameLength() {
    return frame == null ? 0 : frame.length();
  }

  /** The id of the message at hand, 0 to 255, or -1 if it has none. */
  public int frameId() {
    return frame == null ? -1 : frame.id();
  }

  /**
   * The first bytes of the message at hand as hexadecimal digits, at most 64 bytes; empty outside
   * of a sink.
   */
  public String context() {
    return frame == null ? "" : frame.context();
  }

  private Frame frame() {
    Frame made = frame;
    if (made == null) {
      made = new Frame(position);
      frame = made;
    }
    return made;
  }

  /** Reads what is no part of a frame that was cut. */
  private void readOn(Frame frame, ByteBuffer input, FrameSink sink) {
    ByteOrder order = input.order();
    int limit = input.limit();
    input.order(ByteOrder.BIG_ENDIAN);
    frame.source = input;
    try {
      readBegun(frame, input, sink);
      readWhole(frame, input, sink);
      readCut(frame, input, sink);
    } finally {
      frame.remember();
      input.limit(limit).order(order);
    }
  }

  /** Reads the handshake, and the rest of what streams through. */
  private void readBegun(Frame frame, ByteBuffer input, FrameSink sink) {
    while (handshaken < HANDSHAKE_END) {
      if (stopped || !input.hasRemaining()) {
        return;
      }
      readHandshake(frame, input, sink);
    }
    if (frame.streaming > 0 && input.hasRemaining()) {
      input.position(stream(frame, input, input.position(), sink));
    }
  }

  /**
   * The quick way: the frames that lie whole in the input, or as much of them as has fields. The
   * small ones of which there are many come first: that they end so many bytes further is foreseen
   * by the processor, while it would have to wait for a sum with a length.
   */
  private void readWhole(Frame frame, ByteBuffer input, FrameSink sink) {
    int end = input.limit();
    int next = input.position();
    try {
      while (end - next >= HEAD && !stopped) {
        frame.at = next;
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
          int fields = fields(input, next, id, length);
          if (end - next - LENGTH_BYTES < fields) {
            return;
          }
          next += LENGTH_BYTES + fields;
          deliver(frame, input, from, id, length, sink);
          if (frame.streaming > 0) {
            next = stream(frame, input, next, sink);
          }
        }
      }
    } finally {
      input.limit(end).position(next);
    }
  }

  /** The slow way: a frame that begins at the end of the input and is cut there. */
  private void readCut(Frame frame, ByteBuffer input, FrameSink sink) {
    if (input.hasRemaining() && !stopped) {
      ByteBuffer bytes = frame.collect(input.position(), LENGTH_BYTES);
      collect(frame, bytes, input, sink);
    }
  }

  /** Carries a frame on as far as the input reaches; once its fields are there, it is delivered. */
  private void collect(Frame frame, ByteBuffer carried, ByteBuffer input, FrameSink sink) {
    ByteBuffer bytes = carried;
    do {
      bytes = frame.fill(bytes, input);
      if (!frame.hasNeeded(bytes)) {
        return;
      }
    } while (needsMore(frame, bytes));
    bytes = frame.collected(bytes);
    if (frame.length() == 0) {
      sink.keepAlive();
    } else {
      deliver(frame, bytes, HEAD, frame.id(), frame.length(), sink);
    }
  }

  /** Looks at the length and then at the id, each as soon as it is there. */
  private boolean needsMore(Frame frame, ByteBuffer bytes) {
    int needed = frame.needed;
    int more = needed;
    if (needed == LENGTH_BYTES) {
      int length = bytes.getInt(0);
      frame.length(length);
      FrameLengths.check(limits, bytes, 0, length);
      more = length == 0 ? LENGTH_BYTES : HEAD;
    } else if (needed == HEAD) {
      int id = bytes.get(LENGTH_BYTES) & 0xff;
      frame.id(id);
      more = LENGTH_BYTES + fields(bytes, 0, id, frame.length());
    }
    boolean needs = more > needed;
    if (needs) {
      frame.need(more, bytes);
    }
    return needs;
  }

  /**
   * Checks the length of a frame.
   *
   * @param index where it begins
   * @return how many of its bytes, from the id on, must be there for its fields to be read
   */
  private int fields(ByteBuffer source, int index, int id, int length) {
    if (id == MessageId.BITFIELD && bitfieldLength >= 0) {
      FrameLengths.checkBitfield(limits, source, index, length, bitfieldLength);
    }
    return FrameLengths.fields(limits, source, index, id, length);
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
  private void deliver(
      Frame frame, ByteBuffer bytes, int from, int id, int length, FrameSink sink) {
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
        frame.streaming = length - MessageId.PIECE_HEADER;
        sink.piece(bytes.getInt(from), bytes.getInt(from + 4), frame.streaming);
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
        if (id >= MessageId.HASH_REQUEST
            && id <= MessageId.HASH_REJECT
            && FrameLengths.reads(limits, id)) {
          deliverHashes(bytes, from, id, length, sink);
        } else {
          frame.streaming = length - 1;
          sink.unknown(id, frame.streaming);
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
  private static int stream(Frame frame, ByteBuffer input, int from, FrameSink sink) {
    int limit = input.limit();
    int part = Math.min(frame.streaming, limit - from);
    if (part > 0) {
      frame.streaming -= part;
      frame.shownFrom = from;
      sink.bytes(enclose(input, from, part));
      input.limit(limit);
    }
    return from + part;
  }

  private static ByteBuffer enclose(ByteBuffer bytes, int from, int length) {
    return bytes.limit(from + length).position(from);
  }

  private void readHandshake(Frame frame, ByteBuffer input, FrameSink sink) {
    ByteBuffer bytes = frame.carry;
    if (bytes == null) {
      int half = handshaken == 0 ? INFO_HASH_END : HANDSHAKE_END - INFO_HASH_END;
      bytes = frame.collect(input.position(), half);
    }
    while (input.hasRemaining() && bytes.hasRemaining()) {
      byte next = input.get();
      int index = bytes.position();
      bytes.put(next);
      if (handshaken == 0 && index < PROTOCOL.length && next != PROTOCOL[index]) {
        String detail = "byte " + index + " of the handshake is another";
        throw FrameLengths.refuse(bytes.flip(), 0, -1, Violation.HANDSHAKE_PROTOCOL, detail);
      }
    }
    if (bytes.hasRemaining()) {
      return;
    }
    frame.collected(bytes);
    if (handshaken == 0) {
      handshaken = INFO_HASH_END;
      sink.infoHash(bytes.getLong(20), InfoHash.readFrom(bytes.position(28)));
    } else {
      handshaken = HANDSHAKE_END;
      sink.peerId(PeerId.readFrom(bytes));
    }
    frame.source = input;
  }
}
