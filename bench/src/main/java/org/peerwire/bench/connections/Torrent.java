package org.peerwire.bench.connections;

import org.peerwire.Block;
import org.peerwire.InfoHash;
import org.peerwire.PieceLayout;

/** What both programs talk about. */
final class Torrent {
  static final InfoHash INFO_HASH = InfoHash.parse("70".repeat(20));
  static final int PIECES = 1_000;
  static final int PIECE_LENGTH = 4 * Block.LENGTH;
  static final PieceLayout LAYOUT = PieceLayout.of((long) PIECES * PIECE_LENGTH, PIECE_LENGTH);

  private Torrent() {}
}
