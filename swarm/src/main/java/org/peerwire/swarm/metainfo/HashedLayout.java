package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.peerwire.HashRange;
import org.peerwire.PieceLayout;
import org.peerwire.swarm.merkle.HashProof;
import org.peerwire.swarm.merkle.HashedFile;
import org.peerwire.swarm.merkle.TreeShape;

/** How a v2 or hybrid torrent is cut. */
final class HashedLayout implements PieceLayout {
  private final Metainfo torrent;
  private final PieceMap map;
  private final boolean padded;

  /** By the roots, as they name the trees on the wire. */
  private final Map<ByteBuffer, FileEntry> files = new HashMap<>();

  HashedLayout(Metainfo torrent) {
    this.torrent = torrent;
    map = torrent.pieceMap();
    padded = torrent.version().hasV1();
    for (FileEntry file : torrent.files()) {
      // Should a root be that of trees of two heights, it is that of the one with a piece layer.
      boolean layered = file.length() > map.pieceLength();
      file.piecesRoot()
          .ifPresent(
              root ->
                  files.merge(
                      root,
                      file,
                      (one, other) -> layered && one.length() <= map.pieceLength() ? other : one));
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
    FileEntry file = files.get(range.piecesRoot());
    return file != null && HashProof.exists(range, TreeShape.of(file.length()));
  }

  /** The file with this root. */
  Optional<HashedFile> file(ByteBuffer root) {
    return Optional.ofNullable(files.get(root))
        .map(
            file ->
                new HashedFile(
                    root,
                    TreeShape.of(file.length()),
                    TreeShape.pieceLayer(map.pieceLength()),
                    map.firstPiece(file),
                    torrent.hashTree(root).orElse(null)));
  }
}
