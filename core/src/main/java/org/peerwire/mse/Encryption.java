package org.peerwire.mse;

/** What protects a connection. */
public enum Encryption {
  /** Nothing: plain BitTorrent from the first byte on. */
  NONE(0),
  /**
   * The handshake was encrypted, so that the protocol can't be told by its first bytes; what
   * follows is plaintext.
   */
  PLAINTEXT(1),
  /**
   * All is encrypted with RC4. It hides the protocol from a passer-by, and keeps no secret from
   * anyone who tries.
   */
  RC4(2);

  private final int bit;

  Encryption(int bit) {
    this.bit = bit;
  }

  /** What stands for it in crypto_provide and crypto_select. */
  int bit() {
    return bit;
  }
}
