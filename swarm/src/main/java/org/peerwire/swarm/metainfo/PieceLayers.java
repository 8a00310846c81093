package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeDict.Entry;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeValue;

/**
 * The {@code piece layers} of a v2 torrent: for each file of more than one piece, the SHA-256 of
 * every piece. They stand outside the info dictionary, so the info-hash does not vouch for them;
 * each is checked against its file's root.
 */
final class PieceLayers {
  private static final int HASH = 32;
  private static final int LEAF = 16 << 10;

  private final Map<ByteBuffer, PieceHashes> byRoot = new HashMap<>();

  private PieceLayers() {}

  static PieceLayers none() {
    return new PieceLayers();
  }

  /** Reads and checks all layers that are there. */
  static PieceLayers read(@Nullable BencodeValue value, InfoDictionary info)
      throws MetainfoException {
    PieceLayers layers = new PieceLayers();
    if (value == null) {
      return layers;
    }
    if (!(value instanceof BencodeDict dict)) {
      throw new MetainfoException(MetainfoFault.PIECE_LAYERS);
    }
    Map<ByteBuffer, FileEntry> files = new HashMap<>();
    for (FileEntry file : info.files) {
      file.piecesRoot().ifPresent(root -> files.putIfAbsent(root, file));
    }
    MessageDigest sha256 = Digests.sha256();
    for (Entry entry : dict) {
      FileEntry file = files.get(entry.key().bytes());
      if (file == null || !(entry.value() instanceof BencodeString layer)) {
        throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one belongs to no file");
      }
      long count = PieceMap.piecesIn(file.length(), info.pieceLength);
      if (layer.size() != count * HASH) {
        throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one has the wrong length");
      }
      // A file within one piece needs none: its root says it all, and its tree may end below the
      // piece layer.
      if (count > 1) {
        if (!root(layer.bytes(), info.pieceLength, sha256).equals(entry.key().bytes())) {
          throw new MetainfoException(MetainfoFault.PIECE_LAYERS, "one has the wrong hash");
        }
        layers.byRoot.put(entry.key().bytes(), new PieceHashes(layer.bytes(), HASH));
      }
    }
    return layers;
  }

  @Nullable PieceHashes get(ByteBuffer root) {
    return byRoot.get(root);
  }

  /** Whether every file that needs a layer has one. */
  boolean isComplete(InfoDictionary info) {
    for (FileEntry file : info.files) {
      if (file.length() > info.pieceLength
          && !file.piecesRoot().map(byRoot::containsKey).orElse(true)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The root of the tree above a layer, whose missing right end is the hash of nothing but zero
   * leaves.
   */
  private static ByteBuffer root(ByteBuffer layer, int pieceLength, MessageDigest sha256) {
    byte[] pad = new byte[HASH];
    for (int covered = LEAF; covered < pieceLength; covered *= 2) {
      sha256.update(pad);
      pad = sha256.digest(pad);
    }
    byte[] row = new byte[layer.remaining()];
    layer.get(row);
    int count = row.length / HASH;
    while (count > 1) {
      int parents = (count + 1) / 2;
      for (int i = 0; i < parents; i++) {
        boolean whole = 2 * i + 1 < count;
        sha256.update(row, 2 * i * HASH, whole ? 2 * HASH : HASH);
        if (!whole) {
          sha256.update(pad);
        }
        System.arraycopy(sha256.digest(), 0, row, i * HASH, HASH);
      }
      sha256.update(pad);
      pad = sha256.digest(pad);
      count = parents;
    }
    return ByteBuffer.wrap(row, 0, HASH).slice();
  }
}
