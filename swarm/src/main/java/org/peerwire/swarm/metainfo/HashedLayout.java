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
  private final boolean padded;

  /** By the roots, as they name the trees on the wire. */
  private final Map<ByteBuffer, TreeShape> shapes;

  HashedLayout(Metainfo torrent) {
    map = torrent.pieceMap();
    padded = torrent.version().hasV1();
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
        && Integer.toUnsignedLong(begin) + Integer.toUnsignedLong(length) <= end(piece, begin);
  }

  /**
   * How far a block may reach: in a hybrid, to the end of the padding that the v1 half has. Of a v2
   * torrent libtorrent 2.0 asks for whole blocks, as if its files were padded as well.
   */
  private int end(int piece, int begin) {
    boolean whole = !padded && begin >= 0 && begin < map.dataSize(piece);
    return whole ? map.pieceLength() : map.pieceSize(piece);
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
