package org.peerwire.mse;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Our half of a key exchange. */
final class DiffieHellman {
  /**
   * The length of a public key and of the shared secret, in bytes: always, whatever zeros they
   * begin with.
   */
  static final int LENGTH = 96;

  /** Random bytes in a private key. */
  static final int PRIVATE = 20;

  static final BigInteger P =
      new BigInteger(
          "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
              + "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
              + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563",
          16);

  private static final BigInteger LARGEST = P.subtract(BigInteger.TWO);

  private @Nullable BigInteger privateKey;

  DiffieHellman(RandomSource random) {
    byte[] bytes = new byte[PRIVATE];
    random.nextBytes(bytes);
    // A bit above the random ones, so that no randomness, however poor, makes a key that everyone
    // refuses.
    privateKey = new BigInteger(1, bytes).setBit(8 * PRIVATE);
    Arrays.fill(bytes, (byte) 0);
  }

  /** The key that the peer is sent. */
  byte[] publicKey() {
    return bytes(BigInteger.TWO.modPow(key(), P));
  }

  /**
   * The secret that both sides share.
   *
   * @param theirs a key for which {@link #isKey}
   */
  byte[] secret(byte[] theirs) {
    return bytes(new BigInteger(1, theirs).modPow(key(), P));
  }

  /**
   * Whether that is a public key. 0, 1 and P-1 are not: the secret would be one of these, and known
   * to all. Nor is what is not below P.
   */
  static boolean isKey(byte[] bytes) {
    BigInteger value = new BigInteger(1, bytes);
    return value.compareTo(BigInteger.TWO) >= 0 && value.compareTo(LARGEST) <= 0;
  }

  /**
   * Lets go of the private key. A BigInteger can't be overwritten; it is left to the garbage
   * collector.
   */
  void wipe() {
    privateKey = null;
  }

  private BigInteger key() {
    BigInteger key = privateKey;
    if (key == null) {
      throw new IllegalStateException("the key is gone");
    }
    return key;
  }

  private static byte[] bytes(BigInteger value) {
    byte[] digits = value.toByteArray();
    byte[] bytes = new byte[LENGTH];
    // The digits may be fewer, or one more: a zero for the sign.
    int count = Math.min(digits.length, LENGTH);
    System.arraycopy(digits, digits.length - count, bytes, LENGTH - count, count);
    Arrays.fill(digits, (byte) 0);
    return bytes;
  }
}
