package org.peerwire.swarm.metainfo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two hash functions of BitTorrent, which every Java platform has. */
final class Digests {
  /** To be copied: to look one up among all providers takes longer than to hash a block's tenth. */
  private static final MessageDigest SHA_1 = digest("SHA-1");

  private static final MessageDigest SHA_256 = digest("SHA-256");

  private Digests() {}

  static MessageDigest sha1() {
    return copy(SHA_1);
  }

  static MessageDigest sha256() {
    return copy(SHA_256);
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      // A provider's of another make.
      return digest(digest.getAlgorithm());
    }
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
