package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.peerwire.HashRange;
import org.peerwire.PieceLayout;
import org.peerwire.swarm.merkle.HashProof;
import org.peerwire.swarm.merkle.TreeShape;

/** How a v2 or hybrid torrent is cut. */
final class HashedLayout implements PieceLayout {
  private final PieceMap map;

  /** By the roots, as they name the trees on the wire. */
  private final Map<ByteBuffer, TreeShape> shapes;

  HashedLayout(Metainfo torrent) {
    map = torrent.pieceMap();
    shapes = new HashMap<>(torrent.treeShapes());
    for (FileEntry file : torrent.files()) {
      file.piecesRoot()
          .ifPresent(root -> shapes.computeIfAbsent(root, key -> TreeShape.of(file.length())));
    }
  }

  @Override
  public int pieceCount() {
    return map.pieceCount();
  }

  @Override
  public int pieceLength(int piece) {
    return map.dataSize(piece);
  }

  @Override
  public boolean contains(int piece, int begin, int length) {
    return contains(piece)
        && length != 0
        && Integer.toUnsignedLong(begin) + Integer.toUnsignedLong(length) <= map.pieceSize(piece);
  }

  @Override
  public boolean hasHashes() {
    return true;
  }

  @Override
  public boolean hasHashes(HashRange range) {
    TreeShape shape = shapes.get(range.piecesRoot());
    return shape != null && HashProof.exists(range, shape);
  }
}
