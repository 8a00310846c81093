package org.peerwire.swarm.tracker;

import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.mse.RandomSource;
import org.peerwire.testkit.SplitMix64;

/** What the tests here announce. */
final class Announces {
  static final InfoHash TORRENT = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
  static final PeerId US = PeerId.ofAscii("-PW0100-abcdefghijkl");

  private Announces() {}

  static Announce of(AnnounceEvent event, @Nullable String trackerId) {
    Announce.Totals totals = new Announce.Totals(1, 22, 333);
    return new Announce(TORRENT, US, 6881, totals, event, 50, 0xCAFE, trackerId);
  }

  static RandomSource random(long seed) {
    SplitMix64 numbers = new SplitMix64(seed);
    return target -> {
      for (int i = 0; i < target.length; i++) {
        target[i] = (byte) numbers.nextLong();
      }
    };
  }
}
