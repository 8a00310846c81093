package org.peerwire.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;

/** The addresses of sockets, and those of the protocol. */
final class Addresses {
  private Addresses() {}

  /**
   * Where a socket is, or is to be.
   *
   * @param address resolved
   */
  static PeerAddress of(InetSocketAddress address) {
    return new PeerAddress(IpAddress.of(address.getAddress().getAddress()), address.getPort());
  }

  /** The address for a socket; nothing is resolved. */
  static InetSocketAddress of(PeerAddress peer) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(peer.ip().toBytes()), peer.port());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(InetSocketAddress address) {
    return of(address).toString();
  }
}
