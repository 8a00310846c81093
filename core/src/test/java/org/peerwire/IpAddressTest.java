package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "::ffff:10.0.0.1, 10.0.0.1",
    "::ffff:a00:1, 10.0.0.1",
    "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
  })
  void textGoesThereAndBack(String text, String printed) {
    IpAddress ip = IpAddress.parse(text);
    assertThat(ip).hasToString(printed);
    assertThat(IpAddress.parse(printed)).isEqualTo(ip).hasSameHashCodeAs(ip);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.",
        "a.b.c.d",
        "localhost",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "12345::",
        "::g",
        "fe80::1%eth0",
        "[::1]",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.4:1",
        "-1.2.3.4",
        "\u0661.2.3.4",
        "999999999999.1.1.1"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> IpAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, NONE",
    "0.1.2.3, NONE",
    "224.0.0.1, NONE",
    "255.255.255.255, NONE",
    "240.0.0.1, NONE",
    "127.0.0.1, LOOPBACK",
    "127.255.1.2, LOOPBACK",
    "::1, LOOPBACK",
    "::ffff:127.0.0.1, LOOPBACK",
    "169.254.169.254, LINK",
    "fe80::1, LINK",
    "::ffff:169.254.169.254, LINK",
    "10.0.0.1, PRIVATE",
    "172.16.0.1, PRIVATE",
    "172.31.255.1, PRIVATE",
    "192.168.1.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "fc00::1, PRIVATE",
    "fd12::1, PRIVATE",
    "fec0::1, PRIVATE",
    "172.32.0.1, GLOBAL",
    "8.8.8.8, GLOBAL",
    "100.128.0.1, GLOBAL",
    "2001:4860::1, GLOBAL",
    "::, NONE",
    "::2, NONE",
    "::7f00:1, NONE",
    "ff02::1, NONE",
    "fe00::1, NONE",
    "2002:7f00:1::, NONE",
    "2002:808:808::1, GLOBAL",
    "64:ff9b::10.0.0.1, NONE",
    "64:ff9b::8.8.8.8, GLOBAL",
  })
  void whoCanReachIt(String text, IpScope scope) {
    assertThat(IpAddress.parse(text).scope()).isEqualTo(scope);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.255, 32, 192.0.2.255",
    "192.0.2.255, 24, 192.0.2.0",
    "192.0.2.255, 25, 192.0.2.128",
    "192.0.2.255, 31, 192.0.2.254",
    "192.0.2.255, 0, 0.0.0.0",
    "2001:db8:ffff:ffff::1, 48, 2001:db8:ffff::",
    "2001:db8:ffff:ffff::1, 64, 2001:db8:ffff:ffff::",
    "2001:db8:ffff:ffff::1, 128, 2001:db8:ffff:ffff::1",
  })
  void theNetworkIsTheFirstBits(String text, int bits, String network) {
    assertThat(IpAddress.parse(text).prefix(bits)).isEqualTo(IpAddress.parse(network));
  }

  @Test
  void compactFormGoesThereAndBack() {
    PeerAddress v4 = new PeerAddress(IpAddress.parse("192.0.2.1"), 6881);
    PeerAddress v6 = new PeerAddress(IpAddress.parse("2001:db8::1"), 65535);
    ByteBuffer out = ByteBuffer.allocate(24);
    v4.writeTo(out);
    v6.writeTo(out);
    assertThat(HexFormat.of().formatHex(out.array()))
        .isEqualTo("c0000201" + "1ae1" + "20010db8000000000000000000000001" + "ffff");
    out.flip();
    assertThat(PeerAddress.readFrom(out, 4)).isEqualTo(v4).hasToString("192.0.2.1:6881");
    assertThat(PeerAddress.readFrom(out, 16)).isEqualTo(v6).hasToString("[2001:db8::1]:65535");
    assertThatThrownBy(() -> new PeerAddress(v4.ip(), 65536))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IpAddress.of(new byte[5]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
