package org.peerwire.bench.bencode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The deterministic values that everyone here reads and writes. They are made of maps with sorted
 * keys, lists, arrays of bytes and longs, from which each makes the values of its own.
 */
enum Document {
  /** A .torrent of 200 files and 10,000 pieces. */
  TORRENT(1) {
    @Override
    Map<String, Object> tree() {
      byte[] hashes = new byte[20 * 10_000];
      for (int i = 0; i < hashes.length; i++) {
        hashes[i] = (byte) ((i * 0x9e3779b1) >>> 24);
      }
      List<Object> files = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        files.add(
            map(
                "length",
                1_000_000L + i,
                "path",
                List.of(text("season " + i / 20), text("episode " + i), text("video.mkv"))));
      }
      return map(
          "announce",
          text("http://tracker.example/announce"),
          "creation date",
          1_700_000_000L,
          "info",
          map(
              "files",
              files,
              "name",
              text("a typical torrent"),
              "piece length",
              262_144L,
              "pieces",
              hashes));
    }
  },
  /** What peers send each other first of the extension protocol (BEP 10). */
  HANDSHAKE(500) {
    @Override
    Map<String, Object> tree() {
      byte[] address = {(byte) 192, 0, 2, 1};
      return map(
          "m",
          map(
              "lt_donthave",
              7L,
              "upload_only",
              3L,
              "ut_holepunch",
              4L,
              "ut_metadata",
              2L,
              "ut_pex",
              1L),
          "metadata_size",
          210_000L,
          "p",
          6881L,
          "reqq",
          250L,
          "v",
          text("peerwire 0.1.0"),
          "yourip",
          address);
    }
  };

  /** How many times a pass does it: a look at the clock takes longer than a small one. */
  final int times;

  Document(int times) {
    this.times = times;
  }

  /** The value. */
  abstract Map<String, Object> tree();

  /** Its encoding. */
  byte[] bytes() {
    return Ours.encode(tree());
  }

  /** What others made of it must be the same. */
  void check(String who, byte[] encoded) {
    if (!Arrays.equals(encoded, bytes())) {
      throw new IllegalStateException(who + " has something else");
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> map(Object... entries) {
    Map<String, Object> map = new TreeMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put((String) entries[i], entries[i + 1]);
    }
    return map;
  }
}
