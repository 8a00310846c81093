package org.peerwire.extension.pex;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.Profile;
import org.peerwire.SplitMix64;
import org.peerwire.Violation;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.extension.Wired;
import org.peerwire.wire.CloseCause;

class PexTest {
  private static final String HELLO = "d1:md6:ut_pexi2ee1:pi6881ee";

  private final PexContacts contacts = new PexContacts();
  private final List<PexPeer> added = new ArrayList<>();
  private final List<PeerAddress> dropped = new ArrayList<>();
  private @Nullable UtPex pex;

  /** A peer at this address that speaks ut_pex under 2; we speak it under 1. */
  private Wired peer(String ip, Profile profile) {
    UtPex handle =
        new UtPex(
            contacts,
            ip.isEmpty() ? null : IpAddress.parse(ip),
            (source, more, gone) -> {
              added.addAll(more);
              dropped.addAll(gone);
            });
    pex = handle;
    Wired wired = Wired.open(profile, wire -> wire.use(handle));
    wired.extended(0, HELLO);
    return wired;
  }

  private Wired peer() {
    return peer("8.8.8.8", Profile.INTEROP);
  }

  private static PeerAddress at(String ip, int port) {
    return new PeerAddress(IpAddress.parse(ip), port);
  }

  /** The n-th of addresses that have no network in common. */
  private static PeerAddress nth(int n) {
    return at((11 + n / 200) + "." + (n % 200 + 1) + ".9.9", 6881);
  }

  private static byte[] compact(List<PeerAddress> peers) {
    ByteBuffer bytes = ByteBuffer.allocate(18 * peers.size());
    peers.forEach(peer -> peer.writeTo(bytes));
    byte[] all = new byte[bytes.position()];
    bytes.flip().get(all);
    return all;
  }

  private static byte[] message(String key, List<PeerAddress> peers) {
    return new BencodeWriter().beginDict().put(key, compact(peers)).end().toByteArray();
  }

  // ---------------------------------------------------------------- sending

  /** One message, byte by byte. */
  @Test
  void tellsWhomWeKnowInCompactForm() {
    contacts.add(at("192.0.2.1", 6881), PexPeer.REACHABLE | PexPeer.SEED);
    contacts.add(at("2001:db8::1", 6882), PexPeer.ENCRYPTION);
    Wired peer = peer();
    String payload =
        "64" // d
            + hex("5:added6:")
            + "c0000201" // 192.0.2.1
            + "1ae1" // 6881
            + hex("7:added.f1:")
            + "12" // reachable, seed
            + hex("6:added618:")
            + "20010db8000000000000000000000001" // 2001:db8::1
            + "1ae2" // 6882
            + hex("8:added6.f1:")
            + "01" // encryption
            + "65"; // e
    assertThat(peer.saidHex())
        .isEqualTo(String.format("%08x", payload.length() / 2 + 2) + "14" + "02" + payload);
  }

  @Test
  void tellsTheDifferenceOnceAMinute() {
    Wired peer = peer();
    assertThat(peer.said()).isEmpty();
    contacts.add(nth(1), 0);
    assertThat(peer.said()).hasSize(1);
    contacts.add(nth(2), 0);
    contacts.add(nth(3), 0);
    contacts.remove(nth(3)); // came and went: never told
    contacts.remove(nth(1));
    peer.pass(59);
    assertThat(peer.said()).isEmpty();
    peer.pass(1);
    String hex = HexFormat.of().formatHex(compact(List.of(nth(2))));
    assertThat(peer.saidHex())
        .contains(hex("5:added6:") + hex)
        .contains(hex("7:dropped6:") + HexFormat.of().formatHex(compact(List.of(nth(1)))))
        .doesNotContain(HexFormat.of().formatHex(compact(List.of(nth(3)))));
    // Nothing changed: nothing is said.
    peer.pass(100);
    assertThat(peer.said()).isEmpty();
    assertThat(peer.violations()).isEmpty();
  }

  @Test
  void atMostFiftyAtATimeAndNoneTwice() {
    for (int i = 0; i < 120; i++) {
      contacts.add(nth(i), 0);
    }
    Wired peer = peer();
    assertThat(peer.said().get(0)).contains("5:added300:");
    peer.pass(60);
    assertThat(peer.said().get(0)).contains("5:added300:");
    peer.pass(60);
    assertThat(peer.said().get(0)).contains("5:added120:");
    for (int i = 0; i < 120; i++) {
      contacts.remove(nth(i));
    }
    peer.hear("00000000");
    peer.pass(60);
    assertThat(peer.said().get(0)).contains("7:dropped300:").doesNotContain("added");
  }

  @Test
  void neverTellsAPeerAboutItself() {
    Wired peer = peer();
    contacts.add(at("8.8.8.8", 6881), 0);
    peer.pass(100);
    assertThat(peer.said()).isEmpty();
  }

