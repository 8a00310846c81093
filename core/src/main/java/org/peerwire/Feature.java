package org.peerwire;

/**
 * What a bit of the handshake's eight reserved bytes offers. A feature is on only when both sides
 * offer it; bits that are not named here stay readable in {@link Handshake#reserved()}.
 */
public enum Feature {
  /** Azureus messaging: byte 0, {@code 0x80}. Known by name only. */
  AZUREUS_MESSAGING(0, 0x80),
  /**
   * The extension protocol, <a href="https://www.bittorrent.org/beps/bep_0010.html">BEP 10</a>:
   * byte 5, {@code 0x10}.
   */
  EXTENSION_PROTOCOL(5, 0x10),
  /**
   * Takes part in the DHT, <a href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</a>: byte
   * 7, {@code 0x01}.
   */
  DHT(7, 0x01),
  /** XBT peer exchange: byte 7, {@code 0x02}. Known by name only. */
  XBT_PEER_EXCHANGE(7, 0x02),
  /**
   * The fast extension, <a href="https://www.bittorrent.org/beps/bep_0006.html">BEP 6</a>: byte 7,
   * {@code 0x04}.
   */
  FAST(7, 0x04),
  /** NAT traversal: byte 7, {@code 0x08}. Known by name only. */
  NAT_TRAVERSAL(7, 0x08),
  /**
   * A hybrid torrent that may be upgraded to v2, <a
   * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>: byte 7, {@code 0x10}.
   */
  V2_UPGRADE(7, 0x10);

  private final long mask;

  Feature(int byteIndex, int bit) {
    mask = (long) bit << (8 * (7 - byteIndex));
  }

  /** The bit, in the eight reserved bytes read as one big-endian number. */
  public long mask() {
    return mask;
  }
}
