package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Handshake;
import org.peerwire.PeerAddress;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.pex.PexContacts;
import org.peerwire.extension.pex.PexPeer;
import org.peerwire.extension.pex.UtPex;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** Peers that tell each other who else there is. */
class PeerExchangeTest {
  private static final long MINUTE = 60 * Sim.SECOND;
  private static final int PIECE = 64 << 10;
  private static final SwarmOptions LISTENS = SwarmOptions.builder().listenPort(6881).build();

  private final Sim sim = new Sim(7, 20 * PIECE, PIECE);

  @Test
  void threeThatKnowOnePeerFindEachOther() {
    Sim.Node hub = sim.node("hub", piece -> false, LISTENS);
    List<Sim.Node> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int mine = i;
      Sim.Node member = sim.node("m" + i, piece -> piece % 3 == mine, LISTENS);
      member.bandwidth = 20_000;
      members.add(member.dials(hub));
    }
    sim.runUntil(
        "each knows all", 3 * MINUTE, () -> members.stream().allMatch(m -> isJoined(m, 3)));
    hub.leave();
    sim.runUntil(
        "they complete without the hub",
        30 * MINUTE,
        () -> members.stream().allMatch(Sim.Node::isComplete));
  }

  @Test
  void whoCalledUsIsToldOnByTheAddressWhereItListens() {
    Sim.Node hub = sim.node("hub", piece -> piece == 0, LISTENS);
    Sim.Node caller = sim.node("caller", piece -> false, LISTENS).dials(hub);
    Sim.Node mute = sim.node("mute", piece -> false, SwarmOptions.DEFAULT).dials(hub);
    Sim.Node called = sim.node("called", piece -> piece == 1, LISTENS);
    hub.dials(called);
    sim.runUntil("all are there", MINUTE, () -> hub.status().peers().size() == 3);
    sim.run(Sim.SECOND);
    assertThat(hub.swarm.contacts.list())
        .containsExactlyInAnyOrder(
            new PexPeer(caller.address, 0), new PexPeer(called.address, PexPeer.REACHABLE));
    caller.leave();
    called.leave();
    sim.run(Sim.SECOND);
    assertThat(hub.swarm.contacts.list()).isEmpty();
    assertThat(mute.status().peers()).hasSize(1);
    assertThat(called.dialled).as("who is connected").doesNotContain(hub.address);
  }

  @Test
  void aSeedIsToldOnAsOne() {
    Sim.Node hub = sim.node("hub", piece -> piece < 10, LISTENS);
    Sim.Node other = sim.node("other", piece -> piece < 12, LISTENS).dials(hub);
    sim.node("seed", piece -> true, LISTENS).dials(hub);
    hub.bandwidth = 1_000;
    other.bandwidth = 1_000;
    sim.runUntil("both are there", MINUTE, () -> hub.swarm.contacts.list().size() == 2);
    assertThat(hub.swarm.contacts.list())
        .filteredOn(peer -> peer.is(PexPeer.SEED))
        .extracting(PexPeer::address)
        .containsExactly(Sim.address("127.0.0.3", 6881));
  }

  @Test
  void p05_whoIsOnOurMachineIsNotToldToTheWorld() {
    Sim.Node hub = sim.node("hub", Sim.address("203.0.113.1", 6881), piece -> false, LISTENS);
    Sim.Node near = sim.node("near", Sim.address("10.0.0.2", 6881), piece -> false, LISTENS);
    List<PeerAddress> told = new ArrayList<>();
    sim.node("far", Sim.address("198.51.100.1", 6881), piece -> false, LISTENS).dials(hub);
    near.dials(hub);
    sim.runUntil("both are there", MINUTE, () -> hub.swarm.contacts.list().size() == 2);
    raw(hub, Sim.address("198.51.200.1", 6881), told);
    sim.run(2 * MINUTE);
    assertThat(told).containsExactly(Sim.address("198.51.100.1", 6881));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void p07_aPrivateTorrentHasNoneAndNobodyMust(boolean isPrivate) {
    SwarmOptions.Builder options = SwarmOptions.builder().listenPort(6881);
    SwarmOptions hidden =
        (isPrivate ? options.isPrivate(true) : options.peerExchange(false)).build();
    Sim.Node hub = sim.node("hub", piece -> false, hidden);
    Sim.Node one = sim.node("one", piece -> false, LISTENS).dials(hub);
    Sim.Node two = sim.node("two", piece -> false, LISTENS).dials(hub);
    sim.runUntil("both are there", MINUTE, () -> hub.swarm.contacts.list().size() == 2);
    sim.run(3 * MINUTE);
    assertThat(isJoined(one, 1)).isTrue();
    assertThat(isJoined(two, 1)).isTrue();
    ExtensionHandshake told = Objects.requireNonNull(one.peer(hub).wire().peerExtensions());
    assertThat(told.m()).doesNotContainKey("ut_pex").containsKey("ut_metadata");
    PeerAddress stranger = Sim.address("127.0.0.99", 6881);
    assertThat(hub.swarm.addCandidate(stranger, pex(two.address))).isEqualTo(!isPrivate);
  }

  @Test
  void p03_aPeerThatTellsAThousandMakesUsDialSlowly() {
    Sim.Node node = sim.node("node", piece -> false, LISTENS);
    PexContacts many = new PexContacts();
    for (int i = 0; i < 1000; i++) {
      many.add(Sim.address("127.1." + i / 250 + "." + (1 + i % 250), 6881), 0);
    }
    tellAll(node, many);
    sim.run(1500 * Sim.MS);
    assertThat(node.dialled).hasSizeBetween(5, 20);
    assertThat(node.status().candidates()).isLessThanOrEqualTo(50);
    sim.run(20 * MINUTE);
    assertThat(node.status().candidates()).isZero();
    assertThat(node.dialled.size()).as("twice each of 50 a minute").isLessThan(2 * 50 * 21);
  }

  @Test
  void x17_privilegedPortsAreToldOnAndNotDialled() {
    SwarmOptions odd = SwarmOptions.builder().listenPort(22).build();
    Sim.Node hub = sim.node("hub", piece -> false, LISTENS);
    sim.node("odd", piece -> false, odd).dials(hub);
    Sim.Node other = sim.node("other", piece -> false, LISTENS).dials(hub);
    sim.runUntil("both are there", MINUTE, () -> hub.swarm.contacts.list().size() == 2);
    sim.run(3 * MINUTE);
    assertThat(other.dialled).containsOnly(hub.address);
  }

  @Test
  void h06_ourOwnAddressToldByOthersIsDialledTwiceAndForgotten() {
    Sim.Node node = sim.leech("node");
    PexContacts us = new PexContacts();
    us.add(node.address, 0);
    tellAll(node, us);
    sim.run(20 * MINUTE);
    assertThat(node.dialled).containsOnly(node.address).hasSizeLessThanOrEqualTo(2);
    assertThat(node.status().candidates()).isZero();
  }

  private static boolean isJoined(Sim.Node node, int count) {
    return node.status().peers().size() == count;
  }

  private static PeerSource pex(PeerAddress teller) {
    return PeerSource.pex(teller);
  }

  /** A peer that tells nothing and remembers what it is told. */
  private void raw(Sim.Node node, PeerAddress at, List<PeerAddress> told) {
    UtPex pex =
        new UtPex(
            new PexContacts(),
            node.address.ip(),
            (from, added, dropped) -> added.forEach(peer -> told.add(peer.address())));
    sim.raw(node, at, new PeerListener() {}, wire -> wire.use(pex));
  }

  private void tellAll(Sim.Node node, PexContacts contacts) {
    UtPex pex = new UtPex(contacts, node.address.ip(), (from, added, dropped) -> {});
    sim.raw(node, Sim.address("127.0.0.77", 6881), new Polite(), wire -> wire.use(pex));
  }

  /** Says what it has, so that extensions can follow. */
  private static final class Polite implements PeerListener {
    @Override
    public void onHandshake(PeerWire from, Handshake handshake) {
      from.bitfield(from.pieces());
    }
  }
}
