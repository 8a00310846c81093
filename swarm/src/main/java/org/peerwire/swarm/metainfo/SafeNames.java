package org.peerwire.swarm.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.peerwire.SafeText;

/**
 * Turns one name from a torrent into a name that is safe as one element of a path: the torrent's
 * own name, folders and files alike. The result depends on the name alone, so a resumed download
 * finds its files.
 */
final class SafeNames {
  /**
   * The longest name, in bytes of UTF-8. File systems allow 255; the rest is room for the suffix of
   * a rename or of a temporary file.
   */
  static final int MAX_BYTES = 240;

  /** What is kept of a long name's extension, dot included. */
  private static final int MAX_EXTENSION_CHARS = 16;

  private static final String NOT_PORTABLE = "?<>\"*:|";

  private static final Set<String> DEVICES =
      Set.of("CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$", "CONFIG$");

  private SafeNames() {}

  /**
   * The safe form of {@code raw}, of at most {@code maxBytes} bytes, at least 32.
   *
   * @param portable whether the name shall be valid on every platform
   */
  static String safe(String raw, boolean portable, int maxBytes) {
    String name = isPlain(raw) ? raw : filter(raw, portable);
    if (portable) {
      name = withoutTrailingDotsAndSpaces(name);
    }
    if (isBlankOrDots(name)) {
      return "_";
    }
    if (portable && isDevice(name)) {
      name = "_" + name;
    }
    return utf8Length(name) > maxBytes ? truncate(name, raw, maxBytes) : name;
  }

  /** The last check before a name may become part of a path, whatever happened to it before. */
  static boolean isSafe(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\\') < 0
        && name.indexOf('\0') < 0;
  }

  private static boolean isPlain(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || c == '.'
              || c == '_'
              || c == '-'
              || c == ' ';
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  private static String filter(String raw, boolean portable) {
    StringBuilder out = new StringBuilder(raw.length());
    raw.codePoints()
        .filter(c -> !isSeparator(c) && !SafeText.isHidden(c))
        .forEach(c -> out.appendCodePoint(portable && NOT_PORTABLE.indexOf(c) >= 0 ? '_' : c));
    return out.toString();
  }

  /**
   * Slashes of both kinds, and the look-alikes that some conversions of character sets turn into
   * them.
   */
  private static boolean isSeparator(int c) {
    return c == '/' || c == '\\' || c == 0xFF0F || c == 0xFF3C || c == 0x2215;
  }

  private static String withoutTrailingDotsAndSpaces(String name) {
    int end = name.length();
    while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) == ' ')) {
      end--;
    }
    return name.substring(0, end);
  }

  /**
   * Whether there is nothing but space and dots, in any of the forms that something down the line
   * may take for dots.
   */
  private static boolean isBlankOrDots(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean dot = c == '.' || c == 0xFF0E || (c >= 0x2024 && c <= 0x2026) || c == 0xFE52;
      if (name.regionMatches(true, i, "%2e", 0, 3)) {
        i += 2;
      } else if (!dot && !Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
        return false;
      }
    }
    return true;
  }

  /** Whether Windows takes the name for a device: with any extension, and in any case. */
  private static boolean isDevice(String name) {
    int dot = name.indexOf('.');
    String stem = (dot < 0 ? name : name.substring(0, dot)).stripTrailing();
    if (stem.length() < 3 || stem.length() > 7) {
      return false;
    }
    String upper = stem.toUpperCase(Locale.ROOT);
    boolean port = upper.length() == 4 && (upper.startsWith("COM") || upper.startsWith("LPT"));
    return DEVICES.contains(upper) || (port && "0123456789¹²³".indexOf(upper.charAt(3)) >= 0);
  }

  /**
   * Cuts the part before the extension, and marks the cut with a digest of the whole name: names
   * that differ only behind the cut stay different, in whatever order they come.
   */
  private static String truncate(String name, String raw, int maxBytes) {
    int dot = name.lastIndexOf('.');
    String extension =
        dot > 0 && name.length() - dot <= MAX_EXTENSION_CHARS ? name.substring(dot) : "";
    byte[] digest = Digests.sha1().digest(raw.getBytes(StandardCharsets.UTF_8));
    String mark = "~" + HexFormat.of().formatHex(digest, 0, 4);
    if (utf8Length(extension) + mark.length() >= maxBytes) {
      extension = "";
    }
    int room = maxBytes - mark.length() - utf8Length(extension);
    int end = 0;
    while (end < name.length()) {
      int codePoint = name.codePointAt(end);
      room -= utf8Length(Character.toString(codePoint));
      if (room < 0) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return name.substring(0, end) + mark + extension;
  }

  static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a surrogate pair counts two; lone ones were filtered out.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
