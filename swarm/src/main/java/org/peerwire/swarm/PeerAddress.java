package org.peerwire.swarm;

/**
 * Where a peer is: a host, told apart by its text, and a port. Nothing is resolved here.
 *
 * @param host a numeric address, or a name if the client resolves it; IPv6 without brackets
 * @param port 1 to 65535; of a peer that connected to us, the one it happened to connect from
 */
public record PeerAddress(String host, int port) {
  /**
   * An address.
   *
   * @throws IllegalArgumentException if the host is empty or the port is out of range
   */
  public PeerAddress {
    if (host.isEmpty() || port < 1 || port > 0xffff) {
      throw new IllegalArgumentException(host + ":" + port);
    }
  }

  /** Whether the host is this machine: 127.0.0.0/8 or ::1. */
  public boolean isLoopback() {
    return host.startsWith("127.")
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1")
        || host.equals("localhost");
  }

  /** {@code host:port}, with IPv6 in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
