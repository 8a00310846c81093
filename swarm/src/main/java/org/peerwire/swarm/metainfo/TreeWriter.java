package org.peerwire.swarm.metainfo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.peerwire.bencode.BencodeWriter;

/** Writes a v2 file tree, file by file in its order. */
final class TreeWriter {
  /** The order of a file tree: name by name, as bytes without sign. */
  static final Comparator<List<String>> ORDER = TreeWriter::compare;

  private final BencodeWriter writer;
  private List<String> before = List.of();

  TreeWriter(BencodeWriter writer) {
    this.writer = writer.beginDict();
  }

  private static int compare(List<String> one, List<String> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      int order = Arrays.compareUnsigned(one.get(i).getBytes(UTF_8), other.get(i).getBytes(UTF_8));
      if (order != 0) {
        return order;
      }
    }
    return one.size() - other.size();
  }

  void file(List<String> path, long length, byte[] root) {
    int common = common(path);
    if (common == path.size()
        || (!before.isEmpty() && common == before.size())
        || compare(before, path) >= 0) {
      throw new IllegalArgumentException("not the order of a file tree: " + before + ", " + path);
    }
    closeTo(common);
    path.subList(common, path.size()).forEach(name -> writer.key(name).beginDict());
    writer.key("").beginDict().put("length", length);
    if (length > 0) {
      writer.put("pieces root", root);
    }
    writer.end();
    before = path;
  }

  void end() {
    closeTo(0);
    writer.end();
  }

  private int common(List<String> path) {
    int common = 0;
    while (common < Math.min(before.size(), path.size())
        && before.get(common).equals(path.get(common))) {
      common++;
    }
    return common;
  }

  private void closeTo(int depth) {
    for (int i = before.size(); i > depth; i--) {
      writer.end();
    }
  }
}
