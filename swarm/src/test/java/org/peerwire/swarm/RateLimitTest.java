package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;

/** Limits of how much comes and goes, alone and in whole transfers in virtual time. */
class RateLimitTest {
  private static final int PIECE = 64 << 10;
  private static final long RATE = 200_000;

  @Test
  void aLimitIsOverdrawnByOneAndMadeGoodWithTime() {
    RateLimit limit = RateLimit.perSecond(10 << 14);
    assertThat(limit.take(1 << 14, -5)).isTrue();
    assertThat(limit.take(1 << 14, -5)).as("the allowance of a tenth of a second").isFalse();
    long wait = limit.nanosUntilSome(-5);
    assertThat(wait).isBetween(1L, Sim.SECOND / 10);
    assertThat(limit.take(1 << 14, wait - 5)).isTrue();
    assertThat(limit.take(1 << 14, wait - 5)).isFalse();
    limit.giveBack(1 << 14);
    assertThat(limit.take(1 << 14, wait - 5)).isTrue();
  }

  @Test
  void aLongPauseSavesNothingUp() {
    RateLimit limit = RateLimit.perSecond(10 << 14);
    assertThat(limit.take(1 << 14, 0)).isTrue();
    assertThat(limit.take(1 << 14, 3600 * Sim.SECOND)).isTrue();
    assertThat(limit.take(1 << 14, 3600 * Sim.SECOND)).isFalse();
  }

  @Test
  void timeThatGoesBackIsNoTime() {
    RateLimit limit = RateLimit.perSecond(1);
    assertThat(limit.take(1 << 14, 1000 * Sim.SECOND)).isTrue();
    assertThat(limit.take(1, 0)).isFalse();
    assertThat(limit.take(1, 1000 * Sim.SECOND)).isFalse();
  }

  @Test
  void thereIsALeastLimitAndNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.perSecond(0));
    RateLimit none = RateLimit.none();
    for (int i = 0; i < 100; i++) {
      assertThat(none.take(Integer.MAX_VALUE, 0)).isTrue();
    }
    assertThat(none.nanosUntilSome(0)).isZero();
  }

  @Test
  void aDownloadTakesAsLongAsItsLimitSays() {
    Sim sim = new Sim(1, 32 * PIECE, PIECE);
    Sim.Node leecher = sim.leech("leecher").dials(sim.seed("one")).dials(sim.seed("two"));
    leecher.swarm.limit(RateLimit.perSecond(RATE), RateLimit.none());
    assertThat(secondsToComplete(sim, leecher)).isBetween(0.9 * ideal(sim), 1.15 * ideal(sim));
  }

  @Test
  void anUploadTakesAsLongAsItsLimitSays() {
    Sim sim = new Sim(2, 32 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.swarm.limit(RateLimit.none(), RateLimit.perSecond(RATE));
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    assertThat(secondsToComplete(sim, leecher)).isBetween(0.9 * ideal(sim), 1.15 * ideal(sim));
  }

  @Test
  void peersGetALimitedUploadInTurns() {
    Sim sim = new Sim(3, 64 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.swarm.limit(RateLimit.none(), RateLimit.perSecond(RATE));
    List<Sim.Node> leechers = List.of(sim.leech("a"), sim.leech("b"), sim.leech("c"));
    leechers.forEach(leecher -> leecher.dials(seeder));
    sim.run(9 * Sim.SECOND);
    for (Sim.Node leecher : leechers) {
      assertThat(leecher.status().downloaded()).isBetween(RATE * 2, RATE * 4);
    }
  }

  @Test
  void swarmsMayShareOneLimit() {
    Sim sim = new Sim(4, 32 * PIECE, PIECE);
    RateLimit shared = RateLimit.perSecond(RATE);
    Sim.Node one = sim.leech("one").dials(sim.seed("a"));
    Sim.Node other = sim.leech("other").dials(sim.seed("b"));
    one.swarm.limit(shared, RateLimit.none());
    other.swarm.limit(shared, RateLimit.none());
    sim.run(8 * Sim.SECOND);
    long both = one.status().downloaded() + other.status().downloaded();
    assertThat(both).isBetween(RATE * 7, RATE * 9);
  }

  @Test
  void whatIsCancelledOrChokedWaitsNoMore() {
    Sim sim = new Sim(5, 32 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.swarm.limit(RateLimit.none(), RateLimit.perSecond(1));
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.run(2 * Sim.SECOND);
    assertThat(waiting(seeder)).isGreaterThan(2);
    PeerState there = seeder.swarm.peers.get(0);
    Block last = List.copyOf(there.waiting).get(waiting(seeder) - 1);
    leecher.swarm.peers.get(0).wire().cancel(last.piece(), last.begin(), last.length());
    sim.run(Sim.SECOND / 10);
    assertThat(there.waiting).doesNotContain(last);
    there.choke();
    assertThat(waiting(seeder)).isZero();
  }

  @Test
  void whatWeWithdrawMayBeAskedOfOthers() {
    Sim sim = new Sim(6, 32 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.swarm.limit(RateLimit.none(), RateLimit.perSecond(1));
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    RateLimit limit = RateLimit.perSecond(1000 * Block.LENGTH);
    leecher.swarm.limit(limit, RateLimit.none());
    sim.run(2 * Sim.SECOND);
    PeerState there = leecher.swarm.peers.get(0);
    int asked = there.requests.size();
    int piece = there.requests.iterator().next().piece.piece;
    while (limit.take(Block.LENGTH, sim.now)) {
      // Until nothing more may be asked for.
    }
    leecher.swarm.downloads.hasNot(there, piece);
    assertThat(there.requests).hasSize(asked);
    assertThat(there.requests).noneMatch(request -> request.piece.piece == piece);
  }

  private static int waiting(Sim.Node node) {
    return node.swarm.peers.isEmpty() ? 0 : node.swarm.peers.get(0).waiting.size();
  }

  private static double secondsToComplete(Sim sim, Sim.Node leecher) {
    long start = sim.now;
    sim.runUntil("complete", 120 * Sim.SECOND, leecher::isComplete);
    return (sim.now - start) / 1e9;
  }

  private static double ideal(Sim sim) {
    return sim.content.length / (double) RATE;
  }
}
