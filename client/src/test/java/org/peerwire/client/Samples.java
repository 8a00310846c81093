package org.peerwire.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.peerwire.swarm.metainfo.Metainfo;

/** Content to be moved, the same in every run. */
final class Samples {
  private Samples() {}

  static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A file {@code name} in {@code folder}, and its torrent. */
  static Metainfo single(Path folder, String name, int length, int pieceLength) throws Exception {
    Files.createDirectories(folder);
    Files.write(folder.resolve(name), bytes(length, length));
    return torrentOf(folder.resolve(name), pieceLength);
  }

  /** Odd sizes, an empty file, sub-folders, names of all kinds. */
  static Metainfo several(Path folder) throws Exception {
    Map<String, Integer> files = new LinkedHashMap<>();
    files.put("one byte", 1);
    files.put("empty", 0);
    files.put("odd.bin", 1_234_567);
    files.put("sub/deep/er/50001.bin", 50_001);
    files.put("sub/piece.bin", 65_536);
    files.put("übermütig/日本語 ☃.txt", 777);
    files.put("zz/last", 16_385);
    Path root = folder.resolve("mixed ä");
    for (Map.Entry<String, Integer> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, bytes(file.getValue(), file.getKey().hashCode()));
    }
    return torrentOf(root, 32 << 10);
  }

  static Metainfo torrentOf(Path content, int pieceLength) throws Exception {
    return Metainfo.parse(new TorrentMaker(content).pieceLength(pieceLength).make(Progress.NONE));
  }

  /** All files below a folder, by their names, with their content. */
  static Map<String, String> tree(Path folder) throws IOException {
    Map<String, String> tree = new LinkedHashMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> files = paths.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        tree.put(
            folder.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return tree;
  }
}
