package org.peerwire.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.peerwire.PeerAddress;

/** The same address as each of the others has it. */
final class Addresses {
  private Addresses() {}

  static InetSocketAddress of(PeerAddress peer) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(peer.ip().toBytes()), peer.port());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(InetSocketAddress address) {
    return new org.peerwire.swarm.PeerAddress(
            address.getAddress().getHostAddress(), address.getPort())
        .toString();
  }
}
