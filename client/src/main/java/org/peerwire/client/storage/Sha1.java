package org.peerwire.client.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of v1 pieces. */
public final class Sha1 {
  /** The length of a digest, in bytes. */
  public static final int LENGTH = 20;

  private Sha1() {}

  /** A new digest. */
  public static MessageDigest create() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
