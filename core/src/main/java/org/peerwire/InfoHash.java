package org.peerwire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The 20 bytes that name a torrent on the wire: the SHA-1 of its info dictionary, or for a v2
 * torrent the first 20 bytes of the SHA-256 (<a
 * href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>, <a
 * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>). Immutable.
 */
public final class InfoHash {
  /** The length of an info-hash on the wire, in bytes. */
  public static final int LENGTH = Hash20.LENGTH;

  private final byte[] bytes;

  private InfoHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The info-hash with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are not exactly 20
   */
  public static InfoHash of(byte[] bytes) {
    return new InfoHash(Hash20.copyOf(bytes, "an info-hash"));
  }

  /**
   * The info-hash written as 40 hexadecimal digits, of either case.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static InfoHash parse(String hex) {
    return new InfoHash(Hash20.parseHex(hex, "an info-hash"));
  }

  /**
   * Takes the next 20 bytes of {@code source}.
   *
   * @throws java.nio.BufferUnderflowException if there are fewer
   */
  public static InfoHash readFrom(ByteBuffer source) {
    return new InfoHash(Hash20.readFrom(source));
  }

  /** A copy of the 20 bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Appends the 20 bytes to {@code target}. */
  public void writeTo(ByteBuffer target) {
    target.put(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InfoHash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The 40 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return Hash20.hex(bytes);
  }
}
