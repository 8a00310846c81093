package org.peerwire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An IPv4 or IPv6 address as a plain value: nothing is looked up. An IPv4 address that is wrapped
 * into an IPv6 one ({@code ::ffff:10.0.0.1}) becomes the IPv4 address it is, so that no rule about
 * addresses can be walked around by writing one differently. Immutable.
 */
public final class IpAddress {
  /** The length of an IPv4 address, in bytes. */
  public static final int V4_LENGTH = 4;

  /** The length of an IPv6 address, in bytes. */
  public static final int V6_LENGTH = 16;

  private final byte[] bytes;

  private IpAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The address with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are neither 4 nor 16
   */
  public static IpAddress of(byte[] bytes) {
    if (bytes.length != V4_LENGTH && bytes.length != V6_LENGTH) {
      throw new IllegalArgumentException("an address of " + bytes.length + " bytes");
    }
    return new IpAddress(isMapped(bytes) ? Arrays.copyOfRange(bytes, 12, 16) : bytes.clone());
  }

  /**
   * Takes the next bytes of {@code source}.
   *
   * @param length {@link #V4_LENGTH} or {@link #V6_LENGTH}
   * @throws java.nio.BufferUnderflowException if there are fewer
   */
  public static IpAddress readFrom(ByteBuffer source, int length) {
    byte[] bytes = new byte[length];
    source.get(bytes);
    return of(bytes);
  }

  /**
   * The address written in numbers: {@code 192.0.2.1} or {@code 2001:db8::1}, without brackets,
   * zone or port.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static IpAddress parse(String text) {
    return of(IpText.parse(text));
  }

  /** Whether it is an IPv4 address. */
  public boolean isV4() {
    return bytes.length == V4_LENGTH;
  }

  /** How many bytes it has, 4 or 16. */
  public int length() {
    return bytes.length;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Appends the bytes to {@code target}. */
  public void writeTo(ByteBuffer target) {
    target.put(bytes);
  }

  /**
   * Whether the first bits are the same.
   *
   * @param bits 0 to 32 or 128
   */
  public boolean sharesPrefix(IpAddress other, int bits) {
    if (bytes.length != other.bytes.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    int rest = bits % Byte.SIZE;
    return Arrays.equals(bytes, 0, whole, other.bytes, 0, whole)
        && (rest == 0 || ((bytes[whole] ^ other.bytes[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0);
  }

  /**
   * Its network: the same address with all bits but the first ones cleared.
   *
   * @param bits 0 to 32 or 128
   */
  public IpAddress prefix(int bits) {
    byte[] network = new byte[bytes.length];
    int whole = bits / Byte.SIZE;
    System.arraycopy(bytes, 0, network, 0, whole);
    if (bits % Byte.SIZE != 0) {
      network[whole] = (byte) (bytes[whole] & (0xff00 >>> (bits % Byte.SIZE)));
    }
    return new IpAddress(network);
  }

  /** Who can reach it. */
  public IpScope scope() {
    return IpScope.of(bytes);
  }

  /**
   * Whether an address that a peer told is one that this peer could know from its own connections:
   * everyone may tell a global one, but one of this machine or of a private network is believed
   * only from within. Otherwise anyone could make us connect to what only we can reach.
   *
   * @param teller the address of the peer that told it
   */
  public boolean isCredibleFrom(IpAddress teller) {
    IpScope scope = scope();
    return scope == IpScope.GLOBAL || (scope != IpScope.NONE && scope == teller.scope());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * {@code 192.0.2.1} or {@code 2001:db8::1}, in the form of <a
   * href="https://www.rfc-editor.org/rfc/rfc5952">RFC 5952</a>.
   */
  @Override
  public String toString() {
    return IpText.print(bytes);
  }

  private static boolean isMapped(byte[] bytes) {
    if (bytes.length != V6_LENGTH || bytes[10] != -1 || bytes[11] != -1) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
