package org.peerwire.peer;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;

/**
 * The canonical priority of a connection (<a
 * href="https://www.bittorrent.org/beps/bep_0040.html">BEP 40</a>): both ends compute the same
 * number, and the one with too many connections keeps the higher ones. So a swarm's connections are
 * spread at random, and nobody can fill all slots of a peer from one network.
 */
public final class PeerPriority {
  private static final int V4_WIDEST = 2;
  private static final int V6_WIDEST = 6;

  private PeerPriority() {}

  /**
   * The priority, as an unsigned 32-bit number. The order of the two addresses does not matter.
   *
   * @param one ours, as the peer sees it
   * @param other the peer's
   * @throws IllegalArgumentException if one is IPv4 and the other IPv6
   */
  public static long of(PeerAddress one, PeerAddress other) {
    byte[] a = one.ip().toBytes();
    byte[] b = other.ip().toBytes();
    if (a.length != b.length) {
      throw new IllegalArgumentException("IPv4 and IPv6");
    }
    int same = Arrays.mismatch(a, b);
    if (same < 0) {
      a = port(one);
      b = port(other);
    } else {
      // What is beyond the network that tells them apart is masked half away, from the widest
      // network that counts: /16 for IPv4, /48 for IPv6.
      int widest = a.length == IpAddress.V4_LENGTH ? V4_WIDEST : V6_WIDEST;
      int whole = same < widest ? widest : same + 1;
      mask(a, whole);
      mask(b, whole);
    }
    boolean ordered = Arrays.compareUnsigned(a, b) <= 0;
    CRC32C crc = new CRC32C();
    crc.update(ordered ? a : b);
    crc.update(ordered ? b : a);
    return crc.getValue();
  }

  private static void mask(byte[] ip, int whole) {
    for (int i = whole; i < ip.length; i++) {
      ip[i] &= 0x55;
    }
  }

  private static byte[] port(PeerAddress address) {
    return new byte[] {(byte) (address.port() >>> 8), (byte) address.port()};
  }
}
