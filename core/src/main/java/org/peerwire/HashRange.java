package org.peerwire;

import java.nio.ByteBuffer;

/**
 * Which hashes of a v2 file's Merkle tree a message speaks of (<a
 * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>). The numbers are unsigned and
 * unchecked here.
 *
 * @param piecesRoot the 32 bytes that name the file; read-only, copied on construction
 * @param baseLayer the lowest layer asked for; 0 is the layer of the leaves
 * @param index of the first hash in that layer
 * @param length how many hashes of that layer
 * @param proofLayers how many layers of uncle hashes are to follow
 */
public record HashRange(
    ByteBuffer piecesRoot, int baseLayer, int index, int length, int proofLayers) {
  /** The length of one hash, in bytes. */
  public static final int HASH_LENGTH = 32;

  /** The length of a range on the wire, in bytes. */
  public static final int LENGTH = HASH_LENGTH + 4 * Integer.BYTES;

  /** The most hashes of the base layer in one range. */
  public static final int MAX_LENGTH = 8_192;

  /** No file is so long that its tree has this many layers. */
  private static final int TOO_MANY_LAYERS = 64;

  /**
   * @throws IllegalArgumentException if the root does not have 32 bytes
   */
  public HashRange {
    if (piecesRoot.remaining() != HASH_LENGTH) {
      throw new IllegalArgumentException("a pieces root has " + piecesRoot.remaining() + " bytes");
    }
    piecesRoot =
        ByteBuffer.allocate(HASH_LENGTH).put(piecesRoot.duplicate()).flip().asReadOnlyBuffer();
  }

  /**
   * Whether the numbers make sense together: the length is a power of two from 2 to {@link
   * #MAX_LENGTH}, the index a multiple of it, and the layers are few. Whether a tree has such a
   * range is for its torrent to say.
   */
  public boolean isWellFormed() {
    return length >= 2
        && length <= MAX_LENGTH
        && Integer.bitCount(length) == 1
        && (index & (length - 1)) == 0
        && baseLayer >= 0
        && baseLayer < TOO_MANY_LAYERS
        && proofLayers >= 0
        && proofLayers < TOO_MANY_LAYERS;
  }

  /**
   * How many hashes answer it: those of the base layer, and an uncle for each proof layer that they
   * do not cover themselves.
   *
   * @throws IllegalStateException if it is not {@linkplain #isWellFormed well-formed}
   */
  public int hashCount() {
    if (!isWellFormed()) {
      throw new IllegalStateException("not a range of hashes: " + this);
    }
    return length + Math.max(0, proofLayers + 1 - Integer.numberOfTrailingZeros(length));
  }
}
