package org.peerwire.cli.probe;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Guesses what speaks at the other end from the first bytes that it sends. */
final class FirstBytes {
  private static final byte[] BITTORRENT =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

  /** An encrypted handshake begins with a public key of so many bytes. */
  private static final int PUBLIC_KEY = 96;

  private static final int FEW = 20;

  private FirstBytes() {}

  /** What it looks like, as the end of a sentence that begins with "the other side". */
  static String describe(byte[] bytes) {
    if (bytes.length == 0) {
      return "said nothing";
    }
    if (isBitTorrent(bytes)) {
      return bytes.length < 48
          ? "began a BitTorrent handshake and stopped after " + bytes.length + " bytes"
          : "began a BitTorrent handshake and did not end it";
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String start = text.stripLeading().toLowerCase(Locale.ROOT);
    if (start.startsWith("http/") || start.startsWith("<html") || start.startsWith("<!doctype")) {
      return "speaks HTTP: a web server";
    }
    if (bytes.length >= 3 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 3) {
      return "speaks TLS: an encrypted web server, or the like";
    }
    if (text.startsWith("SSH-")) {
      return "speaks SSH";
    }
    if (start.matches("(?s)(220|421|554)[ -].*")) {
      return "speaks like a mail or file server (SMTP, FTP)";
    }
    if (printable(bytes) == bytes.length) {
      return "sent text that is not BitTorrent";
    }
    if (bytes.length >= PUBLIC_KEY && looksRandom(bytes)) {
      return "sent bytes that look random: maybe an encrypted handshake (MSE)";
    }
    return "sent bytes that are not BitTorrent";
  }

  static boolean isBitTorrent(byte[] bytes) {
    for (int i = 0; i < Math.min(bytes.length, BITTORRENT.length); i++) {
      if (bytes[i] != BITTORRENT[i]) {
        return false;
      }
    }
    return bytes.length > 0;
  }

  private static int printable(byte[] bytes) {
    int count = 0;
    for (byte b : bytes) {
      count += (b >= 0x20 && b < 0x7f) || b == '\r' || b == '\n' || b == '\t' ? 1 : 0;
    }
    return count;
  }

  /** Of 96 random bytes about 80 are different ones; text and tables have far fewer. */
  private static boolean looksRandom(byte[] bytes) {
    int different =
        (int)
            new String(bytes, 0, PUBLIC_KEY, StandardCharsets.ISO_8859_1)
                .chars()
                .distinct()
                .count();
    return different > PUBLIC_KEY - 2 * FEW + FEW / 2;
  }
}
