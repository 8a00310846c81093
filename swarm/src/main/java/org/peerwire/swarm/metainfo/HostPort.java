package org.peerwire.swarm.metainfo;

/**
 * A host, by name or address, and a TCP port, as someone wrote it: not resolved, and not checked
 * for where it points.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {
  /**
   * Checks the port.
   *
   * @throws IllegalArgumentException if it is out of range, or the host is empty
   */
  public HostPort {
    if (host.isEmpty() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a host and a port");
    }
  }

  /** As it is written, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
