package org.peerwire.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.PeerId;
import org.peerwire.SplitMix64;

class PeerTest {
  private static final InfoHash AA = InfoHash.parse("aa".repeat(20));

  /** The check values of BEP 6. */
  @Test
  void theSpecificationsAllowedFastSet() {
    IpAddress peer = IpAddress.parse("80.4.4.200");
    assertThat(AllowedFast.pieces(peer, AA, 1313, 7))
        .containsExactly(1059, 431, 808, 1217, 287, 376, 1188);
    assertThat(AllowedFast.pieces(peer, AA, 1313, 9))
        .containsExactly(1059, 431, 808, 1217, 287, 376, 1188, 353, 508);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 9, 10, 11})
  void a10_theSetEndsHoweverFewPiecesThereAre(int pieces) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          int[] set = AllowedFast.pieces(IpAddress.parse("10.1.2.3"), AA, pieces, 10);
          assertThat(set).hasSize(Math.min(pieces, 10)).doesNotHaveDuplicates();
          assertThat(IntStream.of(set)).allMatch(piece -> piece >= 0 && piece < pieces);
        });
  }

  @Test
  void a10_aNetworkOf256AddressesGetsOneSet() {
    int[] set = AllowedFast.pieces(IpAddress.parse("80.4.4.200"), AA, 1313, 10);
    assertThat(AllowedFast.pieces(IpAddress.parse("80.4.4.1"), AA, 1313, 10)).isEqualTo(set);
    assertThat(AllowedFast.pieces(IpAddress.parse("80.4.5.200"), AA, 1313, 10)).isNotEqualTo(set);
    assertThat(AllowedFast.pieces(IpAddress.parse("2001:db8::1"), AA, 1313, 10)).isEmpty();
  }

  /** The check values of BEP 40, and what follows from its masks. */
  @ParameterizedTest
  @CsvSource({
    "123.213.32.10, 98.76.54.32, EC2D7224",
    "123.213.32.10, 123.213.32.234, 99568189",
  })
  void theSpecificationsPriorities(String one, String other, String expected) {
    PeerAddress a = new PeerAddress(IpAddress.parse(one), 1);
    PeerAddress b = new PeerAddress(IpAddress.parse(other), 2);
    assertThat(PeerPriority.of(a, b)).isEqualTo(Long.parseLong(expected, 16));
    assertThat(PeerPriority.of(b, a)).isEqualTo(Long.parseLong(expected, 16));
  }

  @Test
  void masksFollowTheNetworkThatTellsTwoApart() {
    // /16 in common: the third byte counts in full.
    assertThat(priority("1.2.3.4", "1.2.4.4")).isNotEqualTo(priority("1.2.3.4", "1.2.5.4"));
    // Nothing in common: of the third byte every second bit counts.
    assertThat(priority("1.2.3.4", "9.2.0.0")).isEqualTo(priority("1.2.3.4", "9.2.170.170"));
    assertThat(priority("2001:db8:1::1", "2001:db8:2::1"))
        .isEqualTo(priority("2001:db8:1::1", "2001:db8:2:aaaa:aaaa::ab"));
    assertThat(priority("2001:db8:1:100::1", "2001:db8:1:200::1"))
        .isNotEqualTo(priority("2001:db8:1:100::1", "2001:db8:1:a00::1"));
    PeerAddress same = new PeerAddress(IpAddress.parse("1.2.3.4"), 6881);
    assertThat(PeerPriority.of(same, new PeerAddress(same.ip(), 6882)))
        .isNotEqualTo(PeerPriority.of(same, new PeerAddress(same.ip(), 6883)));
  }

  @ParameterizedTest
  @CsvSource({
    "-qB4520-abcdefghijkl, qBittorrent 4.5.2",
    "-TR2940-abcdefghijkl, Transmission 2.94",
    "-TR3000-abcdefghijkl, Transmission 3.00",
    "-TR4060-abcdefghijkl, Transmission 4.0.6",
    "-LT20B0-abcdefghijkl, libtorrent 2.0.11",
    "-lt0D80-abcdefghijkl, rTorrent 0.13.8",
    "-WW0101-abcdefghijkl, WebTorrent 0.1.0.1",
    "-PW0100-abcdefghijkl, peerwire 0.1",
    "-zz1234-abcdefghijkl, zz 1.2.3.4",
    "M7-10-5--abcdefghijk, BitTorrent 7.10.5",
    "S58B-----abcdefghijk, Shadow's client 5.8.11",
    "T03I--00abcdefghijkl, BitTornado 0.3.18",
  })
  void clientsByTheirIds(String id, String name) {
    assertThat(PeerNames.of(PeerId.ofAscii(id))).isEqualTo(name);
  }

  @Test
  void microTorrentHasItsMu() {
    assertThat(PeerNames.of(PeerId.ofAscii("-UT3550-abcdefghijkl")))
        .isEqualTo("\u00b5Torrent 3.5.5");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyIdIsAnsweredAndFitToBeShown(long seed) {
    System.out.println("PeerTest seed " + seed);
    SplitMix64 random = new SplitMix64(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] id = random.bytes(20);
      if (i % 2 == 0) {
        id[0] = '-';
        id[7] = '-';
      } else if (i % 3 == 0) {
        id[0] = "MQSTA".getBytes(StandardCharsets.US_ASCII)[random.below(5)];
        id[1 + random.below(8)] = '-';
      }
      String name = PeerNames.of(PeerId.of(id));
      if (name != null) {
        assertThat(org.peerwire.SafeText.of(name)).isEqualTo(name);
      }
    }
  }

  private static long priority(String one, String other) {
    return PeerPriority.of(
        new PeerAddress(IpAddress.parse(one), 6881), new PeerAddress(IpAddress.parse(other), 6881));
  }
}
