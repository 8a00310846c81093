package org.peerwire.swarm.dial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.peer.PeerPriority;

/** What strangers can make us dial, and how fast. Nothing is dialled here. */
class CandidatesTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final PeerSource TRACKER = PeerSource.tracker("udp://tracker/", null, false);

  private final Candidates candidates = new Candidates(3000, 80, false, 7);

  @Test
  void p04_privilegedPortsAreDialledOnDemandAlone() {
    PeerSource tracker = PeerSource.tracker("udp://tracker/", null, true);
    assertThat(candidates.add(at("127.0.1.1", 80), tracker, 0)).isFalse();
    assertThat(candidates.add(at("127.0.1.1", 80), PeerSource.USER, 0)).isTrue();
    Candidates daring = new Candidates(3000, 80, true, 7);
    assertThat(daring.add(at("127.0.1.1", 80), tracker, 0)).isTrue();
    assertThat(daring.add(at("127.0.1.1", 0), tracker, 0)).isFalse();
  }

  @Test
  void p03_noMoreThanTenAreDialledASecond() {
    PeerSource source = pex("127.0.0.1");
    for (int i = 0; i < 100; i++) {
      assertThat(candidates.add(at("127.0.1." + i, 6881), source, 0)).isTrue();
    }
    List<Long> dials = new ArrayList<>();
    for (long now = 0; dials.size() < 100; now += candidates.nanosUntilNext(now, false)) {
      for (PeerAddress one = candidates.next(now, false); one != null; ) {
        dials.add(now);
        one = candidates.next(now, false);
      }
    }
    for (int i = 10; i < dials.size(); i++) {
      assertThat(dials.get(i) - dials.get(i - 10)).isGreaterThanOrEqualTo(SECOND);
    }
    assertThat(dials.get(99)).isEqualTo(9 * SECOND);
  }

  @Test
  void p03_oneOfANetworkIsDialledInTenSeconds() {
    for (int i = 1; i <= 3; i++) {
      assertThat(candidates.add(at("198.51.100." + i, 6881), TRACKER, 0)).isTrue();
    }
    assertThat(candidates.add(at("203.0.113.1", 6881), TRACKER, 0)).isTrue();
    assertThat(all(0)).hasSize(2);
    assertThat(candidates.nanosUntilNext(SECOND, false)).isEqualTo(9 * SECOND);
    assertThat(all(10 * SECOND - 1)).isEmpty();
    assertThat(all(10 * SECOND)).hasSize(1);
    // What the user names is the user's.
    for (int i = 11; i < 20; i++) {
      candidates.add(at("198.51.100." + i, 80), PeerSource.USER, 0);
    }
    assertThat(all(10 * SECOND)).hasSize(9);
  }

  @Test
  void p03_noSourceFillsMoreThanAQuarter() {
    Candidates few = new Candidates(40, 80, false, 7);
    assertThat(taken(few, TRACKER, 1, 100)).isEqualTo(10);
    assertThat(taken(few, pex("192.0.2.1"), 101, 100)).isEqualTo(10);
    assertThat(taken(few, pex("192.0.2.2"), 201, 100)).isEqualTo(10);
    assertThat(few.size()).isEqualTo(30);
  }

  @Test
  void p03_aPeerIsRememberedForTwoHundred() {
    PeerSource source = pex("127.0.0.1");
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      taken += candidates.add(at("127.0." + i / 250 + "." + i % 250, 6881), source, 0) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(200);
  }

  @Test
  void p04_onePortOfAMachineAndThreeOfANetwork() {
    PeerSource one = pex("192.0.2.1");
    PeerSource other = pex("192.0.2.2");
    assertThat(candidates.add(at("198.51.100.1", 6881), one, 0)).isTrue();
    for (int port = 1024; port < 1100; port++) {
      assertThat(candidates.add(at("198.51.100.1", port), one, 0)).isFalse();
    }
    assertThat(candidates.add(at("198.51.100.1", 7000), other, 0)).isTrue();
    assertThat(candidates.add(at("198.51.100.2", 6881), other, 0)).isTrue();
    for (int i = 3; i < 250; i++) {
      assertThat(candidates.add(at("198.51.100." + i, 6881), pex("192.0.2." + i), 0)).isFalse();
    }
    assertThat(candidates.add(at("2001:db8::1", 6881), one, 0)).isTrue();
    assertThat(candidates.add(at("2001:db8:0:1::1", 6881), one, 0)).isTrue();
    assertThat(candidates.add(at("2001:db8:0:2::1", 6881), other, 0)).isTrue();
    assertThat(candidates.add(at("2001:db8:0:3::1", 6881), other, 0)).as("same /48").isFalse();
  }

  @Test
  void p04_whereNobodyIsTwiceIsForgottenForAnHour() {
    PeerAddress victim = at("198.51.100.1", 6881);
    assertThat(candidates.add(victim, TRACKER, 0)).isTrue();
    long now = 0;
    for (int i = 0; i < 2; i++) {
      now += candidates.nanosUntilNext(now, false);
      assertThat(candidates.next(now, false)).isEqualTo(victim);
      candidates.lost(victim, Outcome.FAILED, now);
    }
    assertThat(candidates.size()).isZero();
    assertThat(candidates.nanosUntilNext(now, false)).isEqualTo(Candidates.NEVER);
    assertThat(candidates.add(victim, pex("192.0.2.1"), now + HOUR - 1)).isFalse();
    assertThat(candidates.add(victim, TRACKER, now + HOUR)).isTrue();
    candidates.forget(victim, now);
    assertThat(candidates.add(victim, TRACKER, now)).isFalse();
    assertThat(candidates.add(victim, PeerSource.USER, now)).isTrue();
  }

  @Test
  void z33_whereAPeerIsFoundIsNotForgotten() {
    PeerAddress busy = at("198.51.100.1", 6881);
    candidates.add(busy, TRACKER, 0);
    long now = 0;
    for (int i = 0; i < 50; i++) {
      now += candidates.nanosUntilNext(now, false);
      assertThat(candidates.next(now, false)).isEqualTo(busy);
      assertThat(candidates.dialled(busy)).isTrue();
      candidates.lost(busy, Outcome.USELESS, now);
    }
    assertThat(now).isGreaterThan(45 * 60 * SECOND);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 25, 53, 80, 1023})
  void p04_portsOfServicesAreRefusedUnlessAskedFor(int port) {
    PeerAddress service = at("198.51.100.1", port);
    assertThat(candidates.add(service, TRACKER, 0)).isFalse();
    assertThat(candidates.add(service, pex("192.0.2.1"), 0)).isFalse();
    assertThat(candidates.add(service, PeerSource.USER, 0)).isTrue();
    assertThat(new Candidates(10, 10, true, 7).add(service, TRACKER, 0)).isTrue();
  }

  @Test
  void nobodyListensAtPortZero() {
    assertThat(candidates.add(at("198.51.100.1", 0), PeerSource.USER, 0)).isFalse();
    assertThat(candidates.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, , false",
    "127.0.0.1, 203.0.113.1, false",
    "127.0.0.1, 10.0.0.1, false",
    "127.0.0.1, 127.0.0.9, true",
    "::1, 127.0.0.9, true",
    "::ffff:127.0.0.1, 203.0.113.1, false",
    "10.1.2.3, 203.0.113.1, false",
    "10.1.2.3, 192.168.0.1, true",
    "169.254.169.254, 203.0.113.1, false",
    "fe80::1, 2001:db8::1, false",
    "224.0.0.1, 127.0.0.1, false",
    "0.0.0.0, 127.0.0.1, false",
    "203.0.113.7, , true",
    "203.0.113.7, 127.0.0.1, true",
  })
  void p05_strangersAreBelievedWithinTheirScope(
      String told, @Nullable String teller, boolean taken) {
    IpAddress at = teller == null ? null : IpAddress.parse(teller);
    assertThat(candidates.add(at(told, 6881), PeerSource.tracker("t", at, false), 0))
        .isEqualTo(taken);
  }

  @Test
  void aTrackerThatTheUserNamedIsBelievedAboutAnyMachine() {
    PeerSource named = PeerSource.tracker("t", IpAddress.parse("203.0.113.1"), true);
    assertThat(candidates.add(at("127.0.0.1", 6881), named, 0)).isTrue();
    assertThat(candidates.add(at("10.0.0.1", 6881), named, 0)).isTrue();
    assertThat(candidates.add(at("10.0.0.2", 22), named, 0)).isFalse();
    assertThat(candidates.add(at("224.0.0.1", 6881), named, 0)).isFalse();
  }

  @Test
  void p09_manySourcesForOneProviderGetATwentieth() {
    int taken = 0;
    for (int source = 0; source < 200; source++) {
      for (int i = 0; i < 50; i++) {
        int network = (source * 50 + i) % 256;
        PeerAddress told = at("203.0." + network + "." + (1 + i + source % 200), 6881);
        taken += candidates.add(told, pex("192." + source + ".2.1"), 0) ? 1 : 0;
      }
    }
    assertThat(taken).isEqualTo(150);
    assertThat(candidates.add(at("198.51.100.1", 6881), pex("192.1.2.1"), 0)).isTrue();
  }

  @Test
  void p09_halfOfTheSlotsAreForOthersThanPeersAsLongAsTheyNameAny() {
    Candidates of = new Candidates(3000, 20, false, 7);
    taken(of, pex("192.0.2.1"), 1, 100);
    PeerAddress waiting = at("198.51.100.1", 6881);
    of.add(waiting, TRACKER, 0);
    assertThat(of.next(0, false)).as("trackers come first").isEqualTo(waiting);
    of.lost(waiting, Outcome.USELESS, 0);
    int named = 0;
    for (long now = 0; now < 10 * SECOND; now += SECOND) {
      PeerAddress next = of.next(now, false);
      named += next != null && !next.equals(waiting) ? 1 : 0;
    }
    assertThat(named).isEqualTo(10);
    of.forget(waiting, 0);
    assertThat(of.next(20 * SECOND, false)).as("nobody else names any").isNotNull();
  }

  @Test
  void b17_thereIsRoomForSoManyAndPeersGiveWay() {
    Candidates few = new Candidates(8, 80, false, 7);
    for (int i = 1; i <= 4; i++) {
      assertThat(taken(few, pex("192.0.2." + i), 10 * i, 2)).isEqualTo(2);
    }
    assertThat(few.size()).isEqualTo(8);
    assertThat(few.add(at("198.51.100.1", 6881), pex("192.0.2.9"), 0)).isFalse();
    assertThat(few.add(at("198.51.100.1", 6881), TRACKER, 0)).isTrue();
    assertThat(few.size()).isEqualTo(8);
    assertThat(few.add(at("198.51.100.2", 6881), PeerSource.USER, 0)).isTrue();
    assertThat(few.size()).isEqualTo(9);
  }

  @Test
  void theUsersComeFirstInTheirOrderThenTrackersThenPeers() {
    candidates.add(at("198.51.100.1", 6881), pex("192.0.2.1"), 0);
    candidates.add(at("198.51.101.1", 6881), TRACKER, 0);
    candidates.add(at("198.51.102.1", 6881), PeerSource.USER, 0);
    candidates.add(at("198.51.103.1", 6881), PeerSource.USER, 0);
    assertThat(all(0).stream().map(address -> address.ip().toString()))
        .containsExactly("198.51.102.1", "198.51.103.1", "198.51.101.1", "198.51.100.1");
    assertThat(candidates.dialling()).isEqualTo(4);
  }

  @Test
  void aBetterWordCounts() {
    PeerAddress address = at("198.51.100.1", 6881);
    assertThat(candidates.add(address, pex("192.0.2.1"), 0)).isTrue();
    assertThat(candidates.add(address, TRACKER, 0)).isFalse();
    assertThat(candidates.add(address, PeerSource.USER, 0)).isTrue();
    assertThat(candidates.add(address, PeerSource.USER, 0)).isFalse();
    assertThat(candidates.isUserDue(0)).isTrue();
    assertThat(candidates.next(0, true)).isEqualTo(address);
    assertThat(candidates.isUserDue(0)).isFalse();
  }

  @Test
  void whoCallsOnTheLocalNetworkIsDialledEvenByASeed() {
    PeerAddress caller = at("10.0.0.7", 6881);
    PeerSource local = PeerSource.local(caller.ip());
    candidates.add(at("198.51.100.1", 6881), TRACKER, 0);
    assertThat(candidates.add(caller, local, 0)).isTrue();
    assertThat(candidates.isUserDue(0)).as("it takes no place from others").isFalse();
    long now = 0;
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(candidates.next(now, true)).isEqualTo(caller);
      candidates.dialled(caller);
      candidates.lost(caller, Outcome.USELESS, now);
      assertThat(candidates.nanosUntilNext(now, true)).as("its network rests").isPositive();
      now += 10 * SECOND;
    }
    assertThat(candidates.next(now, true)).isEqualTo(caller);
    candidates.dialled(caller);
    candidates.lost(caller, Outcome.USEFUL, now);
    assertThat(candidates.nanosUntilNext(HOUR, true)).isEqualTo(Candidates.NEVER);
    assertThat(candidates.add(caller, local, HOUR)).as("it is known").isFalse();
    assertThat(candidates.next(HOUR + 300 * SECOND, true)).as("it may be gone").isNull();
    candidates.add(caller, local, 2 * HOUR);
    now = 2 * HOUR + 299 * SECOND;
    assertThat(candidates.nanosUntilNext(now, true)).isZero();
    assertThat(candidates.next(now + SECOND, true)).as("the turn came late").isNull();
    assertThat(candidates.nanosUntilNext(now + SECOND, true)).isEqualTo(Candidates.NEVER);
    assertThat(candidates.next(now, true)).isEqualTo(caller);
    candidates.lost(caller, Outcome.USELESS, now);
    assertThat(candidates.nanosUntilNext(now, true)).as("over by then").isEqualTo(Candidates.NEVER);
  }

  @Test
  void whoIsKnownByBothNamesOfAHybridIsNotKnownByTheSecondAlone() {
    PeerAddress peer = at("198.51.100.1", 6881);
    assertThat(candidates.isUpgraded(peer)).isFalse();
    assertThat(candidates.add(peer, TRACKER, true, 0)).isTrue();
    assertThat(candidates.add(peer, TRACKER, true, 0)).isFalse();
    assertThat(candidates.isUpgraded(peer)).isTrue();
    candidates.add(peer, TRACKER, false, 0);
    assertThat(candidates.isUpgraded(peer)).isFalse();
    candidates.add(peer, TRACKER, true, 0);
    assertThat(candidates.isUpgraded(peer)).isFalse();
  }

  @Test
  void whoeverSpeaksOnTheLocalNetworkFillsNoMoreThanAQuarter() {
    Candidates few = new Candidates(40, 80, false, 7);
    int taken = 0;
    for (int i = 1; i < 250; i++) {
      PeerAddress forged = at("10.0.0." + i, 6881);
      taken += few.add(forged, PeerSource.local(forged.ip()), 0) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(10);
    PeerAddress other = at("10.0.1.1", 6881);
    assertThat(few.add(other, PeerSource.local(at("10.0.0.1", 1).ip()), 0)).isFalse();
  }

  @Test
  void whoCalledUsIsNotCalled() {
    PeerAddress known = at("198.51.100.1", 6881);
    candidates.add(known, TRACKER, 0);
    candidates.met(known);
    PeerAddress unknown = at("198.51.101.1", 6881);
    candidates.met(unknown);
    assertThat(candidates.add(unknown, TRACKER, 0)).isFalse();
    PeerAddress named = at("198.51.102.1", 6881);
    candidates.met(named);
    assertThat(candidates.add(named, PeerSource.USER, 0)).isTrue();
    assertThat(all(0)).isEmpty();
    for (PeerAddress each : List.of(known, unknown, named)) {
      candidates.left(each, Outcome.USEFUL, 0);
    }
    assertThat(all(SECOND)).containsExactly(named);
    assertThat(all(20 * SECOND)).containsExactly(known);
    assertThat(candidates.add(unknown, TRACKER, 0)).isTrue();
  }

  @Test
  void x16_threeNetworksMustAgreeWhereWeAre() {
    OurAddress ours = new OurAddress();
    IpAddress lie = IpAddress.parse("198.51.100.66");
    IpAddress truth = IpAddress.parse("203.0.113.9");
    for (int i = 0; i < 250; i++) {
      assertThat(ours.seen(lie, IpAddress.parse("192.0.2." + i))).as("one /16").isFalse();
    }
    assertThat(ours.seen(lie, IpAddress.parse("192.1.2.1"))).isFalse();
    assertThat(ours.seen(truth, IpAddress.parse("192.2.2.1"))).isFalse();
    assertThat(ours.seen(truth, IpAddress.parse("192.3.2.1"))).isFalse();
    assertThat(ours.get()).isNull();
    assertThat(ours.seen(truth, IpAddress.parse("192.4.2.1"))).isTrue();
    assertThat(ours.get()).isEqualTo(truth);
    assertThat(ours.seen(IpAddress.parse("10.0.0.1"), IpAddress.parse("192.5.2.1"))).isFalse();
    assertThat(ours.seen(lie, IpAddress.parse("127.0.0.1"))).isFalse();
  }

  @Test
  void theOrderIsThatOfTheCanonicalPriority() {
    for (int i = 0; i < 10; i++) {
      candidates.add(at("198.51." + i + ".1", 6881), TRACKER, 0);
    }
    PeerAddress us = at("203.0.113.9", 0);
    for (int i = 1; i <= 3; i++) {
      candidates.ourAddressSeen(us.ip(), IpAddress.parse("192." + i + ".2.1"));
    }
    List<Long> priorities = new ArrayList<>();
    for (PeerAddress each : all(0)) {
      priorities.add(-PeerPriority.of(us, each));
    }
    assertThat(priorities).hasSize(10).isSorted();
  }

  /** Everything that may be dialled now. */
  private List<PeerAddress> all(long now) {
    List<PeerAddress> all = new ArrayList<>();
    for (PeerAddress one = candidates.next(now, false); one != null; ) {
      all.add(one);
      one = candidates.next(now, false);
    }
    return all;
  }

  private static int taken(Candidates by, PeerSource source, int from, int count) {
    int taken = 0;
    for (int i = from; i < from + count; i++) {
      taken += by.add(at("198." + i % 256 + "." + i / 256 + ".1", 6881), source, 0) ? 1 : 0;
    }
    return taken;
  }

  private static PeerSource pex(String ip) {
    return PeerSource.pex(at(ip, 6881));
  }

  private static PeerAddress at(String ip, int port) {
    return new PeerAddress(IpAddress.parse(ip), port);
  }
}
