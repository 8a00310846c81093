package org.peerwire.swarm.metainfo;

import java.util.HexFormat;
import org.peerwire.InfoHash;

/** The ways to write an info-hash in a magnet link. */
final class MagnetHashes {
  private MagnetHashes() {}

  /** 40 hexadecimal digits, or 32 of base 32. */
  static InfoHash v1(String text) throws MetainfoException {
    return switch (text.length()) {
      case 2 * InfoHash.LENGTH -> InfoHash.of(hex(text));
      case 32 -> InfoHash.of(base32(text));
      default ->
          throw new MetainfoException(
              MetainfoFault.MAGNET_HASH, "it has " + text.length() + " digits, not 40 or 32");
    };
  }

  /** A multihash: 12 for SHA-256, 20 for its length, and 64 hexadecimal digits. */
  static InfoHashV2 v2(String text) throws MetainfoException {
    if (!text.startsWith("1220") || text.length() != 4 + 2 * InfoHashV2.LENGTH) {
      throw new MetainfoException(
          MetainfoFault.MAGNET_HASH, "a v2 hash is 1220 and 64 hexadecimal digits");
    }
    return InfoHashV2.of(hex(text.substring(4)));
  }

  private static byte[] hex(String text) throws MetainfoException {
    for (int i = 0; i < text.length(); i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        throw new MetainfoException(MetainfoFault.MAGNET_HASH, "it is not hexadecimal");
      }
    }
    return HexFormat.of().parseHex(text);
  }

  /** 5 bits a digit, A-Z then 2-7, of either case (RFC 4648). */
  private static byte[] base32(String text) throws MetainfoException {
    byte[] bytes = new byte[InfoHash.LENGTH];
    int bits = 0;
    int buffer = 0;
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit;
      if (c >= '2' && c <= '7') {
        digit = c - '2' + 26;
      } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
        digit = (c | 0x20) - 'a';
      } else {
        throw new MetainfoException(MetainfoFault.MAGNET_HASH, "it is not base 32");
      }
      buffer = (buffer << 5 | digit) & 0xFFF;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = (byte) (buffer >> bits);
      }
    }
    return bytes;
  }
}
