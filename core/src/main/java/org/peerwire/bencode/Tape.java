package org.peerwire.bencode;

import java.nio.ByteBuffer;

/**
 * The result of a scan, three numbers a token, in the order in which tokens start in the input.
 *
 * <pre>
 *   input    d  1:a  l  i7e  e  1:b  2:xy  e
 *   token    0   1   2   3       4    5
 *   start    0   1   4   5       9   12
 *   end     17   4   9   8      12   16
 *   link     6   3   4   6      11   14     containers: the token after the last one inside;
 *                                            strings and integers: where the content starts
 * </pre>
 */
final class Tape {
  static final int STRIDE = 3;
  static final int START = 0;
  static final int END = 1;
  static final int LINK = 2;

  private final ByteBuffer input;
  private final int[] entries;

  Tape(ByteBuffer input, int[] entries) {
    this.input = input;
    this.entries = entries;
  }

  ByteBuffer input() {
    return input;
  }

  int tokens() {
    return entries.length / STRIDE;
  }

  int start(int token) {
    return entries[token * STRIDE + START];
  }

  int end(int token) {
    return entries[token * STRIDE + END];
  }

  int link(int token) {
    return entries[token * STRIDE + LINK];
  }

  /** The byte that tells the token's type. */
  byte kind(int token) {
    return input.get(start(token));
  }

  boolean isContainer(int token) {
    byte kind = kind(token);
    return kind == 'd' || kind == 'l';
  }

  /** The token after this one and everything inside it. */
  int next(int token) {
    return isContainer(token) ? link(token) : token + 1;
  }

  BencodeValue value(int token) {
    return switch (kind(token)) {
      case 'd' -> new BencodeDict(this, token);
      case 'l' -> new BencodeList(this, token);
      case 'i' -> new BencodeInteger(this, token);
      default -> new BencodeString(this, token);
    };
  }
}
