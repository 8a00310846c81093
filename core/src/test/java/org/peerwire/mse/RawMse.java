package org.peerwire.mse;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/**
 * The other end of an encrypted handshake, written once more and apart from the library, with the
 * JDK's RC4. It has no stages: a test says with it whatever it wants.
 */
final class RawMse {
  private static final BigInteger P =
      new BigInteger(
          "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
              + "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000000000090563",
          16);

  private final boolean initiator;
  private final BigInteger key = BigInteger.ONE.shiftLeft(170).add(BigInteger.valueOf(4711));
  private byte[] secret = {};
  private @Nullable Cipher out;
  private @Nullable Cipher in;

  RawMse(boolean initiator) {
    this.initiator = initiator;
  }

  byte[] publicKey() {
    return number(BigInteger.TWO.modPow(key, P));
  }

  static byte[] number(BigInteger value) {
    byte[] bytes = new byte[96];
    for (int i = 0; i < 96; i++) {
      bytes[95 - i] = value.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  /** Takes the other's key, the first 96 bytes of what it said. */
  void meet(byte[] said, InfoHash torrent) {
    byte[] theirs = java.util.Arrays.copyOf(said, 96);
    secret = number(new BigInteger(1, theirs).modPow(key, P));
    out = cipher(initiator ? "keyA" : "keyB", torrent);
    in = cipher(initiator ? "keyB" : "keyA", torrent);
  }

  byte[] req1() {
    return sha1("req1", secret);
  }

  byte[] torrent(InfoHash torrent) {
    byte[] masked = sha1("req2", torrent.toBytes());
    byte[] mask = sha1("req3", secret);
    for (int i = 0; i < 20; i++) {
      masked[i] ^= mask[i];
    }
    return masked;
  }

  byte[] encrypt(byte[] plain) {
    return apply(out, plain);
  }

  byte[] decrypt(byte[] cipher) {
    return apply(in, cipher);
  }

  /** VC, the methods, the padding, and the length of what comes along, encrypted. */
  byte[] provide(int methods, int padding, int payload) {
    return encrypt(
        ByteBuffer.allocate(14 + padding + 2)
            .putInt(8, methods)
            .putChar(12, (char) padding)
            .putChar(14 + padding, (char) payload)
            .array());
  }

  /** VC, the method selected, and padding, encrypted. */
  byte[] select(int method, int padding) {
    return encrypt(
        ByteBuffer.allocate(14 + padding).putInt(8, method).putChar(12, (char) padding).array());
  }

  /** The handshake of plain BitTorrent. */
  static byte[] handshake(InfoHash torrent) {
    return ByteBuffer.allocate(68)
        .put("\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1))
        .putLong(0x0000000000100004L)
        .put(torrent.toBytes())
        .put("-XX0000-rawrawrawraw".getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] each : parts) {
      length += each.length;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (byte[] each : parts) {
      joined.put(each);
    }
    return joined.array();
  }

  private Cipher cipher(String name, InfoHash torrent) {
    try {
      Cipher cipher = Cipher.getInstance("ARCFOUR");
      byte[] bytes = sha1(name, secret, torrent.toBytes());
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(bytes, "ARCFOUR"));
      cipher.update(new byte[1024]);
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] apply(@Nullable Cipher cipher, byte[] bytes) {
    if (cipher == null) {
      throw new AssertionError("no key yet");
    }
    byte[] result = cipher.update(bytes);
    return result == null ? new byte[0] : result;
  }

  private static byte[] sha1(String name, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(name.getBytes(StandardCharsets.US_ASCII));
      for (byte[] each : parts) {
        digest.update(each);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
