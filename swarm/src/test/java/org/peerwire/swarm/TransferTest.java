package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** Whole transfers in virtual time. */
class TransferTest {
  private static final int PIECE = 64 << 10;
  private static final int BLOCKS = PIECE / Block.LENGTH;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void oneSeederToOneLeecher(long seed) {
    Sim sim = new Sim(seed, 20 * PIECE + 1, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.runUntil("complete", 10 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.completions).isEqualTo(1);
    assertThat(leecher.pieces).hasSize(21);
    assertThat(leecher.status().wasted()).isZero();
    assertThat(leecher.status().fetched()).isEqualTo(sim.content.length);
    sim.run(Sim.SECOND);
    assertThat(seeder.swarm.peers).as("both have everything").isEmpty();
    assertThat(leecher.status().stall()).isEqualTo(Stall.COMPLETE);
  }

  @Test
  void loopbackIsNotHeldUpByTheSwarm() {
    Sim sim = new Sim(1, 64 * PIECE, PIECE);
    sim.delay = Sim.MS / 10;
    Sim.Node seeder = sim.seed("seeder");
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    long start = sim.now;
    sim.runUntil("complete", 10 * Sim.SECOND, leecher::isComplete);
    assertThat(sim.now - start).isLessThan(100 * Sim.MS);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void threeSeedersAreAllUsed(long seed) {
    Sim sim = new Sim(seed, 128 * PIECE, PIECE);
    List<Sim.Node> seeders = List.of(sim.seed("one"), sim.seed("two"), sim.seed("three"));
    seeders.forEach(node -> node.bandwidth = 500_000);
    Sim.Node leecher = sim.leech("leecher");
    seeders.forEach(leecher::dials);
    long start = sim.now;
    sim.runUntil("complete", 60 * Sim.SECOND, leecher::isComplete);
    double ideal = 128 * PIECE / 1_500_000.0;
    assertThat((sim.now - start) / 1e9).as("seed %s", seed).isLessThan(1.25 * ideal);
    for (Sim.Node node : seeders) {
      assertThat(node.status().uploaded()).isGreaterThan(sim.content.length / 5);
    }
    // S10, Z22: the endgame asks twice, and little comes twice.
    assertThat(leecher.status().wasted()).as("seed %s", seed).isLessThan(sim.content.length / 100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aRingOfPartialSeedsCompletesEverywhere(long seed) {
    Sim sim = new Sim(seed, 40 * PIECE - 77, PIECE);
    Sim.Node[] ring = new Sim.Node[5];
    for (int i = 0; i < ring.length; i++) {
      int mine = i;
      ring[i] = sim.node("n" + i, piece -> piece % 5 == mine, SwarmOptions.DEFAULT);
    }
    for (int i = 0; i < ring.length; i++) {
      ring[i].dials(ring[(i + 1) % ring.length]);
    }
    sim.runUntil(
        "complete", 120 * Sim.SECOND, () -> List.of(ring).stream().allMatch(Sim.Node::isComplete));
  }

  @Test
  void z15_z21_theSeederLeavesAndComesBack() {
    Sim sim = new Sim(7, 64 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 1_000_000;
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.runUntil("half", 20 * Sim.SECOND, () -> leecher.pieces.size() > 32);
    seeder.leave();
    sim.run(5 * Sim.SECOND);
    int before = leecher.pieces.size();
    assertThat(leecher.status().stall()).isEqualTo(Stall.NOT_CONNECTED);
    sim.run(60 * Sim.SECOND);
    assertThat(leecher.pieces).hasSize(before);
    seeder.listening = true;
    sim.runUntil("complete", 90 * Sim.SECOND, leecher::isComplete);
    // What had come of a piece was kept: no block was fetched twice.
    assertThat(leecher.asked.values()).allMatch(blocks -> blocks == PIECE / Block.LENGTH);
  }

  /** 64 MiB over a path of 1,000 ms there and back, of which one segment in a hundred gets lost. */
  @Test
  void theDepthOfThePipelineIsWhatMakesALongPathFast() {
    double adaptive = secondsOverALongPath(SwarmOptions.DEFAULT);
    double shallow = secondsOverALongPath(SwarmOptions.builder().pipeline(16, 16).build());
    assertThat(shallow / adaptive).as("%s s, %s s", shallow, adaptive).isGreaterThan(4);
  }

  private static double secondsOverALongPath(SwarmOptions options) {
    Sim sim = new Sim(11, 64 << 20, 1 << 20);
    sim.delay = 500 * Sim.MS;
    sim.lossPercent = 1;
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 8 << 20;
    Sim.Node leecher = sim.node("leecher", piece -> false, options).dials(seeder);
    long start = sim.now;
    sim.runUntil("complete", 3600 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.status().wasted()).isLessThan(sim.content.length / 100);
    return (sim.now - start) / 1e9;
  }

  /** One segment in twenty lost, 200 ms there and back and up to 50 more. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void z32_aBadPathIsUsedToMoreThanHalf(long seed) {
    Sim sim = new Sim(seed, 16 << 20, 256 << 10);
    sim.delay = 100 * Sim.MS;
    sim.jitterMillis = 50;
    sim.lossPercent = 5;
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 500_000;
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    long start = sim.now;
    sim.runUntil("complete", 600 * Sim.SECOND, leecher::isComplete);
    double ideal = sim.content.length / 500_000.0;
    assertThat((sim.now - start) / 1e9).as("seed %s", seed).isLessThan(1.2 * ideal);
    assertThat(leecher.status().wasted()).as("seed %s", seed).isZero();
    assertThat(leecher.log).noneMatch(line -> line.startsWith("snub"));
  }

  /** X14: what the peer says that it queues is all that it is asked for at once. */
  @Test
  void aPipelineIsNoDeeperThanThePeerSays() {
    Sim sim = new Sim(4, 64 * PIECE, PIECE);
    SwarmOptions few =
        SwarmOptions.builder().wire(WireOptions.builder().maxPeerRequests(7).build()).build();
    Sim.Node seeder = sim.node("seeder", piece -> true, few);
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    int[] most = {0};
    sim.runUntil(
        "complete",
        60 * Sim.SECOND,
        () -> {
          if (leecher.status().downloaded() > PIECE) {
            leecher.swarm.peers.forEach(
                peer -> most[0] = Math.max(most[0], peer.wire().requestCount()));
          }
          return leecher.isComplete();
        });
    assertThat(most[0]).isEqualTo(7);
  }

  /**
   * Killed at any moment, with nothing kept but pieces: what came and is lost is a piece of each
   * peer, and one that two of them share.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void z06_aKillCostsAPieceOfEachPeerAndOneMoreAtTheMost(long seed) {
    Sim sim = new Sim(seed, 200 * PIECE, PIECE);
    int peers = 1 + (int) (seed % 5);
    List<Sim.Node> seeders = new ArrayList<>();
    for (int i = 0; i < peers; i++) {
      seeders.add(sim.seed("s" + i));
      seeders.get(i).bandwidth = 200_000L + 100_000L * i;
    }
    Sim.Node leecher = sim.leech("run0").dials(seeders.toArray(new Sim.Node[0]));
    int most = 0;
    for (int run = 1; !leecher.isComplete(); run++) {
      sim.run((200 + sim.random.nextInt(3000)) * Sim.MS);
      Sim.Node killed = leecher;
      int lost =
          killed.asked.entrySet().stream()
              .filter(piece -> !killed.swarm.verified().contains(piece.getKey()))
              .mapToInt(Map.Entry::getValue)
              // What came whole lies on the disk, where the next run finds it.
              .filter(blocks -> blocks < BLOCKS)
              .sum();
      assertThat(lost).as("blocks lost, seed %s", seed).isLessThanOrEqualTo((peers + 1) * BLOCKS);
      most = Math.max(most, lost);
      killed.leave();
      leecher =
          sim.node("run" + run, killed.swarm.verified()::contains, SwarmOptions.DEFAULT)
              .dials(seeders.toArray(new Sim.Node[0]));
    }
    assertThat(most).as("it was killed while something was under way").isPositive();
  }

  /** As one that is stopped by a signal and goes on later. */
  @Test
  void aSeederThatStallsCostsOneRequestTimeoutAtMostAndIsUsedAgain() {
    Sim sim = new Sim(21, 1024 * PIECE, PIECE);
    List<Sim.Node> seeders = List.of(sim.seed("stalls"), sim.seed("stays"));
    seeders.forEach(node -> node.bandwidth = 250_000);
    Sim.Node leecher = sim.leech("leecher");
    seeders.forEach(leecher::dials);
    Sim.Node stalls = seeders.get(0);
    sim.runUntil("some", 60 * Sim.SECOND, () -> leecher.pieces.size() > 64);
    Sim.End stalled = stalls.ends.get(0);
    stalled.blackHole = true;
    long start = sim.now;
    long before = leecher.status().fetched();
    sim.run(60 * Sim.SECOND);
    double ideal = (sim.now - start) / 1e9 * 250_000;
    double lost = (ideal - (leecher.status().fetched() - before)) / 250_000;
    assertThat(lost).as("seconds of the other seeder's time that were lost").isLessThan(30);
    stalled.release();
    long given = stalls.status().uploaded();
    sim.runUntil("complete", 300 * Sim.SECOND, leecher::isComplete);
    assertThat(stalls.status().uploaded() - given).isGreaterThan(sim.content.length / 10);
    assertThat(leecher.status().wasted()).isLessThan(sim.content.length / 100);
  }

  @Test
  void resumeFetchesOnlyWhatIsMissing() {
    Sim sim = new Sim(3, 30 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    Sim.Node leecher =
        sim.node("leecher", piece -> piece % 3 != 0, SwarmOptions.DEFAULT).dials(seeder);
    assertThat(leecher.status().pieces()).isEqualTo(20);
    sim.runUntil("complete", 10 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.asked.keySet()).hasSize(10).allMatch(piece -> piece % 3 == 0);
    assertThat(seeder.status().uploaded()).isEqualTo(10L * PIECE);
  }

  @Test
  void sequentialFetchesInOrder() {
    Sim sim = new Sim(3, 30 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().sequential(true).build();
    Sim.Node leecher = sim.node("leecher", piece -> false, options).dials(sim.seed("seeder"));
    sim.runUntil("complete", 10 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.pieces).isSorted();
  }

  @Test
  void z39_thePieceOfOneByte() {
    for (int length : new int[] {1, Block.LENGTH, Block.LENGTH + 1, PIECE + 1, 3 * PIECE}) {
      Sim sim = new Sim(length, length, PIECE);
      Sim.Node leecher = sim.leech("leecher").dials(sim.seed("seeder"));
      sim.runUntil("complete", 10 * Sim.SECOND, leecher::isComplete);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void z19_z20_everyoneChokesAndUnchokes(boolean fast) {
    EnumSet<Feature> features = fast ? EnumSet.of(Feature.FAST) : EnumSet.noneOf(Feature.class);
    SwarmOptions options =
        SwarmOptions.builder().wire(WireOptions.builder().features(features).build()).build();
    Sim sim = new Sim(11, 64 * PIECE, PIECE);
    Sim.Node seeder = sim.node("seeder", piece -> true, options);
    seeder.bandwidth = 1_000_000;
    Sim.Node leecher = sim.node("leecher", piece -> false, options).dials(seeder);
    sim.runUntil("some", 20 * Sim.SECOND, () -> leecher.pieces.size() > 20);
    PeerWire theirs = seeder.peer(leecher).wire();
    assertThat(leecher.peer(seeder).wire().requestCount()).isGreaterThan(16);
    theirs.choke();
    sim.run(3 * Sim.SECOND);
    // D6: each request ended, in one of the two ways.
    assertThat(leecher.peer(seeder).wire().requestCount()).isZero();
    assertThat(leecher.peer(seeder).requests).isEmpty();
    assertThat(leecher.status().stall()).isEqualTo(Stall.CHOKED);
    assertThat(leecher.status().why()).contains("1 peer");
    long steps = sim.steps;
    sim.run(4 * Sim.SECOND);
    assertThat(sim.steps - steps).as("wake-ups of two nodes").isLessThanOrEqualTo(2 * 2 * 5);
    assertThat(leecher.swarm.nanosUntilTick(sim.now)).isLessThanOrEqualTo(Sim.SECOND);
    theirs.unchoke();
    sim.runUntil("complete", 30 * Sim.SECOND, leecher::isComplete);
    assertThat(leecher.asked.values()).allMatch(blocks -> blocks == PIECE / Block.LENGTH);
  }

  @Test
  void z16_aSilentSeederCostsOneTimeout() {
    Sim sim = new Sim(5, 64 * PIECE, PIECE);
    Sim.Node silent = sim.seed("silent");
    Sim.Node honest = sim.seed("honest");
    silent.bandwidth = 500_000;
    honest.bandwidth = 500_000;
    Sim.Node leecher = sim.leech("leecher").dials(silent, honest);
    sim.runUntil("some", 20 * Sim.SECOND, () -> leecher.pieces.size() > 16);
    List<Sim.End> holes = List.copyOf(silent.ends);
    holes.forEach(end -> end.blackHole = true);
    long start = sim.now;
    sim.runUntil("complete", 60 * Sim.SECOND, leecher::isComplete);
    assertThat(sim.now - start).isLessThan(35 * Sim.SECOND);
    assertThat(leecher.banned).isEmpty();
  }

  @Test
  void aSeederThatWasPausedIsUsedAgain() {
    Sim sim = new Sim(6, 64 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 1_000_000;
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.runUntil("some", 20 * Sim.SECOND, () -> leecher.pieces.size() > 16);
    Sim.End hole = seeder.ends.get(0);
    hole.blackHole = true;
    sim.run(25 * Sim.SECOND);
    assertThat(leecher.status().stall()).isEqualTo(Stall.TIMING_OUT);
    assertThat(leecher.log).anyMatch(line -> line.startsWith("snub"));
    hole.release();
    sim.runUntil("complete", 20 * Sim.SECOND, leecher::isComplete);
    // The blocks that came late counted, but for those whose time was up.
    assertThat(leecher.status().wasted()).isLessThanOrEqualTo(2L * Block.LENGTH);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void z22_s10_aSlowPeerDoesNotHoldTheEnd(long seed) {
    Sim sim = new Sim(seed, 200 * PIECE, PIECE);
    Sim.Node slow = sim.seed("slow");
    slow.bandwidth = 20_000;
    Sim.Node leecher = sim.leech("leecher").dials(slow);
    for (int i = 0; i < 3; i++) {
      Sim.Node fast = sim.seed("fast" + i);
      fast.bandwidth = 500_000;
      leecher.dials(fast);
    }
    long start = sim.now;
    sim.runUntil("complete", 60 * Sim.SECOND, leecher::isComplete);
    // Alone, the fast ones need 9 s. The first sixteen requests are more than the slow one serves
    // in that time.
    assertThat(sim.now - start).as("seed %s", seed).isLessThan(13 * Sim.SECOND);
    assertThat(leecher.status().wasted()).as("seed %s", seed).isLessThan(sim.content.length / 100);
    // Z23: what comes after completion is nobody's fault.
    sim.run(20 * Sim.SECOND);
    assertThat(leecher.log).noneMatch(line -> line.contains("UNREQUESTED"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void z22_theLastPieceMovesOnWhenItsPeerLeaves(long seed) {
    Sim sim = new Sim(seed, 40 * PIECE, PIECE);
    Sim.Node slow = sim.seed("slow");
    slow.bandwidth = 5_000;
    Sim.Node fast = sim.seed("fast");
    fast.bandwidth = 500_000;
    Sim.Node leecher = sim.leech("leecher").dials(slow, fast);
    sim.run(8 * Sim.SECOND);
    slow.leave();
    sim.runUntil("complete", 3 * Sim.SECOND, leecher::isComplete);
  }

  @Test
  void z01_aFullDiskPausesAndRecovers() {
    Sim sim = new Sim(8, 64 * PIECE, PIECE);
    Sim.Node leecher = sim.leech("leecher").dials(sim.seed("seeder"));
    sim.nodes.values().forEach(node -> node.bandwidth = 1_000_000);
    sim.runUntil("some", 20 * Sim.SECOND, () -> leecher.pieces.size() > 16);
    leecher.diskFull = true;
    sim.run(20 * Sim.SECOND);
    assertThat(leecher.status().stall()).isIn(Stall.STORAGE, Stall.NONE);
    assertThat(leecher.status().isComplete()).isFalse();
    leecher.diskFull = false;
    sim.runUntil("complete", 30 * Sim.SECOND, leecher::isComplete);
  }

  @Test
  void aLongRoadIsFilled() {
    Sim sim = new Sim(9, 64 << 20, 256 << 10);
    sim.delay = 500 * Sim.MS;
    Sim.Node leecher = sim.leech("leecher").dials(sim.seed("seeder"));
    long start = sim.now;
    sim.runUntil("complete", 120 * Sim.SECOND, leecher::isComplete);
    // 250 requests of 16 KiB a second of round trip: 4 MB/s after some seconds of doubling.
    assertThat((sim.now - start) / Sim.SECOND).isLessThan(30);
  }

  @Test
  void unverifiedPiecesAreBounded() {
    Sim sim = new Sim(10, 64 * PIECE, PIECE);
    sim.diskDelay = 100 * Sim.MS;
    SwarmOptions options = SwarmOptions.builder().maxUnverified(4 * PIECE).build();
    Sim.Node leecher = sim.node("leecher", piece -> false, options).dials(sim.seed("seeder"));
    sim.runUntil(
        "complete",
        60 * Sim.SECOND,
        () -> {
          assertThat(leecher.asked.size() - leecher.pieces.size()).isLessThanOrEqualTo(4);
          return leecher.isComplete();
        });
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    long[] steps = new long[2];
    for (int i = 0; i < 2; i++) {
      Sim sim = new Sim(42, 40 * PIECE, PIECE);
      Sim.Node leecher = sim.leech("leecher").dials(sim.seed("one"), sim.seed("two"));
      sim.runUntil("complete", 20 * Sim.SECOND, leecher::isComplete);
      steps[i] = sim.steps * 31 + leecher.pieces.hashCode();
    }
    assertThat(steps[0]).isEqualTo(steps[1]);
  }

  @Test
  void c21_flappingDoesNotChurn() {
    Sim sim = new Sim(12, 64 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 100_000;
    EnumSet<Feature> none = EnumSet.noneOf(Feature.class);
    SwarmOptions options =
        SwarmOptions.builder().wire(WireOptions.builder().features(none).build()).build();
    Sim.Node leecher = sim.node("leecher", piece -> false, options).dials(seeder);
    sim.runUntil("some", 20 * Sim.SECOND, () -> leecher.pieces.size() > 1);
    PeerWire theirs = seeder.peer(leecher).wire();
    long before = leecher.peer(seeder).wire().bytesSent();
    for (int i = 0; i < 1000; i++) {
      theirs.choke();
      theirs.unchoke();
      sim.run(Sim.MS);
    }
    assertThat(leecher.peer(seeder).wire().bytesSent() - before).isLessThan(3 * 250 * 17);
    sim.runUntil("complete", 200 * Sim.SECOND, leecher::isComplete);
    assertThat(Duration.ofNanos(sim.now)).isLessThan(Duration.ofMinutes(2));
  }
}
