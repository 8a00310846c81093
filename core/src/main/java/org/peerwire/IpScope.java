package org.peerwire;

/** Who can reach an address. */
public enum IpScope {
  /** Nobody, or not one machine: unspecified, multicast, broadcast, reserved. */
  NONE,
  /** This machine alone. */
  LOOPBACK,
  /** The machines on one cable. Cloud machines find secrets at such an address. */
  LINK,
  /** A private network, or that behind a carrier's NAT. */
  PRIVATE,
  /** Everyone. */
  GLOBAL;

  static IpScope of(byte[] ip) {
    return ip.length == IpAddress.V4_LENGTH ? ofV4(ip, 0) : ofV6(ip);
  }

  private static IpScope ofV4(byte[] ip, int at) {
    int first = ip[at] & 0xff;
    int second = ip[at + 1] & 0xff;
    if (first == 0 || first >= 224) {
      return NONE;
    }
    if (first == 127) {
      return LOOPBACK;
    }
    if (first == 169 && second == 254) {
      return LINK;
    }
    boolean isPrivate =
        first == 10
            || (first == 172 && (second & 0xf0) == 16)
            || (first == 192 && second == 168)
            || (first == 100 && (second & 0xc0) == 64);
    return isPrivate ? PRIVATE : GLOBAL;
  }

  private static IpScope ofV6(byte[] ip) {
    int first = ip[0] & 0xff;
    int second = ip[1] & 0xff;
    if (zeros(ip, 0, 12)) {
      // Above ::1 are the IPv4-compatible addresses, which nobody uses any more.
      return zeros(ip, 12, 15) && ip[15] == 1 ? LOOPBACK : NONE;
    }
    if (first == 0xff) {
      return NONE;
    }
    if (first == 0xfe) {
      return (second & 0x80) == 0 ? NONE : (second & 0xc0) == 0x80 ? LINK : PRIVATE;
    }
    if ((first & 0xfe) == 0xfc) {
      return PRIVATE;
    }
    // Ways through which a router reaches an IPv4 address: as global as that address is.
    if (first == 0x20 && second == 0x02) {
      return embedded(ip, 2);
    }
    if (first == 0 && second == 0x64 && (ip[2] & 0xff) == 0xff && (ip[3] & 0xff) == 0x9b) {
      return embedded(ip, 12);
    }
    return GLOBAL;
  }

  private static IpScope embedded(byte[] ip, int at) {
    return ofV4(ip, at) == GLOBAL ? GLOBAL : NONE;
  }

  private static boolean zeros(byte[] ip, int from, int to) {
    for (int i = from; i < to; i++) {
      if (ip[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
