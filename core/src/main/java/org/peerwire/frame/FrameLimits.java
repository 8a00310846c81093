package org.peerwire.frame;

import org.peerwire.Block;
import org.peerwire.PieceSet;

/**
 * The largest messages that a {@link FrameReader} reads. They bound what the declared length of a
 * message can cost; no memory is taken before the bytes arrive.
 *
 * @param frame the length of any message, in bytes, from 1. Checked as soon as the four length
 *     bytes are in. It bounds the messages of unknown kind, which are skipped without being held.
 *     Default 1 MiB
 * @param block the length of a block, in bytes, from 1. Default 16 KiB, what every client asks for
 * @param bitfield the payload of a bitfield as long as the number of pieces is unknown, in bytes,
 *     from 1. Default 524,288
 * @param extended the length of an extended message with its id bytes, in bytes, from 2. Default
 *     128 KiB
 * @param hashes how many hashes one message may hold. Default 8,192 and 31 uncles. 0: the messages
 *     about hashes are unknown ones
 */
public record FrameLimits(int frame, int block, int bitfield, int extended, int hashes) {
  /** The defaults. */
  public static final FrameLimits DEFAULT =
      new FrameLimits(
          1 << 20, Block.LENGTH, PieceSet.bitfieldLength(PieceSet.MAX_SIZE), 1 << 17, 8192 + 31);

  /**
   * @throws IllegalArgumentException if a limit is below its range, or {@code frame} below another
   *     one
   */
  public FrameLimits {
    if (block < 1 || bitfield < 1 || extended < 2 || hashes < 0) {
      throw new IllegalArgumentException("a limit is below its range");
    }
    long largest =
        Math.max(
            Math.max((long) MessageId.PIECE_HEADER + block, 1L + bitfield),
            Math.max(extended, MessageId.HASHES_HEADER + 32L * hashes));
    if (frame < largest) {
      throw new IllegalArgumentException("frames of " + frame + " bytes can't hold " + largest);
    }
  }

  /** These limits with another one for blocks; that of any message grows with it where it must. */
  public FrameLimits withBlock(int length) {
    return new FrameLimits(
        Math.max(frame, MessageId.PIECE_HEADER + length), length, bitfield, extended, hashes);
  }

  /** These limits for a torrent without v2 hashes: the messages about them are unknown ones. */
  public FrameLimits withoutHashes() {
    return new FrameLimits(frame, block, bitfield, extended, 0);
  }
}
