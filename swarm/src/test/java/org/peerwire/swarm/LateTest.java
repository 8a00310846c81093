package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.PeerAddress;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** Peers that come late, drip, lie about what they have, come and go. */
class LateTest {
  private static final int PIECE = 64 << 10;

  @Test
  void s06_aClaimThatIsNotMadeGoodTwiceDoesNotCount() {
    Sim sim = new Sim(3, 20 * PIECE, PIECE);
    Sim.Node node = sim.leech("node");
    List<Block> held = new ArrayList<>();
    PeerWire liar =
        sim.raw(
            node,
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.bitfield(wire.pieces());
                for (int piece = 0; piece < 2; piece++) {
                  wire.have(piece);
                }
                wire.unchoke();
              }

              @Override
              public void onRequest(PeerWire wire, int piece, int begin, int length) {
                held.add(new Block(piece, begin, length));
              }
            });
    sim.run(Sim.SECOND);
    Picker picker = node.swarm.downloads.picker;
    assertThat(picker.availability(0) + picker.availability(1)).isEqualTo(2);
    sim.runUntil(
        "a claim is doubted",
        600 * Sim.SECOND,
        () -> picker.availability(0) + picker.availability(1) < 2);
    int doubted = picker.availability(0) == 0 ? 0 : 1;
    assertThat(node.swarm.peers.get(0).has.contains(doubted)).as("it may be asked").isTrue();
    for (Block block : List.copyOf(held)) {
      byte[] bytes = new byte[block.length()];
      System.arraycopy(sim.content, block.piece() * PIECE + block.begin(), bytes, 0, bytes.length);
      liar.respond(block.piece(), block.begin(), ByteBuffer.wrap(bytes));
    }
    sim.run(Sim.SECOND);
    assertThat(picker.availability(doubted)).isEqualTo(1);
    liar.close();
    sim.run(Sim.SECOND);
    assertThat(picker.availability(0) + picker.availability(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void s11_whoDripsDoesNotHoldTheEnd(long seed) {
    Sim sim = new Sim(seed, 40 * PIECE, PIECE);
    Sim.Node dripping = sim.seed("dripping");
    // A block every 59 seconds.
    dripping.bandwidth = Block.LENGTH / 59;
    Sim.Node fast = sim.seed("fast");
    fast.bandwidth = 500_000;
    Sim.Node leecher = sim.leech("leecher").dials(dripping, fast);
    long start = sim.now;
    sim.runUntil("complete", 60 * Sim.SECOND, leecher::isComplete);
    assertThat(sim.now - start).as("seed %s", seed).isLessThan(8 * Sim.SECOND);
    assertThat(leecher.status().wasted()).isLessThanOrEqualTo(sim.content.length / 100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void z23_whatComesAfterCompletionIsNobodysFault(long seed) {
    Sim sim = new Sim(seed, 40 * PIECE, PIECE);
    Sim.Node leecher = sim.leech("leecher");
    sim.delay = 300 * Sim.MS;
    for (int i = 0; i < 4; i++) {
      Sim.Node seeder = sim.node("s" + i, piece -> piece < 39, SwarmOptions.DEFAULT);
      seeder.bandwidth = 50_000L * (1 + i * i);
      leecher.dials(seeder);
    }
    sim.runUntil("all that is there", 120 * Sim.SECOND, () -> leecher.pieces.size() == 39);
    sim.run(30 * Sim.SECOND);
    assertThat(leecher.status().peers()).as("nobody was closed").hasSize(4);
    assertThat(leecher.log).noneMatch(line -> line.startsWith("gone"));
  }

  @Test
  void z24_theSeedLeavesAtTheEndAndAnotherPartAppears() {
    Sim sim = new Sim(4, 100 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 500_000;
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.runUntil("nearly all", 60 * Sim.SECOND, () -> leecher.pieces.size() == 98);
    seeder.leave();
    Set<Integer> missing = new HashSet<>();
    for (int piece = 0; piece < 100; piece++) {
      if (!leecher.swarm.verified().contains(piece)) {
        missing.add(piece);
      }
    }
    sim.run(40 * Sim.SECOND);
    assertThat(leecher.status().stall()).isEqualTo(Stall.NOT_CONNECTED);
    leecher.dials(sim.node("other", missing::contains, SwarmOptions.DEFAULT));
    sim.runUntil("complete", 20 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.pieces).hasSize(100);
  }

  @Test
  void z33_connectionsThatLiveFiveSeconds() {
    Sim sim = new Sim(5, 200 * PIECE, PIECE);
    Sim.Node leecher = sim.leech("leecher");
    for (int i = 0; i < 4; i++) {
      Sim.Node seeder = sim.seed("s" + i);
      seeder.bandwidth = 100_000;
      PeerSource tracker = PeerSource.tracker("t", leecher.address.ip(), false);
      leecher.swarm.addCandidate(seeder.address, tracker);
    }
    leecher.looked();
    int cuts = 0;
    for (int second = 0; second < 1200 && !leecher.isComplete(); second++) {
      sim.run(Sim.SECOND);
      for (Sim.End end : List.copyOf(leecher.ends)) {
        PeerState peer = leecher.swarm.peers.get(0);
        if (sim.now - peer.since > 5 * Sim.SECOND) {
          end.cut("reset");
          cuts++;
        }
      }
    }
    assertThat(leecher.isComplete()).isTrue();
    assertThat(cuts).isGreaterThan(10);
    assertThat(leecher.status().candidates()).isEqualTo(4);
  }

  @Test
  void z34_h07_aPeerWithANewPortTakesItsOwnPlaceOnceTheOldConnectionIsDead() {
    Sim sim = new Sim(6, 100 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 100_000;
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.run(5 * Sim.SECOND);
    // The NAT forgot the connection: neither side hears of it.
    for (Sim.End end : List.of(seeder.ends.get(0), leecher.ends.get(0))) {
      end.blackHole = true;
    }
    leecher.ends.get(0).cut("the address changed");
    sim.runUntil("complete", 300 * Sim.SECOND, leecher::isComplete);
    assertThat(seeder.swarm.peers.size()).isLessThanOrEqualTo(1);
  }

  @Test
  void z36_nothingIsWrittenAfterTheEnd() {
    Sim sim = new Sim(7, 100 * PIECE, PIECE);
    sim.diskDelay = 2 * Sim.SECOND;
    Sim.Node seeder = sim.seed("seeder");
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.leech("taker").dials(leecher);
    sim.runUntil("hashes are under way", 10 * Sim.SECOND, () -> leecher.pieces.size() > 3);
    assertThat(leecher.swarm.downloads.verifying()).isPositive();
    leecher.swarm.close();
    int written = leecher.asked.values().stream().mapToInt(Integer::intValue).sum();
    int verified = leecher.pieces.size();
    sim.run(10 * Sim.SECOND);
    assertThat(leecher.asked.values().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(written);
    assertThat(leecher.pieces).hasSize(verified);
    assertThat(leecher.ends).isEmpty();
    assertThat(leecher.swarm.nanosUntilTick(sim.now)).isEqualTo(Long.MAX_VALUE);
    PeerAddress late = Sim.address("127.0.0.99", 6881);
    assertThat(leecher.swarm.addCandidate(late, PeerSource.USER)).isFalse();
  }
}
