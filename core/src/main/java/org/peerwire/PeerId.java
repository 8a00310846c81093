package org.peerwire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 20 bytes by which a peer names itself (<a
 * href="https://www.bittorrent.org/beps/bep_0020.html">BEP 20</a>). A claim of the peer: good for
 * display, never for trust. Immutable.
 */
public final class PeerId {
  /** The length of a peer id, in bytes. */
  public static final int LENGTH = Hash20.LENGTH;

  // Numbers, big-endian, since an array of its own would double what a peer's id takes.
  private final long head;
  private final long middle;
  private final int tail;

  private PeerId(byte[] bytes) {
    ByteBuffer numbers = ByteBuffer.wrap(bytes);
    head = numbers.getLong();
    middle = numbers.getLong();
    tail = numbers.getInt();
  }

  /**
   * The peer id with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are not exactly 20
   */
  public static PeerId of(byte[] bytes) {
    return new PeerId(Hash20.checked(bytes, "a peer id"));
  }

  /**
   * The peer id with these ASCII characters, such as {@code -PW0100-abcdefghijkl}.
   *
   * @throws IllegalArgumentException if there are not exactly 20
   */
  public static PeerId ofAscii(String text) {
    return of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * A peer id of Azureus style: {@code prefix} and then as many of the bytes of {@code random} as
   * fit.
   *
   * @param prefix at most 20 ASCII characters, such as {@code -PW0100-}
   * @param random at least {@code 20 - prefix.length()} bytes, which the caller draws: this library
   *     has no randomness
   */
  public static PeerId of(String prefix, byte[] random) {
    byte[] bytes = Arrays.copyOf(prefix.getBytes(StandardCharsets.ISO_8859_1), LENGTH);
    System.arraycopy(random, 0, bytes, prefix.length(), LENGTH - prefix.length());
    return new PeerId(bytes);
  }

  /**
   * Takes the next 20 bytes of {@code source}.
   *
   * @throws java.nio.BufferUnderflowException if there are fewer
   */
  public static PeerId readFrom(ByteBuffer source) {
    return new PeerId(Hash20.readFrom(source));
  }

  /** A copy of the 20 bytes. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(LENGTH).putLong(head).putLong(middle).putInt(tail).array();
  }

  /** Appends the 20 bytes to {@code target}. */
  public void writeTo(ByteBuffer target) {
    target.put(toBytes());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerId that
        && head == that.head
        && middle == that.middle
        && tail == that.tail;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(head ^ middle) * 31 + tail;
  }

  /**
   * Printable ASCII as it is, every other byte as {@code \xHH}: safe on a terminal whatever the
   * peer sent.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(LENGTH);
    for (byte b : toBytes()) {
      if (b >= 0x20 && b < 0x7f && b != '\\') {
        text.append((char) b);
      } else {
        text.append(String.format("\\x%02x", b & 0xff));
      }
    }
    return text.toString();
  }
}
