package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Handshake;
import org.peerwire.PeerAddress;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** Places and upload slots, and those who want more than their share of them. */
class SlotsTest {
  private static final int PIECE = 64 << 10;

  @Test
  void s07_manyFromOneNetworkGetOneShareOfASeed() {
    Sim sim = new Sim(3, 400 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().uploadSlots(4).build();
    Sim.Node seeder = sim.node("seeder", piece -> true, options);
    seeder.bandwidth = 50_000;
    List<Sim.Node> attackers = new ArrayList<>();
    List<Sim.Node> honest = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      attackers.add(leech(sim, "attacker" + i, "203.0.113." + i).dials(seeder));
    }
    sim.run(5 * Sim.SECOND);
    for (int i = 1; i <= 4; i++) {
      honest.add(leech(sim, "honest" + i, "198.51." + i + ".1").dials(seeder));
    }
    sim.run(40 * Sim.SECOND);
    long before = bytes(attackers);
    long start = bytes(honest);
    sim.run(240 * Sim.SECOND);
    long taken = bytes(attackers) - before;
    long given = bytes(honest) - start;
    // Five parties: a fifth each would be fair, and 12 of 16 peers are of one.
    assertThat((double) taken / (taken + given)).isLessThan(0.3);
    assertThat(taken).as("nobody starves").isPositive();
    for (Sim.Node each : honest) {
      assertThat(bytes(List.of(each))).isGreaterThan(given / 8);
    }
  }

