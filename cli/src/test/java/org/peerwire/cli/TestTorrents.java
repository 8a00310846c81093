package org.peerwire.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.peerwire.swarm.metainfo.MetainfoBuilder;

/** Torrents for tests. */
final class TestTorrents {
  static final int PIECE = 16 << 10;

  private TestTorrents() {}

  /** Writes {@code name} with so many bytes into {@code folder}, and returns them. */
  static byte[] content(Path folder, String name, int length) throws IOException {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    Files.write(Files.createDirectories(folder).resolve(name), content);
    return content;
  }

  /** Writes a torrent of one file of this content. */
  static Path write(Path file, String name, byte[] content) throws IOException {
    MetainfoBuilder builder = new MetainfoBuilder(name, PIECE).singleFile(content.length);
    byte[] hashes = new byte[20 * builder.pieceCount()];
    for (int piece = 0; piece < builder.pieceCount(); piece++) {
      int from = piece * PIECE;
      MessageDigest sha1 = sha1();
      sha1.update(content, from, Math.min(PIECE, content.length - from));
      System.arraycopy(sha1.digest(), 0, hashes, 20 * piece, 20);
    }
    return Files.write(file, builder.build(hashes));
  }

  /** Writes text, of which each character is a byte. */
  static Path raw(Path file, String latin1) throws IOException {
    return Files.write(file, latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A torrent of one file of 5 bytes, with fields given in bencode. */
  static String oneFile(String before, String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    String encoded = utf8.length + ":" + new String(utf8, StandardCharsets.ISO_8859_1);
    return "d"
        + before
        + "4:infod6:lengthi5e4:name"
        + encoded
        + "12:piece lengthi16384e6:pieces20:"
        + "h".repeat(20)
        + "ee";
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
