package org.peerwire.swarm.metainfo;

import org.peerwire.bencode.BencodeLimits;

/**
 * What a torrent may cost, and how its names are treated.
 *
 * @param bencode size, depth and tokens of the file
 * @param maxPieces how many pieces there may be
 * @param maxFiles how many files there may be, pad files and links included
 * @param maxPathDepth how many elements a path may have, the torrent's name not counted
 * @param maxRenames how many files may have the name of another file
 * @param portableNames whether names are made fit for every platform, so that a folder can be
 *     copied to any other; else only what is unsafe on POSIX systems is changed
 */
public record MetainfoOptions(
    BencodeLimits bencode,
    int maxPieces,
    int maxFiles,
    int maxPathDepth,
    int maxRenames,
    boolean portableNames) {
  /** 10 MB, 4,194,304 pieces, a million files, 100 elements, 500 renames, portable names. */
  public static final MetainfoOptions DEFAULT =
      new MetainfoOptions(BencodeLimits.FILE, 1 << 22, 1_000_000, 100, 500, true);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public MetainfoOptions {
    if (maxPieces < 1 || maxFiles < 1 || maxPathDepth < 1 || maxRenames < 0) {
      throw new IllegalArgumentException("a limit is out of range");
    }
  }

  /** These options with other limits for the file as such. */
  public MetainfoOptions withBencode(BencodeLimits limits) {
    return new MetainfoOptions(
        limits, maxPieces, maxFiles, maxPathDepth, maxRenames, portableNames);
  }

  /** These options with portable names on or off. */
  public MetainfoOptions withPortableNames(boolean portable) {
    return new MetainfoOptions(bencode, maxPieces, maxFiles, maxPathDepth, maxRenames, portable);
  }
}
