package org.peerwire.mse;

/** Whether connections are encrypted. */
public enum EncryptionPolicy {
  /** Plaintext only: encrypted connections are neither made nor recognized. */
  OFF,
  /**
   * Dials encrypted, and whoever dials tries once more in plaintext if that fails ({@link
   * MseTransport#mayRetryInPlaintext}). Accepts both.
   */
  PREFER,
  /** Dials encrypted and refuses plaintext. */
  REQUIRE
}
