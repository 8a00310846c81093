package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeDict.Entry;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.swarm.merkle.HashTree;
import org.peerwire.swarm.merkle.TreeDigest;
import org.peerwire.swarm.merkle.TreeShape;

/**
 * The {@code piece layers} of a v2 torrent: for each file of more than one piece, the SHA-256 of
 * every piece. They stand outside the info dictionary, so the info-hash does not vouch for them;
 * each is checked against its file's root.
 */
final class PieceLayers {
  private static final int HASH = TreeDigest.LENGTH;

  /** The files of more than one piece. */
  private final Map<ByteBuffer, TreeShape> shapes;

  private final Map<ByteBuffer, HashTree> trees = new HashMap<>();
  private final int pieceLength;

  private PieceLayers(Map<ByteBuffer, TreeShape> shapes, int pieceLength) {
    this.shapes = shapes;
    this.pieceLength = pieceLength;
  }

  /** Reads and checks all layers that are there. */
  static PieceLayers read(@Nullable BencodeValue value, InfoDictionary info)
      throws MetainfoException {
    PieceLayers layers = new PieceLayers(shapes(info), info.pieceLength);
    if (value == null) {
      return layers;
    }
    if (!(value instanceof BencodeDict dict)) {
      throw new MetainfoException(MetainfoFault.PIECE_LAYERS);
    }
    // A file within one piece needs none: its root says it all, and its tree may end below the
    // piece layer. One that is there all the same has to be right.
    Map<ByteBuffer, FileEntry> small = new HashMap<>();
    for (FileEntry file : info.files) {
      if (file.length() <= info.pieceLength) {
        file.piecesRoot().ifPresent(root -> small.putIfAbsent(root, file));
      }
    }
    for (Entry entry : dict) {
      ByteBuffer root = entry.key().bytes();
      if (!(entry.value() instanceof BencodeString layer)) {
        throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one is no string");
      }
      if (layers.shapes.containsKey(root)) {
        layers.add(root, layer.bytes());
      } else if (!small.containsKey(root)) {
        throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one belongs to no file");
      } else if (layer.size() != HASH) {
        throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one has the wrong length");
      }
    }
    return layers;
  }

  private static Map<ByteBuffer, TreeShape> shapes(InfoDictionary info) throws MetainfoException {
    Map<ByteBuffer, TreeShape> shapes = new LinkedHashMap<>();
    for (FileEntry file : info.files) {
      ByteBuffer root = file.piecesRoot().orElse(null);
      if (root != null && file.length() > info.pieceLength) {
        TreeShape shape = TreeShape.of(file.length());
        TreeShape known = shapes.putIfAbsent(root, shape);
        // One root is that of trees of two heights if the leaves of one are nodes of the other.
        // Nobody makes such files by chance, and on the wire the root alone names the tree.
        if (known != null && !known.equals(shape)) {
          throw new MetainfoException(
              MetainfoFault.PIECES_ROOT, "files of different length have the same");
        }
      }
    }
    return shapes;
  }

  /** Takes a layer, if it is the one of its root. */
  void add(ByteBuffer root, ByteBuffer layer) throws MetainfoException {
    TreeShape shape = shapes.get(root);
    if (shape == null) {
      throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one belongs to no file");
    }
    int base = TreeShape.pieceLayer(pieceLength);
    if (layer.remaining() != shape.width(base) * HASH) {
      throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one has the wrong length");
    }
    HashTree tree = new HashTree(shape, base, layer);
    if (!root.equals(ByteBuffer.wrap(tree.root()))) {
      throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one has the wrong hash");
    }
    trees.put(root, tree);
  }

  /** These layers, to be added to. */
  PieceLayers copy() {
    PieceLayers copy = new PieceLayers(shapes, pieceLength);
    copy.trees.putAll(trees);
    return copy;
  }

  /** The shape of each tree that has a piece layer, by its root. */
  Map<ByteBuffer, TreeShape> shapes() {
    return shapes;
  }

  /** The tree from the piece layer upwards, if that layer is known. */
  @Nullable HashTree tree(ByteBuffer root) {
    return trees.get(root);
  }

  /** The layers that are known, each by its root. */
  Map<ByteBuffer, HashTree> trees() {
    return trees;
  }

  /** Whether every file that needs a layer has one. */
  boolean isComplete() {
    return trees.size() == shapes.size();
  }
}
