package org.peerwire.swarm.metainfo;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.peerwire.PieceSet;

/**
 * A selection of files by number (<a href="https://www.bittorrent.org/beps/bep_0053.html">BEP
 * 53</a>), like {@code 0,2,4,6-8}. Immutable.
 */
public final class FileSelection {
  private static final int MAX_RANGES = 1_000;
  private static final int MAX_INDEX = (1 << 20) - 1;

  private final BitSet files = new BitSet();

  private FileSelection() {}

  /**
   * Reads up to 1,000 numbers and ranges below 2^20.
   *
   * @throws MetainfoException if it is anything else
   */
  public static FileSelection parse(String text) throws MetainfoException {
    String[] ranges = text.split(",", MAX_RANGES + 1);
    if (ranges.length > MAX_RANGES) {
      throw new MetainfoException(MetainfoFault.MAGNET_SELECTION, "too many ranges");
    }
    FileSelection selection = new FileSelection();
    for (String range : ranges) {
      int dash = range.indexOf('-');
      int first = number(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : number(range.substring(dash + 1));
      if (last < first) {
        throw new MetainfoException(MetainfoFault.MAGNET_SELECTION);
      }
      selection.files.set(first, last + 1);
    }
    return selection;
  }

  private static int number(String digits) throws MetainfoException {
    boolean valid = !digits.isEmpty() && digits.length() <= 7;
    for (int i = 0; valid && i < digits.length(); i++) {
      valid = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    int number = valid ? Integer.parseInt(digits) : -1;
    if (number < 0 || number > MAX_INDEX) {
      throw new MetainfoException(MetainfoFault.MAGNET_SELECTION);
    }
    return number;
  }

  /** Whether the file at this place in {@link Metainfo#files()}, 0 or more, is selected. */
  public boolean contains(int index) {
    return files.get(index);
  }

  /** The pieces that have a byte of a selected file, of all that the torrent has. */
  public PieceSet pieces(Metainfo torrent) {
    PieceMap map = torrent.pieceMap();
    PieceSet pieces = new PieceSet(torrent.pieceCount());
    for (FileEntry file : torrent.files()) {
      if (contains(file.index()) && file.isWritten() && file.length() > 0) {
        for (int piece = map.firstPiece(file); piece <= map.lastPiece(file); piece++) {
          pieces.add(piece);
        }
      }
    }
    return pieces;
  }

  /** How many numbers are selected, whether there are such files or not. */
  public int size() {
    return files.cardinality();
  }

  /** The numbers and ranges, ascending, as {@link #parse} reads them. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int first = files.nextSetBit(0); first >= 0; ) {
      int end = files.nextClearBit(first);
      text.append(text.length() == 0 ? "" : ",").append(first);
      if (end - first > 1) {
        text.append('-').append(end - 1);
      }
      first = files.nextSetBit(end);
    }
    return text.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileSelection that && files.equals(that.files);
  }

  @Override
  public int hashCode() {
    return files.hashCode();
  }
}
