package org.peerwire.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;

/** A stranger's bytes, to be read by people. */
final class ProbeBytes {
  private static final int HEX_SHOWN = 48;

  private ProbeBytes() {}

  /** A dictionary as one, if it is one. */
  static String readable(byte[] bencoded) {
    try {
      return Bencode.parse(bencoded, BencodeLimits.WIRE, BencodeMode.LENIENT).root().toString();
    } catch (BencodeException e) {
      return bytes(bencoded) + " (" + e.getMessage() + ")";
    }
  }

  static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** Printable text as text, anything else as hexadecimal digits. */
  static String bytes(byte[] bytes) {
    int shown = Math.min(bytes.length, HEX_SHOWN);
    boolean text = true;
    for (int i = 0; i < shown; i++) {
      text &= (bytes[i] >= 0x20 && bytes[i] < 0x7f) || bytes[i] == '\r' || bytes[i] == '\n';
    }
    String start =
        text
            ? "\"" + new String(bytes, 0, shown, StandardCharsets.US_ASCII) + "\""
            : HexFormat.of().formatHex(bytes, 0, shown);
    return shown < bytes.length ? start + "..." : start;
  }
}
