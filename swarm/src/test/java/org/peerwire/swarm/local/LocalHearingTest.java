package org.peerwire.swarm.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.IpAddress;

class LocalHearingTest {
  private static final long SECOND = 1_000_000_000L;

  private final LocalHearing hearing = new LocalHearing();

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "10.1.2.3, true",
    "192.168.0.1, true",
    "169.254.1.1, true",
    "fe80::1, true",
    "fd00::1, true",
    "203.0.113.7, false",
    "::ffff:203.0.113.7, false",
    "2001:db8::1, false",
    "0.0.0.0, false",
    "239.192.152.143, false",
    "255.255.255.255, false",
  })
  void onlyTheLocalNetworkIsHeard(String from, boolean admitted) {
    assertThat(hearing.admits(IpAddress.parse(from), 0)).isEqualTo(admitted);
  }

  @Test
  void ofAMachineFourASecond() {
    IpAddress loud = IpAddress.parse("10.0.0.1");
    assertThat(admitted(loud, 5)).isEqualTo(4);
    assertThat(hearing.admits(IpAddress.parse("10.0.0.2"), 5)).isTrue();
    assertThat(admitted(loud, 5 + SECOND - 1)).isZero();
    assertThat(admitted(loud, 5 + SECOND)).isEqualTo(4);
  }

  @Test
  void ofAllSixtyFourASecond() {
    int admitted = 0;
    for (int i = 0; i < 10_000; i++) {
      IpAddress each = IpAddress.parse("10.0." + i / 250 + "." + i % 250);
      admitted += hearing.admits(each, i) ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(64);
  }

  private int admitted(IpAddress from, long now) {
    int admitted = 0;
    for (int i = 0; i < 1_000; i++) {
      admitted += hearing.admits(from, now) ? 1 : 0;
    }
    return admitted;
  }
}
