package org.peerwire;

import java.nio.ByteBuffer;

/** Addresses as people write them. */
final class IpText {
  private static final int GROUPS = 8;

  private IpText() {}

  static byte[] parse(String text) {
    return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
  }

  static String print(byte[] ip) {
    if (ip.length == IpAddress.V4_LENGTH) {
      return (ip[0] & 0xff) + "." + (ip[1] & 0xff) + "." + (ip[2] & 0xff) + "." + (ip[3] & 0xff);
    }
    ByteBuffer groups = ByteBuffer.wrap(ip);
    // The longest run of at least two groups of zeros is left out; the first of equals.
    int gap = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups.getShort(2 * end) == 0) {
        end++;
      }
      if (end - i > gapLength) {
        gap = i;
        gapLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        text.append("::");
        i += gapLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups.getShort(2 * i) & 0xffff));
    }
    return text.toString();
  }

  private static byte[] parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != IpAddress.V4_LENGTH) {
      throw refused(text);
    }
    byte[] ip = new byte[IpAddress.V4_LENGTH];
    for (int i = 0; i < ip.length; i++) {
      // A leading zero means octal to some readers.
      if (parts[i].length() > 1 && parts[i].charAt(0) == '0') {
        throw refused(text);
      }
      ip[i] = (byte) number(text, parts[i], 10, 3, 0xff);
    }
    return ip;
  }

  private static byte[] parseV6(String text) {
    byte[] ip = new byte[IpAddress.V6_LENGTH];
    int gap = text.indexOf("::");
    ByteBuffer head = groups(text, gap < 0 ? text : text.substring(0, gap)).flip();
    ByteBuffer tail = groups(text, gap < 0 ? "" : text.substring(gap + 2)).flip();
    int missing = ip.length - head.remaining() - tail.remaining();
    if (gap < 0 ? missing != 0 : missing < 2) {
      throw refused(text);
    }
    head.get(ip, 0, head.remaining());
    tail.get(ip, ip.length - tail.remaining(), tail.remaining());
    return ip;
  }

  private static ByteBuffer groups(String text, String part) {
    ByteBuffer bytes = ByteBuffer.allocate(IpAddress.V6_LENGTH);
    if (part.isEmpty()) {
      return bytes;
    }
    String[] groups = part.split(":", GROUPS + 1);
    for (int i = 0; i < groups.length; i++) {
      boolean last = i == groups.length - 1;
      byte[] group;
      if (last && groups[i].indexOf('.') >= 0) {
        group = parseV4(groups[i]);
      } else {
        int value = number(text, groups[i], 16, 4, 0xffff);
        group = new byte[] {(byte) (value >>> 8), (byte) value};
      }
      if (group.length > bytes.remaining()) {
        throw refused(text);
      }
      bytes.put(group);
    }
    return bytes;
  }

  private static int number(String text, String digits, int radix, int maxDigits, int max) {
    int value = digits.isEmpty() || digits.length() > maxDigits ? max + 1 : 0;
    for (int i = 0; i < digits.length() && value <= max; i++) {
      char c = digits.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      value = digit < 0 ? max + 1 : value * radix + digit;
    }
    if (value > max) {
      throw refused(text);
    }
    return value;
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException("not a numeric address: " + SafeText.of(text, 64));
  }
}
