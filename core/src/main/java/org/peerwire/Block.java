package org.peerwire;

/**
 * The part of a piece that one request asks for.
 *
 * @param piece piece index, from 0
 * @param begin offset inside the piece, in bytes, from 0
 * @param length in bytes, from 1
 */
public record Block(int piece, int begin, int length) {
  /** The length of every block but the last of a piece, by convention: 16 KiB. */
  public static final int LENGTH = 1 << 14;
}
