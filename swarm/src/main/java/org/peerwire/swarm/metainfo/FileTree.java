package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeDict.Entry;
import org.peerwire.bencode.BencodeList;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeValue;

/** Flattens a v2 file tree, in its order and without recursion. */
final class FileTree {
  private static final int ROOT_LENGTH = 32;

  private final MetainfoOptions options;
  private final List<FileDraft> files = new ArrayList<>();
  private final List<String> path = new ArrayList<>();
  private final NameCache names = new NameCache();

  private FileTree(MetainfoOptions options) {
    this.options = options;
  }

  static List<FileDraft> read(BencodeDict tree, MetainfoOptions options) throws MetainfoException {
    FileTree reader = new FileTree(options);
    reader.walk(tree);
    if (reader.files.isEmpty()) {
      throw new MetainfoException(MetainfoFault.FILES, "the file tree is empty");
    }
    return reader.files;
  }

  private void walk(BencodeDict tree) throws MetainfoException {
    Deque<Iterator<Entry>> open = new ArrayDeque<>();
    open.push(tree.iterator());
    while (!open.isEmpty()) {
      if (!open.peek().hasNext()) {
        open.pop();
        if (!path.isEmpty()) {
          path.remove(path.size() - 1);
        }
        continue;
      }
      Entry entry = open.peek().next();
      if (entry.key().isEmpty() || !(entry.value() instanceof BencodeDict node)) {
        // The empty key belongs to a file, and is dealt with there: here it would be beside other
        // names.
        throw new MetainfoException(MetainfoFault.FILES, "the file tree is malformed");
      }
      if (path.size() == options.maxPathDepth()) {
        throw new MetainfoException(MetainfoFault.PATH_DEPTH);
      }
      path.add(names.share(entry.key().text()));
      BencodeValue leaf = node.get("");
      if (leaf == null) {
        open.push(node.iterator());
        continue;
      }
      if (!(leaf instanceof BencodeDict file) || node.size() != 1) {
        throw new MetainfoException(MetainfoFault.FILES, "a file in the file tree has children");
      }
      add(file);
      path.remove(path.size() - 1);
    }
  }

  private void add(BencodeDict file) throws MetainfoException {
    if (files.size() == options.maxFiles()) {
      throw new MetainfoException(MetainfoFault.TOO_MANY_FILES);
    }
    FileAttributes attributes = FileAttributes.parse(file.text("attr"));
    if (attributes.pad()) {
      throw new MetainfoException(MetainfoFault.FILES, "a pad file in the file tree");
    }
    List<String> where = List.copyOf(path);
    if (attributes.symlink()) {
      files.add(new FileDraft(where, 0, attributes, target(file), null));
      return;
    }
    long length = InfoDictionary.readLength(file);
    ByteBuffer root = length == 0 ? null : root(file);
    files.add(new FileDraft(where, length, attributes, List.of(), root));
  }

  private List<String> target(BencodeDict file) throws MetainfoException {
    List<String> strings = new ArrayList<>();
    BencodeList target = file.list("symlink path");
    if (target != null) {
      for (BencodeValue value : target) {
        if (!(value instanceof BencodeString string) || strings.size() == options.maxPathDepth()) {
          throw new MetainfoException(MetainfoFault.PATH);
        }
        strings.add(string.text());
      }
    }
    return List.copyOf(strings);
  }

  private static ByteBuffer root(BencodeDict file) throws MetainfoException {
    @Nullable BencodeString root = file.string("pieces root");
    if (root == null || root.size() != ROOT_LENGTH || isZero(root.bytes())) {
      throw new MetainfoException(MetainfoFault.PIECES_ROOT);
    }
    return root.bytes();
  }

  private static boolean isZero(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (bytes.get() != 0) {
        return false;
      }
    }
    return true;
  }
}
