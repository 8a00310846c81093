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
}
