package org.peerwire.frame;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The message that a {@link FrameReader} has at hand: where it lies, and of one that is cut what
 * came of it. There is one as long as anything is read; it is used again for each message.
 *
 * <p>Of a frame that lies whole in the input only its place is noted, for that is all that happens
 * millions of times a second; the rest is looked up there if someone asks.
 */
final class Frame {
  private static final int LENGTH_BYTES = 4;
  private static final int SMALL = 64;

  /** Four KiB, less what this, the buffer and the small one before it are beside their bytes. */
  private static final int GROWTH = 4096 - 384;

  /** What is being read; set only while the reader reads. */
  @Nullable ByteBuffer source;

  /** The position, in bytes since the first one read, of what stands at index 0 of the source. */
  long base;

  /** The index in the source of the frame's first byte, or -1: then it began before. */
  int at = -1;

  /** For a frame that began before: the index in the source from which it is shown. */
  int shownFrom;

  private long start;
  private int length;
  private int id = -1;

  /** The bytes of the frame that came with earlier input, from its first length byte on. */
  @Nullable ByteBuffer carry;

  /** What came before the carry, of a long message. */
  private @Nullable Parts parts;

  /** A carry that is not in use, so that a stream of cut frames costs no garbage. */
  private @Nullable ByteBuffer spare;

  /**
   * How many bytes of the frame, from its first length byte, must be there before it can be read
   * further.
   */
  int needed;

  /** How many bytes of a block or of an unknown message are still to stream through. */
  int streaming;

  Frame(long position) {
    start = position;
  }

  /** Whether part of the frame has arrived and the rest has not. */
  boolean isCut() {
    return carry != null || streaming > 0;
  }

  /** How many bytes of it are missing, as far as that is known. */
  int missing() {
    return carry == null ? streaming : needed - setAside() - carry.position();
  }

  /** How many bytes of memory what came of it takes. */
  int held() {
    return carry == null ? 0 : setAside() + carry.capacity();
  }

  /** Whether all this is of no use until more is read. */
  boolean isIdle() {
    return source == null && !isCut();
  }

  /** Gives memory back that is not in use. */
  void trim() {
    spare = null;
  }

  /** Nothing more comes of it. */
  void drop() {
    carry = null;
    parts = null;
    spare = null;
    streaming = 0;
  }

  long start() {
    return at < 0 ? start : base + at;
  }

  int length() {
    ByteBuffer bytes = source;
    return at < 0 || bytes == null ? length : bytes.getInt(at);
  }

  int id() {
    ByteBuffer bytes = source;
    if (at < 0 || bytes == null) {
      return id;
    }
    return bytes.getInt(at) == 0 ? -1 : bytes.get(at + LENGTH_BYTES) & 0xff;
  }

  String context() {
    ByteBuffer bytes = source;
    return bytes == null ? "" : FrameLengths.context(bytes, at < 0 ? shownFrom : at);
  }

  void length(int value) {
    length = value;
  }

  void id(int value) {
    id = value;
  }

  /** What is known of it, before the source in which it lies is left. */
  void remember() {
    if (at < 0) {
      return;
    }
    start = start();
    length = length();
    id = id();
    at = -1;
  }

  /**
   * It is to be collected.
   *
   * @param index where it begins in the source
   * @param upTo how many bytes are needed at first
   */
  ByteBuffer collect(int index, int upTo) {
    start = base + index;
    length = 0;
    id = -1;
    at = -1;
    shownFrom = 0;
    needed = upTo;
    ByteBuffer bytes = spare == null ? ByteBuffer.allocate(SMALL) : spare;
    spare = null;
    carry = bytes.clear().limit(upTo);
    return bytes;
  }

  /** Whether what is needed has been collected. */
  boolean hasNeeded(ByteBuffer bytes) {
    return setAside() + bytes.position() >= needed;
  }

  /** All of it has been collected: returns it in one piece. */
  ByteBuffer collected(ByteBuffer last) {
    ByteBuffer bytes = last;
    carry = null;
    if (parts != null) {
      bytes = parts.join(bytes);
      parts = null;
    } else if (bytes.capacity() == SMALL) {
      spare = bytes;
    }
    source = bytes.flip();
    return bytes;
  }

  /** So many bytes are needed before it can be read further. */
  void need(int count, ByteBuffer bytes) {
    needed = count;
    bytes.limit(Math.min(count, bytes.capacity()));
  }

  /** Appends what is needed and there to the carried bytes, in another buffer if must be. */
  ByteBuffer fill(ByteBuffer carried, ByteBuffer input) {
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

  private int setAside() {
    return parts == null ? 0 : parts.size();
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
}
