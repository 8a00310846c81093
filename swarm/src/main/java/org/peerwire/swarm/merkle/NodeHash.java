package org.peerwire.swarm.merkle;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.peerwire.HashRange;

/** Hashes nodes, without garbage. For one thread at a time. */
final class NodeHash {
  static final int SIZE = HashRange.HASH_LENGTH;

  /** No length of a file makes a tree higher than this. */
  static final int MAX_HEIGHT = 49;

  /** For each layer, the node over nothing but padding, one after the other. */
  private static final byte[] PADS = pads();

  private final MessageDigest sha256 = sha256();

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] pads() {
    byte[] pads = new byte[(MAX_HEIGHT + 1) * SIZE];
    MessageDigest sha256 = sha256();
    for (int layer = 1; layer <= MAX_HEIGHT; layer++) {
      sha256.update(pads, (layer - 1) * SIZE, SIZE);
      sha256.update(pads, (layer - 1) * SIZE, SIZE);
      end(sha256, pads, layer * SIZE);
    }
    return pads;
  }

  static void end(MessageDigest sha256, byte[] target, int at) {
    try {
      sha256.digest(target, at, SIZE);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
  }

  static void putPad(int layer, byte[] target, int at) {
    System.arraycopy(PADS, layer * SIZE, target, at, SIZE);
  }

  /** The parent of two nodes; it may take the place of either. */
  void parent(byte[] left, int leftAt, byte[] right, int rightAt, byte[] target, int at) {
    sha256.update(left, leftAt, SIZE);
    sha256.update(right, rightAt, SIZE);
    end(sha256, target, at);
  }

  /** The parent of a node with padding to its right. */
  void parentOfLast(byte[] left, int leftAt, int layer, byte[] target, int at) {
    parent(left, leftAt, PADS, layer * SIZE, target, at);
  }

  /**
   * The parents of a row of nodes, one after the other; they may take the place of the row.
   *
   * @param layer of the row
   * @param count of nodes in it
   * @return how many parents there are
   */
  int parents(byte[] row, int layer, int count, byte[] target) {
    int pairs = count / 2;
    for (int i = 0; i < pairs; i++) {
      parent(row, 2 * i * SIZE, row, (2 * i + 1) * SIZE, target, i * SIZE);
    }
    if (count % 2 == 0) {
      return pairs;
    }
    parentOfLast(row, (count - 1) * SIZE, layer, target, pairs * SIZE);
    return pairs + 1;
  }
}
