package org.peerwire.extension.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.SplitMix64;
import org.peerwire.extension.Wired;

class HolepunchTest {
  private static final PeerAddress V4 = new PeerAddress(IpAddress.parse("127.0.0.7"), 6881);
  private static final PeerAddress V6 = new PeerAddress(IpAddress.parse("::1"), 6882);

  private final List<String> heard = new ArrayList<>();

  private class Recorder implements UtHolepunch.Listener {
    @Override
    public void onConnect(UtHolepunch relay, PeerAddress target) {
      heard.add("connect " + target);
    }

    @Override
    public void onError(UtHolepunch relay, PeerAddress target, HolepunchError error) {
      heard.add("error " + target + " " + error);
    }

    @Override
    public void onUnsolicitedConnect(UtHolepunch relay, PeerAddress initiator) {
      heard.add("unsolicited " + initiator);
    }
  }

  private final UtHolepunch handle = new UtHolepunch(new Recorder());

  private Wired peer(UtHolepunch extension) {
    Wired wired = Wired.open(wire -> wire.use(extension));
    wired.extended(0, "d1:md12:ut_holepunchi4eee");
    return wired;
  }

  @Test
  void aRendezvousAndItsAnswers() {
    Wired peer = peer(handle);
    assertThat(handle.rendezvous(V4)).isTrue();
    // length 14, extended, the peer's id, rendezvous, IPv4, address, port, no error
    assertThat(peer.saidHex())
        .isEqualTo("0000000e" + "14" + "04" + "00" + "00" + "7f000007" + "1ae1" + "00000000");
    assertThat(handle.rendezvous(V6)).isTrue();
    assertThat(peer.saidHex())
        .isEqualTo("0000001a" + "1404" + "0001" + "0".repeat(31) + "1" + "1ae2" + "00000000");
    peer.hear("0000000e 14 01 01 00 7f000007 1ae1 00000000"); // connect
    peer.hear("0000001a 14 01 02 01 00000000000000000000000000000001 1ae2 00000002"); // error 2
    assertThat(heard).containsExactly("connect 127.0.0.7:6881", "error [::1]:6882 NOT_CONNECTED");
  }

  @Test
  void p10_aConnectThatWasNotAskedForIsToldApart() {
    Wired peer = peer(handle);
    peer.hear("0000000e 14 01 01 00 7f000007 1ae1 00000000");
    assertThat(heard).containsExactly("unsolicited 127.0.0.7:6881");
    handle.rendezvous(V4);
    peer.hear("0000000e 14 01 01 00 7f000007 1ae1 00000000");
    peer.hear("0000000e 14 01 01 00 7f000007 1ae1 00000000"); // once for one
    peer.hear("0000000e 14 01 02 00 7f000007 1ae1 00000001"); // an error for nothing
    assertThat(heard)
        .containsExactly(
            "unsolicited 127.0.0.7:6881", "connect 127.0.0.7:6881", "unsolicited 127.0.0.7:6881");
  }

  @Test
  void p10_weAreNoRelayUnlessTheApplicationMakesUsOne() {
    Wired peer = peer(handle);
    peer.hear("0000000e 14 01 00 00 7f000007 1ae1 00000000"); // rendezvous
    assertThat(peer.saidHex())
        .isEqualTo("0000000e" + "1404" + "02" + "00" + "7f000007" + "1ae1" + "00000002");

    UtHolepunch target = new UtHolepunch(new Recorder());
    Wired other = peer(target);
    UtHolepunch relay =
        new UtHolepunch(
            new Recorder() {
              @Override
              public @Nullable HolepunchError onRendezvous(UtHolepunch from, PeerAddress wanted) {
                from.connect(wanted);
                target.connect(V6);
                return null;
              }
            });
    Wired initiator = peer(relay);
    initiator.hear("0000000e 14 01 00 00 7f000007 1ae1 00000000");
    assertThat(initiator.saidHex()).startsWith("0000000e" + "1404" + "0100" + "7f000007");
    assertThat(other.saidHex()).startsWith("0000001a" + "1404" + "0101");
    for (int i = 0; i < 100; i++) {
      initiator.hear("0000000e 14 01 00 00 7f000007 1ae1 00000000");
    }
    assertThat(other.said()).hasSize(9); // ten a minute
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000002 14 01", // nothing
        "00000003 14 01 00", // no address kind
        "0000000e 14 01 00 02 7f000007 1ae1 00000000", // a kind that is none
        "0000000e 14 01 03 00 7f000007 1ae1 00000000", // a type that is none
        "0000000e 14 01 00 01 7f000007 1ae1 00000000", // short for IPv6
        "0000000d 14 01 00 00 7f000007 1ae1 000000", // short
        "0000000f 14 01 00 00 7f000007 1ae1 0000000000", // long
      })
  void p10_whatCannotBeReadIsIgnored(String hex) {
    Wired peer = peer(handle);
    peer.hear(hex);
    assertThat(heard).isEmpty();
    assertThat(peer.said()).isEmpty();
    assertThat(peer.violations()).isEmpty();
  }

  @Test
  void whoDoesNotSpeakItGetsNoAnswer() {
    Wired peer = Wired.open(wire -> wire.use(handle));
    peer.hear("0000000e 14 01 00 00 7f000007 1ae1 00000000");
    assertThat(peer.said()).isEmpty();
    assertThat(handle.rendezvous(V4)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void anyBytesAreNoMoreThanIgnored(long seed) {
    System.out.println("HolepunchTest seed " + seed);
    SplitMix64 random = new SplitMix64(seed);
    Wired peer = peer(handle);
    for (int i = 0; i < 20_000; i++) {
      byte[] payload = random.bytes(random.below(28));
      if (payload.length > 1) {
        payload[0] &= 3;
        payload[1] &= 1;
      }
      peer.extended(1, payload);
    }
    assertThat(peer.violations()).isEmpty();
    assertThat(peer.said()).hasSizeLessThanOrEqualTo(10);
  }
}