  @Test
  void s08_whoGivesNothingGetsATurnNowAndThen() {
    Sim sim = new Sim(5, 400 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().uploadSlots(4).build();
    Sim.Node node = sim.node("node", piece -> piece < 200, options);
    node.bandwidth = 20_000;
    List<Sim.Node> givers = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      Sim.Node giver =
          sim.node(
              "giver" + i,
              Sim.address("198.51." + i + ".1", 6881),
              piece -> piece >= 200,
              SwarmOptions.DEFAULT);
      giver.bandwidth = 10_000;
      givers.add(giver.dials(node));
    }
    List<Sim.Node> riders = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      riders.add(leech(sim, "rider" + i, "192." + i + ".2.1").dials(node));
    }
    sim.run(30 * Sim.SECOND);
    int rounds = 0;
    for (int i = 0; i < 20; i++) {
      sim.run(10 * Sim.SECOND);
      long served = riders.stream().filter(rider -> isServed(node, rider)).count();
      assertThat(served).as("a quarter of the slots").isLessThanOrEqualTo(1);
      rounds += (int) served;
      assertThat(givers).allMatch(giver -> isServed(node, giver));
    }
    assertThat(rounds).isGreaterThan(15);
  }

  @Test
  void s09_whoComesBackWaitsForItsTurn() {
    Accounts accounts = new Accounts();
    PeerAddress from = Sim.address("203.0.113.7", 1000);
    accounts.of(from).lastTurn = 17;
    accounts.of(from).given = 1000;
    PeerAddress again = Sim.address("203.0.113.8", 2000);
    assertThat(accounts.of(again).lastTurn).isEqualTo(17);
    assertThat(accounts.of(again).mayStart(0)).isTrue();
    assertThat(accounts.of(from).mayStart(29 * 60 * Sim.SECOND)).isFalse();
    assertThat(accounts.of(from).mayStart(30 * 60 * Sim.SECOND)).isTrue();
    for (int i = 0; i < 12; i++) {
      accounts.age();
    }
    assertThat(accounts.of(from).given).isBetween(400L, 500L);
    for (int i = 0; i < 100_000; i++) {
      accounts.of(Sim.address("10." + i / 250 % 250 + "." + i % 250 + ".1", 1));
    }
    assertThat(accounts.size()).isEqualTo(1000);
  }

  @Test
  void s12_idleCallersMakeRoomForOneThatWeChoose() {
    Sim sim = new Sim(3, 20 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().maxPeers(20).build();
    Sim.Node node = sim.node("node", piece -> false, options);
    List<PeerWire> idle = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      idle.add(idle(sim, node, "203." + i + ".113.1"));
    }
    sim.run(Sim.SECOND);
    assertThat(idle.stream().filter(wire -> !wire.isClosed())).hasSize(20);
    Sim.Node seeder = sim.seed("seeder");
    node.swarm.addCandidate(seeder.address, PeerSource.tracker("t", node.address.ip(), false));
    sim.run(30 * Sim.SECOND);
    assertThat(node.isComplete()).as("nobody has been idle for a minute").isFalse();
    sim.runUntil("complete", 60 * Sim.SECOND, node::isComplete);
  }

  @Test
  void s12_whoDeliversOrIsServedIsNeverDropped() {
    Sim sim = new Sim(3, 100 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().maxPeers(4).build();
    Sim.Node node = sim.node("node", piece -> piece < 50, options);
    node.bandwidth = 8_000;
    List<Sim.Node> good = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Sim.Node giver = sim.seed("giver" + i);
      giver.bandwidth = 4_000;
      node.dials(giver);
      good.add(giver);
      good.add(sim.leech("taker" + i).dials(node));
    }
    sim.run(90 * Sim.SECOND);
    for (int i = 0; i < 10_000; i++) {
      idle(sim, node, "203." + i / 250 + "." + i % 250 + ".1");
      if (i % 100 == 0) {
        sim.run(Sim.SECOND / 2);
        node.swarm.addCandidate(Sim.address("127.9.0." + i / 100, 1), PeerSource.USER);
      }
    }
    for (Sim.Node each : good) {
      assertThat(node.peer(each).isUp()).as(each.name).isTrue();
    }
    assertThat(node.log).noneMatch(line -> line.contains("takes its place"));
  }

  @Test
  void s12_whomTheUserNamedIsNeverDropped() {
    Sim sim = new Sim(3, 20 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().maxPeers(2).build();
    Sim.Node node = sim.node("node", piece -> false, options);
    node.dials(sim.leech("one"), sim.leech("two"));
    sim.run(10 * Sim.SECOND);
    node.dials(sim.seed("three"));
    sim.run(300 * Sim.SECOND);
    assertThat(node.log).filteredOn(line -> line.startsWith("peer")).hasSize(2);
    assertThat(node.log).noneMatch(line -> line.startsWith("gone"));
  }

  @Test
  void s12_amongIdleOnesTheHigherPriorityStays() {
    Sim sim = new Sim(3, 20 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().maxPeers(10).build();
    Sim.Node node = sim.node("node", piece -> false, options);
    for (int i = 0; i < 200; i++) {
      idle(sim, node, "203." + i + ".113.1");
      sim.run(61 * Sim.SECOND / 10);
    }
    List<Long> priorities = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      priorities.add(node.swarm.candidates.priority(Sim.address("203." + i + ".113.1", 7000)));
    }
    priorities.sort(null);
    assertThat(node.swarm.peers).hasSize(10);
    assertThat(node.swarm.peers)
        .filteredOn(peer -> node.swarm.candidates.priority(peer.address) >= priorities.get(150))
        .hasSizeGreaterThanOrEqualTo(8);
    long dropped = node.log.stream().filter(line -> line.contains("takes its place")).count();
    assertThat(dropped).as("few changes").isBetween(5L, 60L);
  }

  private static Sim.Node leech(Sim sim, String name, String ip) {
    return sim.node(name, Sim.address(ip, 6881), piece -> false, SwarmOptions.DEFAULT);
  }

  /** Calls, has nothing, and says nothing more. */
  private static PeerWire idle(Sim sim, Sim.Node node, String ip) {
    PeerListener polite =
        new PeerListener() {
          @Override
          public void onHandshake(PeerWire wire, Handshake handshake) {
            wire.bitfield(wire.pieces());
            wire.setKeepAlive(true);
          }
        };
    return sim.raw(node, Sim.address(ip, 7000), polite, wire -> {});
  }

  private static boolean isServed(Sim.Node node, Sim.Node peer) {
    PeerWire wire = node.peer(peer).wire();
    return !wire.amChoking() && wire.peerInterested();
  }

  private static long bytes(List<Sim.Node> nodes) {
    return nodes.stream().mapToLong(node -> node.status().downloaded()).sum();
  }
}
