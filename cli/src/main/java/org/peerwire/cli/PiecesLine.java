package org.peerwire.cli;

import org.peerwire.Pieces;

/**
 * A map of the pieces in one line: from left to right the torrent from its begin to its end, each
 * cell as dark as its part of the torrent is there.
 */
final class PiecesLine {
  private static final String UNICODE = "\u00b7\u2591\u2592\u2593\u2588";
  private static final String ASCII = ".-+*#";

  private PiecesLine() {}

  /**
   * Draws the map.
   *
   * @param width how many cells there may be; fewer if there are fewer pieces
   */
  static String of(Pieces pieces, int width, boolean unicode) {
    int size = Math.max(0, pieces.size());
    int cells = Math.min(width, size);
    if (cells <= 0) {
      return "";
    }
    int[] counts = new int[cells];
    for (int piece = next(pieces, 0); piece >= 0; piece = next(pieces, piece + 1)) {
      counts[(int) ((long) piece * cells / size)]++;
    }
    String shades = unicode ? UNICODE : ASCII;
    StringBuilder line = new StringBuilder(cells);
    for (int cell = 0; cell < cells; cell++) {
      // The first piece of a cell is the first whose number times the cells reaches the cell's.
      int all = begin(cell + 1, cells, size) - begin(cell, cells, size);
      line.append(shades.charAt(shade(counts[cell], all)));
    }
    return line.toString();
  }

  /** None and all have a shade of their own, and what lies between has three. */
  private static int shade(int count, int all) {
    return count == 0 ? 0 : count == all ? 4 : 1 + Math.min(2, 3 * count / all);
  }

  private static int begin(int cell, int cells, int size) {
    return (int) (((long) cell * size + cells - 1) / cells);
  }

  private static int next(Pieces pieces, int from) {
    return from >= pieces.size() ? -1 : pieces.next(from);
  }
}
