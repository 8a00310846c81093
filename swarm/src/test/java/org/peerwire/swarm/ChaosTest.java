package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.PeerAddress;
import org.peerwire.Profile;
import org.peerwire.wire.WireOptions;

/**
 * Swarms in which anything may happen, drawn from a seed: peers leave and come back, connections
 * fall silent or are cut, disks fill up, some peers lie. Then the faults end and every honest peer
 * must complete.
 *
 * <p>{@code -Dpeerwire.chaos.seeds=10000} runs more; {@code -Dpeerwire.chaos.seed=17} runs one
 * again.
 */
class ChaosTest {
  @Test
  void everyHonestPeerCompletesAndNoneIsBanned() {
    Long one = Long.getLong("peerwire.chaos.seed");
    int count = one == null ? Integer.getInteger("peerwire.chaos.seeds", 40) : 1;
    int liarsFound = 0;
    int twice = 0;
    for (int i = 0; i < count; i++) {
      Run run = new Run(one == null ? i : one);
      run.go();
      liarsFound += run.banned;
      twice += run.left;
    }
    if (one == null) {
      // A run without faults would prove nothing.
      assertThat(liarsFound).isPositive();
      assertThat(twice).isPositive();
    }
  }

  private static final class Run {
    private final Sim sim;
    private final SplitMix64 random;
    private final List<Sim.Node> honest = new ArrayList<>();
    private final List<Sim.Node> liars = new ArrayList<>();
    private final List<Sim.Node> all = new ArrayList<>();
    int banned;
    int left;

    Run(long seed) {
      random = new SplitMix64(seed ^ 0x5EED);
      int pieceLength = Block.LENGTH << random.nextInt(4);
      sim = new Sim(seed, 1 + random.nextInt(1 << 21), pieceLength);
      sim.delay = random.nextInt(300) * Sim.MS;
      sim.diskDelay = random.nextInt(500) * Sim.MS;
      int nodes = 2 + random.nextInt(6);
      boolean whole = random.nextInt(2) == 0;
      for (int i = 0; i < nodes; i++) {
        int mine = i;
        // Either one has everything or each has a part, and together they have it all.
        honest.add(
            sim.node("h" + i, piece -> whole ? mine == 0 : piece % nodes == mine, options()));
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        Sim.Node liar = sim.node("liar" + i, piece -> true, options());
        int odds = 1 + random.nextInt(4);
        liar.corrupt = block -> block[0] += (byte) (random.nextInt(odds) == 0 ? 1 : 0);
        liars.add(liar);
      }
      all.addAll(honest);
      all.addAll(liars);
      for (Sim.Node node : all) {
        if (random.nextInt(3) > 0) {
          node.bandwidth = 20_000L + random.nextInt(1_000_000);
        }
      }
      for (int i = 0; i < all.size(); i++) {
        for (int j = 0; j < i; j++) {
          all.get(random.nextInt(2) == 0 ? i : j).dials(all.get(i), all.get(j));
        }
      }
    }

    private SwarmOptions options() {
      WireOptions.Builder wire = WireOptions.builder();
      if (random.nextInt(2) == 0) {
        wire.features(EnumSet.noneOf(Feature.class));
      }
      wire.profile(random.nextInt(2) == 0 ? Profile.STRICT : Profile.INTEROP);
      wire.maxPeerRequests(random.nextInt(2) == 0 ? 250 : 1 + random.nextInt(30));
      return SwarmOptions.builder()
          .wire(wire.build())
          .sequential(random.nextInt(4) == 0)
          .uploadSlots(1 + random.nextInt(6))
          .maxUnverified(1L << (14 + random.nextInt(8)))
          .build();
    }

    void go() {
      for (int i = random.nextInt(12); i > 0; i--) {
        sim.run(random.nextInt(4000) * Sim.MS);
        fault(all.get(random.nextInt(all.size())));
      }
      for (Sim.Node node : all) {
        node.diskFull = false;
        node.listening = true;
        List.copyOf(node.ends).forEach(Sim.End::release);
      }
      sim.runUntil(
          "every honest peer completes",
          1200 * Sim.SECOND,
          () -> honest.stream().allMatch(Sim.Node::isComplete));
      for (Sim.Node node : all) {
        for (PeerAddress address : node.banned) {
          assertThat(liars.stream().anyMatch(liar -> liar.address.ip().equals(address.ip())))
              .as("seed %s: D7, %s banned %s", sim.seed, node.name, address)
              .isTrue();
          banned++;
        }
        for (PeerState peer : node.swarm.peers) {
          // D6
          assertThat(peer.requests).hasSize(peer.isUp() ? peer.wire().requestCount() : 0);
        }
        assertThat(node.completions).isLessThanOrEqualTo(1);
      }
    }

    private void fault(Sim.Node node) {
      switch (random.nextInt(6)) {
        case 0 -> {
          node.leave();
          left++;
          sim.after(random.nextInt(20) * Sim.SECOND, () -> node.listening = true);
        }
        case 1 -> List.copyOf(node.ends).forEach(end -> end.blackHole = true);
        case 2 -> {
          for (Sim.End end : List.copyOf(node.ends)) {
            end.blackHole = true;
            sim.after(random.nextInt(30) * Sim.SECOND, end::release);
          }
        }
        case 3 -> {
          node.diskFull = true;
          sim.after(random.nextInt(20) * Sim.SECOND, () -> node.diskFull = false);
        }
        case 4 -> {
          for (Sim.End end : List.copyOf(node.ends)) {
            if (random.nextInt(2) == 0) {
              end.cut("reset");
            }
          }
        }
        default -> {
          for (PeerState peer : List.copyOf(node.swarm.peers)) {
            if (peer.isUp()) {
              peer.wire().choke();
            }
          }
        }
      }
    }
  }
}