  @Test
  void whoDoesNotSpeakItIsToldNothing() {
    contacts.add(nth(1), 0);
    Wired peer = Wired.open(wire -> wire.use(new UtPex(contacts, null, (a, b, c) -> {})));
    peer.extended(0, "d1:v1:xe");
    peer.pass(100);
    assertThat(peer.said()).isEmpty();
  }

  /** What one of ours says, one of ours takes. */
  @Test
  void bothRolesFitTogether() {
    for (int i = 0; i < 30; i++) {
      contacts.add(nth(i), PexPeer.UTP);
    }
    contacts.add(at("2001:db8::7", 7777), 0);
    Wired peer = peer("8.8.8.8", Profile.STRICT);
    String said = peer.said().get(0);
    peer.extended(1, said.substring(2));
    assertThat(added).hasSize(31).contains(new PexPeer(at("2001:db8::7", 7777), 0));
    assertThat(added.get(0).is(PexPeer.UTP)).isTrue();
    assertThat(peer.violations()).isEmpty();
  }

  // ---------------------------------------------------------------- P

  @ParameterizedTest
  @EnumSource
  void p01_oddLengthsAreReadAsFarAsTheyAreWhole(Profile profile) {
    Wired peer = peer("8.8.8.8", profile);
    peer.extended(1, "d5:added8:\u0008\u0008\u0004\u0004\u001a\u00e1\1\1e");
    assertThat(peer.violations()).containsExactly(Violation.PEX_MALFORMED);
    assertThat(added).containsExactly(new PexPeer(at("8.8.4.4", 6881), 0));
    peer.extended(1, "d5:added6:\u0009\u0008\u0004\u0004\u001a\u00e17:added.f3:\1\2\3e");
    assertThat(peer.violations()).hasSize(2).containsOnly(Violation.PEX_MALFORMED);
    assertThat(added).hasSize(2);
    assertThat(peer.closedBy()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void p02_moreThanOneAMinuteClosesAfterABurst(Profile profile) {
    Wired peer = peer("8.8.8.8", profile);
    for (int i = 0; i < 6; i++) {
      peer.extended(1, message("added", List.of(nth(i))));
    }
    assertThat(peer.violations()).isEmpty();
    peer.extended(1, "de");
    assertThat(peer.closedBy()).isEqualTo(Violation.PEX_FLOOD);

    Wired patient = peer("8.8.8.8", profile);
    for (int i = 0; i < 100; i++) {
      patient.extended(1, message("added", List.of(nth(i))));
      patient.pass(60);
    }
    assertThat(patient.violations()).isEmpty();
  }

  @Test
  void p03_ofManyTheFirstFiftyAreRead() {
    List<PeerAddress> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      many.add(nth(i));
    }
    Wired peer = peer();
    peer.extended(1, message("added", many));
    assertThat(added).hasSize(50);
    byte[] large = message("added", many.subList(0, 9_900));
    assertThat(large.length).isLessThan(64 << 10);
    peer.extended(1, message("added", List.copyOf(repeat(many, 11_000))));
    assertThat(peer.violations()).containsExactly(Violation.PEX_MALFORMED); // above 64 KiB
    assertThat(added).hasSize(50);
  }

  @Test
  void p04_onePortOfAnAddressAndThreeAddressesOfANetwork() {
    List<PeerAddress> victim = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      victim.add(at("9.9.9.9", 2000 + i));
      victim.add(at("9.9.8." + (i + 1), 6881));
    }
    peer().extended(1, message("added", victim));
    assertThat(added)
        .extracting(PexPeer::address)
        .containsExactly(
            at("9.9.9.9", 2000), at("9.9.8.1", 6881), at("9.9.8.2", 6881), at("9.9.8.3", 6881));
    added.clear();
    List<PeerAddress> v6 = new ArrayList<>();
    for (int i = 1; i < 20; i++) {
      v6.add(at("2001:db8:1:" + i + "::1", 6881));
    }
    peer().extended(1, message("added6", v6));
    assertThat(added).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 22, 25, 53, 80, 443, 1023})
  void p04_portsOfServicesAreLeftOut(int port) {
    peer().extended(1, message("added", List.of(at("9.9.9.9", port))));
    assertThat(added).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 8.8.8.8, false",
    "127.0.0.1, 127.0.0.2, true",
    "127.0.0.1, ::1, true",
    "127.0.0.1, 192.168.0.1, false",
    "10.0.0.1, 8.8.8.8, false",
    "10.0.0.1, 192.168.0.1, true",
    "169.254.169.254, 8.8.8.8, false",
    "169.254.169.254, 10.0.0.1, false",
    "169.254.169.254, 127.0.0.1, false",
    "169.254.7.7, 169.254.1.1, true",
    "::1, 2001:4860::1, false",
    "fe80::1, 2001:4860::1, false",
    "fe80::1, fe80::2, true",
    "224.0.0.1, 224.0.0.2, false",
    "ff02::1, ff02::2, false",
    "0.0.0.0, 0.0.0.0, false",
    "255.255.255.255, 8.8.8.8, false",
    "9.9.9.9, 127.0.0.1, true",
    "9.9.9.9, '', true",
    "10.0.0.1, '', false",
    "127.0.0.1, '', false",
  })
  void p05_addressesAreBelievedFromWithinTheirScope(String told, String teller, boolean credible) {
    IpAddress from = teller.isEmpty() ? null : IpAddress.parse(teller);
    assertThat(PexFilter.isCredible(at(told, 6881), from)).isEqualTo(credible);
    Wired peer = peer(teller, Profile.INTEROP);
    PeerAddress address = at(told, 6881);
    peer.extended(1, message(address.ip().isV4() ? "added" : "added6", List.of(address)));
    assertThat(added.size()).isEqualTo(credible ? 1 : 0);
  }

  /** ::ffff:127.0.0.1 in the IPv6 list is 127.0.0.1. */
  @Test
  void p05_wrappedAddressesAreUnwrappedFirst() {
    byte[] wrapped = HexFormat.of().parseHex("00000000000000000000ffff7f0000011ae1");
    peer().extended(1, new BencodeWriter().beginDict().put("added6", wrapped).end().toByteArray());
    assertThat(added).isEmpty();
    peer("127.0.0.9", Profile.INTEROP)
        .extended(1, new BencodeWriter().beginDict().put("added6", wrapped).end().toByteArray());
    assertThat(added).extracting(PexPeer::address).containsExactly(at("127.0.0.1", 6881));
  }

  @Test
  void p06_dropsOfAnyKindAreTolerated() {
    Wired peer = peer();
    peer.extended(
        1,
        new BencodeWriter()
            .beginDict()
            .put("added", compact(List.of(nth(1), nth(2))))
            .put("dropped", compact(List.of(nth(2), nth(3)))) // one just added, one unknown
            .end()
            .toByteArray());
    assertThat(added).extracting(PexPeer::address).containsExactly(nth(1));
    assertThat(dropped).isEmpty();
    peer.extended(1, message("dropped", List.of(nth(1), nth(1))));
    assertThat(dropped).containsExactly(nth(1));
    assertThat(peer.violations()).isEmpty();
  }

  @Test
  void p06_whoNeverDropsIsForgottenAboveABound() {
    Wired peer = peer();
    for (int i = 0; i < 20; i++) {
      List<PeerAddress> more = new ArrayList<>();
      for (int j = 0; j < 50; j++) {
        more.add(nth(50 * i + j));
      }
      peer.extended(1, message("added", more));
      peer.pass(60);
      peer.hear("00000000");
    }
    assertThat(added).hasSize(200);
  }

  @Test
  void p07_aTorrentThatTurnsOutPrivateHasNone() {
    Wired peer = peer();
    if (pex != null) {
      peer.wire.disuse(pex);
    }
    assertThat(peer.said()).containsExactly("0:d1:md6:ut_pexi0ee4:reqqi250ee");
    contacts.add(nth(1), 0);
    peer.extended(1, message("added", List.of(nth(2))));
    peer.pass(100);
    assertThat(peer.violations()).containsExactly(Violation.EXTENSION_UNKNOWN_ID);
    assertThat(added).isEmpty();
    assertThat(peer.said()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "le", "i1e", "d5:added9:abce", "d5:added"})
  void p08_whatCannotBeReadCloses(String payload) {
    for (Profile profile : Profile.values()) {
      Wired peer = peer("8.8.8.8", profile);
      peer.extended(1, payload);
      assertThat(peer.closedBy()).isEqualTo(Violation.PEX_MALFORMED);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytesGiveAddressesThatMayBeCalledOrNone(long seed) {
    System.out.println("PexTest seed " + seed);
    SplitMix64 random = new SplitMix64(seed);
    for (int run = 0; run < 300; run++) {
      Wired peer = peer();
      for (int i = 0; i < 6 && !peer.wire.isClosed(); i++) {
        byte[] payload =
            new BencodeWriter()
                .beginDict()
                .put("added", random.bytes(random.below(400)))
                .put("added.f", random.bytes(random.below(60)))
                .put("added6", random.bytes(random.below(1000)))
                .put("dropped", random.bytes(random.below(400)))
                .end()
                .toByteArray();
        if (random.below(3) == 0) {
          payload[random.below(payload.length)] = (byte) random.nextLong();
        }
        peer.extended(1, payload);
      }
      assertThat(peer.end())
          .satisfiesAnyOf(
              end -> assertThat(end).isNull(),
              end -> assertThat(end).isInstanceOf(CloseCause.Violated.class));
    }
    assertThat(added)
        .isNotEmpty()
        .allMatch(each -> PexFilter.isCredible(each.address(), IpAddress.parse("8.8.8.8")));
  }

  private static List<PeerAddress> repeat(List<PeerAddress> list, int count) {
    List<PeerAddress> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(list.get(i % list.size()));
    }
    return all;
  }

  private static String hex(String latin) {
    return HexFormat.of().formatHex(Wired.latin(latin));
  }
}
