package org.peerwire.swarm.metainfo;

import java.nio.charset.StandardCharsets;

/** Decodes {@code %41}. */
final class PercentEncoding {
  private PercentEncoding() {}

  /**
   * The decoded text, read as UTF-8. A percent sign without two hexadecimal digits behind it is an
   * error.
   */
  static String decode(String text) throws MetainfoException {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int size = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
        int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw new MetainfoException(MetainfoFault.MAGNET_SYNTAX, "a % without two digits");
        }
        out[size++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[size++] = in[i];
      }
    }
    return new String(out, 0, size, StandardCharsets.UTF_8);
  }
}
