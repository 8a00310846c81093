package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;

/** A row of hashes of equal size, one a piece: a view of the torrent's bytes. Immutable. */
public final class PieceHashes {
  private final ByteBuffer hashes;
  private final int size;

  /** Over the remaining bytes, a multiple of {@code size}. */
  PieceHashes(ByteBuffer hashes, int size) {
    this.hashes = hashes.slice().asReadOnlyBuffer();
    this.size = size;
  }

  /** How many hashes there are. */
  public int count() {
    return hashes.capacity() / size;
  }

  /** The size of one hash, in bytes: 20 for SHA-1, 32 for SHA-256. */
  public int hashSize() {
    return size;
  }

  /**
   * One hash: a read-only view.
   *
   * @param index 0 to {@link #count()} - 1
   * @throws IndexOutOfBoundsException if there is no such hash
   */
  public ByteBuffer get(int index) {
    return hashes.slice(checked(index) * size, size);
  }

  /**
   * Whether {@code digest} is this hash. Nothing is allocated.
   *
   * @param index 0 to {@link #count()} - 1
   * @throws IndexOutOfBoundsException if there is no such hash
   */
  public boolean matches(int index, byte[] digest) {
    int start = checked(index) * size;
    if (digest.length != size) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (hashes.get(start + i) != digest[i]) {
        return false;
      }
    }
    return true;
  }

  /** All hashes in one row: a read-only view. */
  public ByteBuffer bytes() {
    return hashes.duplicate();
  }

  private int checked(int index) {
    if (index < 0 || index >= count()) {
      throw new IndexOutOfBoundsException("hash " + index + " of " + count());
    }
    return index;
  }
}
