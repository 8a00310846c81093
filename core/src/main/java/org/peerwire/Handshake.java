package org.peerwire;

import java.util.EnumSet;
import java.util.Set;

/**
 * The first message of each side (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP
 * 3</a>).
 *
 * @param reserved the eight reserved bytes as one big-endian number, all 64 bits as they came
 * @param infoHash the torrent
 * @param peerId who sends it
 */
public record Handshake(long reserved, InfoHash infoHash, PeerId peerId) {
  /** The length of a handshake, in bytes. */
  public static final int LENGTH = 68;

  /** Whether the sender offers {@code feature}; it is on only if both sides do. */
  public boolean offers(Feature feature) {
    return (reserved & feature.mask()) != 0;
  }

  /** The features offered, those that have a name here. */
  public Set<Feature> features() {
    EnumSet<Feature> offered = EnumSet.noneOf(Feature.class);
    for (Feature feature : Feature.values()) {
      if (offers(feature)) {
        offered.add(feature);
      }
    }
    return offered;
  }
}
