package org.peerwire.bencode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A string of bytes. */
public final class BencodeString extends BencodeValue implements Comparable<BencodeString> {
  BencodeString(Tape tape, int token) {
    super(tape, token);
  }

  /** The number of bytes. */
  public int size() {
    return tape.end(token) - tape.link(token);
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** The bytes: a read-only view of the input. */
  public ByteBuffer bytes() {
    return tape.input().slice(tape.link(token), size());
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    byte[] copy = new byte[size()];
    tape.input().get(tape.link(token), copy);
    return copy;
  }

  /**
   * The bytes as UTF-8; what is not UTF-8 becomes U+FFFD. The text may hold anything, terminal
   * escapes included: see {@link org.peerwire.SafeText} before showing it.
   */
  public String text() {
    return new String(toByteArray(), StandardCharsets.UTF_8);
  }

  /** Whether the bytes are those of {@code text} in UTF-8. */
  public boolean is(String text) {
    return is(text.getBytes(StandardCharsets.UTF_8));
  }

  boolean is(byte[] expected) {
    return matches(tape, token, expected);
  }

  static boolean matches(Tape tape, int token, byte[] expected) {
    int start = tape.link(token);
    if (tape.end(token) - start != expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (tape.input().get(start + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Compares as raw unsigned bytes, the order of keys in a dictionary. */
  @Override
  public int compareTo(BencodeString other) {
    ByteBuffer mine = bytes();
    ByteBuffer theirs = other.bytes();
    int at = mine.mismatch(theirs);
    if (at < 0 || at == mine.remaining() || at == theirs.remaining()) {
      return Integer.compare(mine.remaining(), theirs.remaining());
    }
    return Byte.compareUnsigned(mine.get(at), theirs.get(at));
  }
}
