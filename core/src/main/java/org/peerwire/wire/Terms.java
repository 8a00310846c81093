package org.peerwire.wire;

import org.jspecify.annotations.Nullable;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Profile;

/**
 * What both sides go by: our options, the features both offer, and the torrent's layout once it is
 * known.
 */
final class Terms {
  final WireOptions options;
  boolean fast;
  boolean extensions;
  @Nullable PieceLayout layout;

  Terms(WireOptions options) {
    this.options = options;
  }

  boolean areStrict() {
    return options.profile() == Profile.STRICT;
  }

  boolean hasPiece(int piece) {
    PieceLayout known = layout;
    return known == null ? piece >= 0 && piece < PieceSet.MAX_SIZE : known.contains(piece);
  }

  boolean hasHashes() {
    PieceLayout known = layout;
    return known != null && known.hasHashes();
  }

  boolean hasBlock(int piece, int begin, int length) {
    PieceLayout known = layout;
    return known == null
        ? piece >= 0 && begin >= 0 && length > 0
        : known.contains(piece, begin, length);
  }
}
