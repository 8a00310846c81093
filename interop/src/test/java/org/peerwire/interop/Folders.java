package org.peerwire.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Folders beside each other, byte by byte. */
final class Folders {
  private Folders() {}

  /** Each file there, with the same bytes, and nothing else. */
  static void assertSame(Path expected, Path actual) throws IOException {
    assertSame(expected, actual, true);
  }

  /** The same, but files of no bytes may be missing if {@code emptyFiles} is false. */
  static void assertSame(Path expected, Path actual, boolean emptyFiles) throws IOException {
    List<String> differences = new ArrayList<>();
    Set<String> wanted = files(expected);
    if (wanted.isEmpty()) {
      throw new AssertionError("nothing to compare with in " + expected);
    }
    Set<String> found = files(actual);
    for (String name : wanted) {
      Path left = expected.resolve(name);
      Path right = actual.resolve(name);
      if (!found.contains(name)) {
        if (emptyFiles || Files.size(left) > 0) {
          differences.add("missing: " + name);
        }
      } else if (Files.size(left) != Files.size(right)) {
        differences.add(name + ": " + Files.size(right) + " bytes, not " + Files.size(left));
      } else {
        long at = Files.mismatch(left, right);
        if (at >= 0) {
          differences.add(name + ": differs at byte " + at);
        }
      }
    }
    Set<String> more = new HashSet<>(found);
    more.removeAll(wanted);
    for (String name : new TreeSet<>(more)) {
      differences.add("not asked for: " + name);
    }
    if (!differences.isEmpty()) {
      throw new AssertionError(
          actual + " is not " + expected + ":\n  " + String.join("\n  ", differences));
    }
  }

  /**
   * How many bytes of {@code data} lie in {@code folder} as whole, right pieces, found by comparing
   * with the original.
   */
  static long verifiedBytes(TestData data, Path folder) throws IOException {
    boolean[] wrong = new boolean[(int) ((data.length() - 1) / data.pieceLength()) + 1];
    ByteBuffer left = ByteBuffer.allocate(data.pieceLength());
    ByteBuffer right = ByteBuffer.allocate(data.pieceLength());
    long begin = 0;
    for (LibtorrentPeer.TorrentFile file : data.torrentFiles()) {
      Path copy = folder.resolve(file.path());
      try (FileChannel original = FileChannel.open(data.folder().resolve(file.path()));
          FileChannel other = Files.exists(copy) ? FileChannel.open(copy) : null) {
        for (long at = 0; at < file.length(); ) {
          long absolute = begin + at;
          int piece = (int) (absolute / data.pieceLength());
          long pieceEnd = (piece + 1L) * data.pieceLength();
          int length = (int) Math.min(pieceEnd - absolute, file.length() - at);
          if (other == null || !same(original, left, other, right, at, length)) {
            wrong[piece] = true;
          }
          at += length;
        }
      }
      begin += file.length();
    }
    long verified = 0;
    for (int piece = 0; piece < wrong.length; piece++) {
      if (!wrong[piece]) {
        verified += Math.min(data.pieceLength(), data.length() - (long) piece * data.pieceLength());
      }
    }
    return verified;
  }

  private static boolean same(
      FileChannel a, ByteBuffer bufferA, FileChannel b, ByteBuffer bufferB, long at, int length)
      throws IOException {
    return fill(a, bufferA, at, length) && fill(b, bufferB, at, length) && bufferA.equals(bufferB);
  }

  private static boolean fill(FileChannel from, ByteBuffer into, long at, int length)
      throws IOException {
    into.clear().limit(length);
    while (into.hasRemaining()) {
      if (from.read(into, at + into.position()) < 0) {
        return false;
      }
    }
    into.flip();
    return true;
  }

  private static Set<String> files(Path root) throws IOException {
    Set<String> names = new TreeSet<>();
    if (Files.isDirectory(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        all.filter(path -> !Files.isDirectory(path))
            .forEach(path -> names.add(root.relativize(path).toString()));
      }
    }
    return names;
  }
}
