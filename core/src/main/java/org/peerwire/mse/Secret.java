package org.peerwire.mse;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.peerwire.InfoHash;

/** The shared secret, S in the specification, and what is derived from it. */
final class Secret {
  /** The length of every hash here, in bytes. */
  static final int HASH = 20;

  /** The beginning of RC4's key stream tells of the key, so it is left out. */
  private static final int DISCARDED = 1024;

  private final byte[] bytes;

  /** Takes {@code bytes} over. */
  Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Marks the end of the initiator's first padding. */
  byte[] req1() {
    return hash("req1", bytes);
  }

  /** What stands for a torrent. */
  static byte[] req2(InfoHash infoHash) {
    return hash("req2", infoHash.toBytes());
  }

  /** What stands for the torrent on the wire; and back. */
  byte[] mask(byte[] req2) {
    byte[] masked = hash("req3", bytes);
    for (int n = 0; n < HASH; n++) {
      masked[n] ^= req2[n];
    }
    return masked;
  }

  /** The cipher of what the initiator sends. */
  Rc4 initiatorCipher(InfoHash infoHash) {
    return cipher("keyA", infoHash);
  }

  /** The cipher of what the acceptor sends. */
  Rc4 acceptorCipher(InfoHash infoHash) {
    return cipher("keyB", infoHash);
  }

  void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }

  private Rc4 cipher(String name, InfoHash infoHash) {
    byte[] key = hash(name, bytes, infoHash.toBytes());
    Rc4 cipher = new Rc4(key);
    Arrays.fill(key, (byte) 0);
    cipher.skip(DISCARDED);
    return cipher;
  }

  private static byte[] hash(String name, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(name.getBytes(StandardCharsets.US_ASCII));
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-1
    }
  }
}
