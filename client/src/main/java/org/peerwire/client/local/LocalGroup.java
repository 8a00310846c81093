package org.peerwire.client.local;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The multicast group in which the peers of a network find each other. Of IPv4 alone: who has only
 * IPv6 is not found.
 *
 * @param address the group's, and the port
 * @param only the one interface that it is spoken to on; null: those where peers can dial us
 */
public record LocalGroup(InetSocketAddress address, @Nullable NetworkInterface only) {
  /** More than a machine has; each costs a datagram in five minutes. */
  static final int MAX_INTERFACES = 8;

  private static final byte[] GROUP = {(byte) 239, (byte) 192, (byte) 152, (byte) 143};

  /** The one of BEP 14. */
  public static final LocalGroup STANDARD = of(6771, null);

  /** The group of BEP 14 at another port, for those who want to be among themselves. */
  public static LocalGroup of(int port, @Nullable NetworkInterface only) {
    try {
      return new LocalGroup(new InetSocketAddress(InetAddress.getByAddress(GROUP), port), only);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How it is named in a datagram. */
  String host() {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /**
   * The interfaces on which peers can dial us: that of the address that is listened at, or, if it
   * is none in particular, all that are up and lead to a network.
   *
   * @param listen where peers are listened for; null if they are not
   */
  List<NetworkInterface> interfaces(@Nullable InetAddress listen) throws IOException {
    if (only != null) {
      return List.of(only);
    }
    if (listen != null && !listen.isAnyLocalAddress()) {
      NetworkInterface its =
          listen instanceof Inet4Address ? NetworkInterface.getByInetAddress(listen) : null;
      return Optional.ofNullable(its).map(List::of).orElse(List.of());
    }
    return NetworkInterface.networkInterfaces()
        .filter(LocalGroup::isOfNetwork)
        .limit(MAX_INTERFACES)
        .toList();
  }

  private static boolean isOfNetwork(NetworkInterface each) {
    try {
      return each.isUp()
          && !each.isLoopback()
          && !each.isPointToPoint()
          && each.supportsMulticast()
          && each.inetAddresses().anyMatch(Inet4Address.class::isInstance);
    } catch (IOException e) {
      // It has just gone.
      return false;
    }
  }
}
