package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.PeerAddress;
import org.peerwire.PieceLayout;
import org.peerwire.Violation;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;

/** Peers that send corrupt data, among honest ones and alone. */
class BlameTest {
  private static final int PIECE = 64 << 10;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void s01_z13_oneLiarAmongFourIsFoundAndNobodyElse(long seed) {
    Sim sim = new Sim(seed, 100 * PIECE, PIECE);
    List<Sim.Node> seeders = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      seeders.add(sim.seed("s" + i));
      seeders.get(i).bandwidth = 1_000_000;
    }
    Sim.Node liar = seeders.get(1);
    liar.corrupt = block -> block[block.length / 2] ^= 1;
    Sim.Node leecher = sim.leech("leecher");
    seeders.forEach(leecher::dials);
    sim.runUntil("complete", 120 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.banned).as("seed %s", seed).containsExactly(liar.address);
    long bad = leecher.status().corrupt();
    assertThat(bad).as("seed %s", seed).isLessThan(sim.content.length);
  }

  @Test
  void z12_oneSourceThatLiesIsBannedAtOnce() {
    Sim sim = new Sim(2, 20 * PIECE, PIECE);
    Sim.Node liar = sim.seed("liar");
    liar.corrupt = block -> block[0]++;
    Sim.Node leecher = sim.leech("leecher").dials(liar);
    sim.runUntil("banned", 20 * Sim.SECOND, () -> !leecher.banned.isEmpty());
    sim.run(200 * Sim.SECOND);
    assertThat(leecher.status().stall()).isEqualTo(Stall.POISONED);
    assertThat(leecher.pieces).isEmpty();
    assertThat(leecher.log).filteredOn(line -> line.startsWith("peer")).hasSize(1);
    // The address that lied is refused, a new honest one is not.
    leecher.dials(sim.seed("honest"));
    sim.runUntil("complete", 20 * Sim.SECOND, leecher::isComplete);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void s05_allPeersCorruptIsNoLivelock(long seed) {
    Sim sim = new Sim(seed, 40 * PIECE, PIECE);
    Sim.Node leecher = sim.leech("leecher");
    for (int i = 0; i < 5; i++) {
      Sim.Node liar = sim.seed("liar" + i);
      liar.corrupt = block -> block[0]++;
      leecher.dials(liar);
    }
    sim.runUntil("all banned", 60 * Sim.SECOND, () -> leecher.banned.size() == 5);
    long steps = sim.steps;
    sim.run(60 * Sim.SECOND);
    assertThat(sim.steps - steps).isLessThan(1000);
    assertThat(leecher.pieces).isEmpty();
    assertThat(leecher.status().stall()).isEqualTo(Stall.POISONED);
    assertThat(leecher.status().why()).contains("5 banned");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void z14_aQuarterOfThePeersCorruptsAThirdOfTheBlocks(long seed) {
    Sim sim = new Sim(seed, 200 * PIECE, PIECE);
    Sim.Node leecher = sim.leech("leecher");
    List<PeerAddress> liars = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Sim.Node seeder = sim.seed("s" + i);
      seeder.bandwidth = 300_000;
      if (i % 4 == 0) {
        liars.add(seeder.address);
        seeder.corrupt = block -> block[3] += (byte) (sim.random.nextInt(10) < 3 ? 1 : 0);
      }
      leecher.dials(seeder);
    }
    sim.runUntil("complete", 200 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.banned).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(liars);
    SwarmStatus status = leecher.status();
    assertThat(status.corrupt() + status.wasted()).isLessThan(2L * sim.content.length);
  }

  /** It lies where others share the blame, and nowhere else. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void s02_whoLiesInSharedPiecesOnlyGetsNoneToShare(long seed) {
    Sim sim = new Sim(seed, 200 * PIECE, PIECE);
    Sim.Node leecher = sim.leech("leecher");
    List<Sim.Node> honest = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      honest.add(sim.seed("h" + i));
      honest.get(i).bandwidth = 300_000;
    }
    Sim.Node liar = sim.seed("liar");
    liar.bandwidth = 300_000;
    int[] lies = {0};
    liar.lies = piece -> honest.stream().anyMatch(each -> each.served.get(piece));
    liar.corrupt =
        block -> {
          block[0]++;
          lies[0]++;
        };
    leecher.dials(liar);
    honest.forEach(leecher::dials);
    sim.runUntil("complete", 120 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.banned).as("seed %s", seed).isSubsetOf(liar.address);
    // Once a suspect it fetches whole pieces alone, and has nobody to hide behind.
    assertThat(leecher.status().corrupt()).as("seed %s", seed).isLessThan(12L * PIECE);
    assertThat(lies[0]).as("seed %s", seed).isPositive();
  }

  @Test
  void s04_withV2HashesTheLiarIsClosedForItsCorruptBlock() {
    PieceLayout plain = PieceLayout.of(20 * PIECE, PIECE);
    PieceLayout hashed =
        new PieceLayout() {
          @Override
          public int pieceCount() {
            return plain.pieceCount();
          }

          @Override
          public int pieceLength(int piece) {
            return plain.pieceLength(piece);
          }

          @Override
          public boolean hasHashes() {
            return true;
          }
        };
    Sim sim = new Sim(3, hashed, 20 * PIECE, PIECE);
    Sim.Node liar = sim.seed("liar");
    liar.lies = piece -> piece == 7;
    liar.corrupt = block -> block[100]++;
    Sim.Node leecher = sim.leech("leecher").dials(liar);
    sim.runUntil("connected", Sim.SECOND, () -> !leecher.swarm.peers.isEmpty());
    PeerWire wire = leecher.swarm.peers.get(0).wire();
    sim.runUntil("closed", 20 * Sim.SECOND, wire::isClosed);
    assertThat(wire.closeCause())
        .isInstanceOfSatisfying(
            CloseCause.Violated.class,
            why -> assertThat(why.report().violation()).isEqualTo(Violation.CORRUPT_BLOCK));
    assertThat(leecher.banned).containsExactly(liar.address);
    assertThat(leecher.pieces).doesNotContain(7);
  }

  @Test
  void aLiarThatLeavesIsBannedAllTheSame() {
    Sim sim = new Sim(4, 2 * PIECE, PIECE);
    sim.diskDelay = 500 * Sim.MS;
    Sim.Node liar = sim.seed("liar");
    liar.corrupt = block -> block[0]++;
    Sim.Node leecher = sim.leech("leecher").dials(liar);
    sim.run(200 * Sim.MS);
    liar.leave();
    sim.runUntil("banned", 10 * Sim.SECOND, () -> leecher.banned.contains(liar.address));
  }
}
