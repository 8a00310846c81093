package org.peerwire.frame;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.peerwire.HashRange;
import org.peerwire.Violation;

/**
 * Which length each kind of message may have, and how much of it must be there to read its fields.
 */
final class FrameLengths {
  private static final int CONTEXT = 64;

  /** The length of the ids that have a fixed one and are always known, 0 for all others. */
  private static final byte[] FIXED = new byte[256];

  static {
    for (int id = 0; id < MessageId.HASH_REQUEST; id++) {
      FIXED[id] = (byte) MessageId.fixedLength(id);
    }
  }

  private FrameLengths() {}

  /** Whether the fields of this message are read, if it has any. */
  static boolean reads(FrameLimits limits, int id) {
    return id < MessageId.HASH_REQUEST || limits.hashes() > 0;
  }

  /**
   * Checks the length of a frame alone.
   *
   * @param length unsigned
   */
  static void check(FrameLimits limits, ByteBuffer source, int at, int length) {
    if (Integer.compareUnsigned(length, limits.frame()) > 0) {
      String detail = "length " + Integer.toUnsignedString(length) + ", at most " + limits.frame();
      throw refuse(source, at, -1, Violation.FRAME_TOO_LARGE, detail);
    }
  }

  /**
   * Checks the length of a frame, and against its kind.
   *
   * @param source where the frame begins at {@code at}; shown in a refusal
   * @param id 0 to 255
   * @return how many of its bytes, from the id on, must be there for its fields to be read
   */
  static int fields(FrameLimits limits, ByteBuffer source, int at, int id, int length) {
    return length == FIXED[id] ? length : rareFields(limits, source, at, id, length);
  }

  private static int rareFields(FrameLimits limits, ByteBuffer source, int at, int id, int length) {
    check(limits, source, at, length);
    if (!reads(limits, id)) {
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
      case MessageId.BITFIELD ->
          limit(source, at, id, length, least + limits.bitfield(), Violation.FRAME_TOO_LARGE);
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
   * Checks the length of a bitfield.
   *
   * @param expected in bytes, of the bits alone
   */
  static void checkBitfield(
      FrameLimits limits, ByteBuffer source, int at, int length, int expected) {
    check(limits, source, at, length);
    if (length - 1 != expected) {
      String detail = "a bitfield of " + (length - 1) + " bytes, expected " + expected;
      throw refuse(source, at, MessageId.BITFIELD, Violation.BITFIELD_LENGTH, detail);
    }
  }

  private static FrameException wrongLength(
      ByteBuffer source, int at, int id, int length, String expected) {
    String detail =
        MessageId.name(id) + " (id " + id + ") has length " + length + ", expected " + expected;
    return refuse(source, at, id, Violation.FRAME_LENGTH, detail);
  }

  private static void limit(
      ByteBuffer source, int at, int id, int length, int largest, Violation violation) {
    if (length > largest) {
      String detail = MessageId.name(id) + " has length " + length + ", the limit is " + largest;
      throw refuse(source, at, id, violation, detail);
    }
  }

  static FrameException refuse(
      ByteBuffer source, int at, int id, Violation violation, String detail) {
    return new FrameException(violation, detail, id, context(source, at));
  }

  /** The first bytes from {@code at} on, at most 64, as hexadecimal digits. */
  static String context(ByteBuffer source, int at) {
    byte[] bytes = new byte[Math.min(CONTEXT, source.limit() - at)];
    source.get(at, bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
