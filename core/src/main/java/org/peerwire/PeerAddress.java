package org.peerwire;

import java.nio.ByteBuffer;

/**
 * Where a peer listens: an address and a port. Nothing is looked up.
 *
 * @param ip its address
 * @param port TCP or UDP port, 0 to 65535; a peer may tell 0, where nobody listens
 */
public record PeerAddress(IpAddress ip, int port) {
  /**
   * Checks the port.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public PeerAddress {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port " + port);
    }
  }

  /**
   * Takes the next bytes of {@code source}, in compact form: the address, then two bytes of port.
   *
   * @param ipLength {@link IpAddress#V4_LENGTH} or {@link IpAddress#V6_LENGTH}
   * @throws java.nio.BufferUnderflowException if there are fewer
   */
  public static PeerAddress readFrom(ByteBuffer source, int ipLength) {
    IpAddress ip = IpAddress.readFrom(source, ipLength);
    return new PeerAddress(ip, source.getShort() & 0xffff);
  }

  /** Appends the compact form to {@code target}: 6 bytes, or 18 for IPv6. */
  public void writeTo(ByteBuffer target) {
    ip.writeTo(target);
    target.putShort((short) port);
  }

  /** {@code 192.0.2.1:6881} or {@code [2001:db8::1]:6881}. */
  @Override
  public String toString() {
    return ip.isV4() ? ip + ":" + port : "[" + ip + "]:" + port;
  }
}
