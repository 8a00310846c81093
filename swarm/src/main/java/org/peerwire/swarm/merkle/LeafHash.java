package org.peerwire.swarm.merkle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Hashes data into leaves. For one thread at a time. */
public final class LeafHash {
  private final MessageDigest sha256 = NodeHash.sha256();

  /** Ready for any data. */
  public LeafHash() {}

  /**
   * Appends the hash of each 16 KiB, and of what is left, to {@code target}.
   *
   * @param data from a leaf's first byte on; its position moves to its limit
   */
  public void put(ByteBuffer data, ByteArrayOutputStream target) {
    int end = data.limit();
    while (data.position() < end) {
      data.limit(Math.min(end, data.position() + TreeShape.LEAF));
      sha256.update(data);
      target.writeBytes(sha256.digest());
    }
    data.limit(end);
  }
}
