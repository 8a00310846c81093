package org.peerwire.swarm.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;

/** T25: where trackers may be, where they may send us, and whom they may name. */
class TrackerAddressTest {
  private static final String PUBLIC = "192.0.2.1";

  private static TrackerAddress at(String url) {
    return TrackerAddress.parse(url).orElseThrow();
  }

  @Test
  void isTakenApart() {
    assertThat(at("HTTP://t.example/announce?a=b"))
        .isEqualTo(
            new TrackerAddress(
                "HTTP://t.example/announce?a=b",
                TrackerAddress.Protocol.HTTP,
                "t.example",
                80,
                "/announce?a=b"));
    assertThat(at("https://t.example").port()).isEqualTo(443);
    assertThat(at("udp://[2001:db8::1]:6969/announce").host()).isEqualTo("2001:db8::1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "file:///etc/passwd",
        "ftp://t.example/announce",
        "gopher://127.0.0.1:6379/",
        "udp://t.example",
        "udp://t.example:0",
        "http://t.example:65536/",
        "http://:80/",
        "http:///announce",
        "http:opaque",
        "http://a b/",
        "//t.example/announce",
        "http://user@/"
      })
  void T25_whatIsNoTracker(String url) {
    assertThat(TrackerAddress.parse(url)).isEmpty();
  }

  @Test
  void T25_tooLong() {
    String url = "http://t.example/";
    assertThat(TrackerAddress.parse(url + "x".repeat(2_048 - url.length()))).isPresent();
    assertThat(TrackerAddress.parse(url + "x".repeat(2_049 - url.length()))).isEmpty();
    assertThat(TrackerAddress.parse("http://" + "x".repeat(254) + "/")).isEmpty();
  }

  @ParameterizedTest(name = "{0} at {1}: {2}, named {3}")
  @CsvSource({
    "http://t.example/announce, 192.0.2.1, true, true",
    "http://t.example/anything?q=1, 192.0.2.1, true, true",
    "http://t.example:8080/announce, 127.0.0.1, true, true",
    "http://t.example:8080/announce/x, ::1, true, true",
    "http://t.example:8080/announce, 10.0.0.1, true, true",
    "http://t.example:8080/announce?cmd=x, 127.0.0.1, false, true",
    "http://127.0.0.1:6379/, 127.0.0.1, false, true",
    "http://t.example:8080/admin/announce, 192.168.0.1, false, true",
    "http://t.example/announce, 127.0.0.1, false, true",
    "http://t.example:1023/announce, ::ffff:127.0.0.1, false, true",
    "http://t.example:1024/announce, ::ffff:127.0.0.1, true, true",
    "udp://t.example:6969, 127.0.0.1, true, true",
    "udp://t.example:6969/x, 127.0.0.1, false, true",
    "udp://t.example:53, 10.0.0.1, false, true",
    "http://t.example/announce, 169.254.169.254, false, true",
    "http://t.example:8080/announce, fe80::1, false, true",
    "http://t.example:8080/announce, 0.0.0.0, false, false",
    "http://t.example:8080/announce, 224.0.0.1, false, false"
  })
  void T25_whereATrackerMayBe(String url, String ip, boolean ofATorrent, boolean named) {
    assertThat(at(url).mayBeAsked(IpAddress.parse(ip), false)).isEqualTo(ofATorrent);
    assertThat(at(url).mayBeAsked(IpAddress.parse(ip), true)).isEqualTo(named);
  }

  @ParameterizedTest(name = "{0} at {1} to {2} at {3}: {4}")
  @CsvSource({
    "http://a/, 192.0.2.1, http://b/, 192.0.2.2, true",
    "http://a/, 192.0.2.1, https://b/, 192.0.2.2, true",
    "https://a/, 192.0.2.1, http://b/, 192.0.2.2, false",
    "http://a/, 192.0.2.1, udp://b:1/, 192.0.2.2, false",
    "http://a/, 192.0.2.1, http://b/, 127.0.0.1, false",
    "http://a/, 192.0.2.1, http://b/, ::ffff:127.0.0.1, false",
    "http://a/, 192.0.2.1, http://b/, 10.0.0.1, false",
    "http://a/, 192.0.2.1, http://b/, 169.254.169.254, false",
    "http://a/, 192.0.2.1, http://b/, fe80::1, false",
    "http://a/, 10.0.0.2, http://b/, 127.0.0.1, false",
    "http://a/, 127.0.0.1, http://b/, 169.254.169.254, false",
    "http://a/, 127.0.0.1, http://b/, 127.0.0.1, true",
    "http://a/, 127.0.0.1, http://b/, 192.0.2.1, true",
    "http://a/, 127.0.0.1, http://b/, 0.0.0.0, false"
  })
  void T25_redirectsNeverInward(
      String from, String fromIp, String to, String toIp, boolean allowed) {
    assertThat(
            TrackerAddress.mayRedirect(
                at(from), IpAddress.parse(fromIp), at(to), IpAddress.parse(toIp)))
        .isEqualTo(allowed);
  }

  private static List<String> believed(String tracker, boolean named, String... peers) {
    List<PeerAddress> told = new ArrayList<>();
    for (String peer : peers) {
      int colon = peer.lastIndexOf(':');
      told.add(
          new PeerAddress(
              IpAddress.parse(peer.substring(0, colon)),
              Integer.parseInt(peer.substring(colon + 1))));
    }
    return TrackerPeers.believed(told, IpAddress.parse(tracker), named).stream()
        .map(PeerAddress::toString)
        .toList();
  }

  @Test
  void P05_aPublicTrackerNamesPublicPeersOnly() {
    assertThat(
            believed(
                PUBLIC,
                false,
                "192.0.2.7:6881",
                "127.0.0.1:6881",
                "10.0.0.1:6881",
                "169.254.169.254:6881",
                "::1:6881",
                "fe80::1:6881",
                "::ffff:127.0.0.1:6881",
                "0.0.0.0:6881",
                "224.0.0.1:6881"))
        .containsExactly("192.0.2.7:6881");
  }

  @Test
  void P05_aTrackerOfOurSurroundingsNamesThoseToo() {
    assertThat(believed("127.0.0.1", false, "127.0.0.1:6881", "127.0.0.1:6882", "10.0.0.1:6881"))
        .containsExactly("127.0.0.1:6881", "127.0.0.1:6882");
    assertThat(believed("10.0.0.2", false, "127.0.0.1:6881", "10.0.0.1:6881", "192.0.2.1:6881"))
        .containsExactly("10.0.0.1:6881", "192.0.2.1:6881");
  }

  @Test
  void P05_oneThatTheUserNamedMayNameAnyMachine() {
    assertThat(believed(PUBLIC, true, "10.0.0.1:6881", "0.0.0.0:6881", "127.0.0.1:22"))
        .containsExactly("10.0.0.1:6881");
  }

  @Test
  void P04_noServicesAndNoSweeps() {
    assertThat(
            believed(
                PUBLIC,
                false,
                "192.0.2.7:25",
                "192.0.2.7:1023",
                "192.0.2.7:1024",
                "192.0.2.7:6881",
                "192.0.2.8:6881",
                "192.0.2.9:6881",
                "192.0.2.10:6881",
                "198.51.100.1:6881"))
        .containsExactly("192.0.2.7:1024", "192.0.2.8:6881", "192.0.2.9:6881", "198.51.100.1:6881");
  }
}
