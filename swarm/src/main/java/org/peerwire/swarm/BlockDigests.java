package org.peerwire.swarm;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.peerwire.Block;

/**
 * The SHA-256 of each block of a piece, as it was received. When a piece is wrong and is right the
 * second time, they tell which blocks were wrong, and so who sent them. Immutable.
 */
public final class BlockDigests {
  private final List<byte[]> digests;

  private BlockDigests(List<byte[]> digests) {
    this.digests = digests;
  }

  /**
   * Hashes the blocks of a piece.
   *
   * @param piece the whole piece, from its position to its limit; its position stays
   */
  public static BlockDigests of(ByteBuffer piece) {
    MessageDigest hash = sha256();
    List<byte[]> digests = new ArrayList<>();
    ByteBuffer bytes = piece.duplicate();
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + Block.LENGTH));
      hash.update(bytes);
      digests.add(hash.digest());
    }
    return new BlockDigests(digests);
  }

  /** How many blocks there are. */
  public int size() {
    return digests.size();
  }

  /**
   * Whether a block is the same in both.
   *
   * @param block index of the 16 KiB block inside the piece, from 0
   */
  public boolean sameBlock(BlockDigests other, int block) {
    return block < size()
        && block < other.size()
        && Arrays.equals(digests.get(block), other.digests.get(block));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
