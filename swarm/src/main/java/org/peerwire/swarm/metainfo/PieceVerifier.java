package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.merkle.TreeDigest;
import org.peerwire.swarm.merkle.TreeShape;

/**
 * Compares pieces with all hashes that the torrent has of them, one piece after the other. For one
 * thread at a time.
 *
 * <pre>{@code
 * verifier.begin(piece);
 * verifier.update(data);                 // PieceMap.dataSize(piece) bytes in all
 * boolean right = verifier.end() == PieceVerifier.Verdict.RIGHT;
 * }</pre>
 */
public final class PieceVerifier {
  private static final int ZEROS = 16 << 10;

  /** What the hashes say of a piece. */
  public enum Verdict {
    /** The piece has the hash, or both hashes, that the torrent has of it. */
    RIGHT,
    /** It has not. */
    WRONG,
    /**
     * It has the hash of one half of a hybrid torrent, and not that of the other: no data at all
     * can be right.
     */
    INCONSISTENT
  }

  private final Metainfo torrent;
  private final PieceMap map;
  private final @Nullable MessageDigest sha1;
  private final @Nullable TreeDigest tree;
  private int piece;
  private int padding;

  /** A verifier of a torrent's pieces. */
  public PieceVerifier(Metainfo torrent) {
    this.torrent = torrent;
    map = torrent.pieceMap();
    sha1 = torrent.version().hasV1() ? Digests.sha1() : null;
    tree = torrent.version().hasV2() ? new TreeDigest() : null;
  }

  /** Begins a piece, also if another one was not ended. */
  public void begin(int index) {
    piece = index;
    padding = map.pieceSize(index) - map.dataSize(index);
    if (sha1 != null) {
      sha1.reset();
    }
    if (tree != null) {
      tree.reset();
    }
  }

  /** Takes the next bytes of the piece; padding is none of them. */
  public void update(ByteBuffer data) {
    if (sha1 != null && tree != null) {
      sha1.update(data.duplicate());
      tree.update(data);
    } else if (sha1 != null) {
      sha1.update(data);
    } else if (tree != null) {
      tree.update(data);
    }
  }

  /**
   * What the hashes say, after {@link PieceMap#dataSize} bytes.
   *
   * @throws IllegalStateException if the torrent has no hash of the piece, which has to be asked of
   *     peers first
   */
  public Verdict end() {
    Boolean first = matchesSha1();
    Boolean second = matchesTree();
    if (first == null && second == null) {
      throw new IllegalStateException("there is no hash of piece " + piece);
    }
    if (first == null || second == null || first.equals(second)) {
      return Boolean.TRUE.equals(first == null ? second : first) ? Verdict.RIGHT : Verdict.WRONG;
    }
    return Verdict.INCONSISTENT;
  }

  private @Nullable Boolean matchesSha1() {
    PieceHashes hashes = torrent.pieces().orElse(null);
    if (sha1 == null || hashes == null) {
      return null;
    }
    byte[] zeros = padding == 0 ? new byte[0] : new byte[Math.min(padding, ZEROS)];
    for (int left = padding; left > 0; left -= zeros.length) {
      sha1.update(zeros, 0, Math.min(left, zeros.length));
    }
    return hashes.matches(piece, sha1.digest());
  }

  private @Nullable Boolean matchesTree() {
    if (tree == null) {
      return null;
    }
    FileEntry file = map.fileOf(piece);
    if (file.length() <= map.pieceLength()) {
      return file.piecesRoot()
          .map(root -> root.equals(ByteBuffer.wrap(tree.digest())))
          .orElse(null);
    }
    PieceHashes layer = torrent.pieceLayer(file).orElse(null);
    byte[] node = tree.digest(TreeShape.pieceLayer(map.pieceLength()));
    return layer == null ? null : layer.matches(piece - map.firstPiece(file), node);
  }
}
