package org.peerwire.peer;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static long priority(String one, String other) {
    return PeerPriority.of(
        new PeerAddress(IpAddress.parse(one), 6881), new PeerAddress(IpAddress.parse(other), 6881));
  }
}
