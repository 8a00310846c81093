package org.peerwire.swarm.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Guesses what was given instead of a torrent, to tell people what to do. Nothing is ever unpacked.
 */
final class NotATorrent {
  private NotATorrent() {}

  static String describe(byte[] file) {
    if (file.length == 0) {
      return "the file is empty";
    }
    if (startsWith(file, 0x1F, 0x8B)) {
      return "it is compressed with gzip";
    }
    if (startsWith(file, 'P', 'K')) {
      return "it is a zip archive";
    }
    if (startsWith(file, 0xEF, 0xBB, 0xBF)) {
      return "it begins with a byte order mark, a text editor may have changed it";
    }
    String start =
        new String(file, 0, Math.min(file.length, 64), StandardCharsets.ISO_8859_1)
            .strip()
            .toLowerCase(Locale.ROOT);
    if (start.startsWith("<")) {
      return "it looks like a web page";
    }
    if (start.startsWith("magnet:")) {
      return "it holds a magnet link";
    }
    return "it does not begin like one";
  }

  private static boolean startsWith(byte[] file, int... bytes) {
    if (file.length < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((file[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
