package org.peerwire;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Reading and printing the 20-byte values of the handshake. */
final class Hash20 {
  static final int LENGTH = 20;

  private Hash20() {}

  static byte[] copyOf(byte[] bytes, String what) {
    return checked(bytes, what).clone();
  }

  static byte[] checked(byte[] bytes, String what) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(what + " has " + bytes.length + " bytes, not " + LENGTH);
    }
    return bytes;
  }

  static byte[] readFrom(ByteBuffer source) {
    byte[] bytes = new byte[LENGTH];
    source.get(bytes);
    return bytes;
  }

  static byte[] parseHex(String hex, String what) {
    if (hex.length() != 2 * LENGTH) {
      throw new IllegalArgumentException(
          what + " has " + hex.length() + " characters, not " + 2 * LENGTH);
    }
    return HexFormat.of().parseHex(hex);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
