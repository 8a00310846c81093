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
    return matches(tape, token, text);
  }

  /** Keys are looked up often and are ASCII, so they are compared without being encoded first. */
  static boolean matches(Tape tape, int token, String text) {
    int start = tape.link(token);
    int size = tape.end(token) - start;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return new BencodeString(tape, token)
            .bytes()
            .equals(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      }
      if (i >= size || tape.input().get(start + i) != c) {
        return false;
      }
    }
    return size == text.length();
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
