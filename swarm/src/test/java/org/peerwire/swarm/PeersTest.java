package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

/** Who is connected, who is dialled, who is served. */
class PeersTest {
  private static final int PIECE = 64 << 10;

  @Test
  void h07_z35_oneConnectionSurvivesWhenBothDial() {
    for (long seed = 1; seed <= 20; seed++) {
      Sim sim = new Sim(seed, 200 * PIECE, PIECE);
      Sim.Node one = sim.node("one", piece -> piece % 2 == 0, SwarmOptions.DEFAULT);
      Sim.Node two = sim.node("two", piece -> piece % 2 == 1, SwarmOptions.DEFAULT);
      one.bandwidth = 1_000_000;
      two.bandwidth = 1_000_000;
      one.dials(two);
      sim.run(seed % 4 * sim.delay / 2);
      two.dials(one);
      sim.run(Sim.SECOND);
      assertThat(one.swarm.peers).as("seed %s", seed).hasSize(1);
      assertThat(two.swarm.peers).as("seed %s", seed).hasSize(1);
      sim.runUntil("complete", 60 * Sim.SECOND, () -> one.isComplete() && two.isComplete());
    }
  }

  @Test
  void h06_ourselvesAreForgotten() {
    Sim sim = new Sim(1, 4 * PIECE, PIECE);
    Sim.Node one = sim.leech("one");
    one.dials(one);
    sim.run(3 * Sim.SECOND);
    assertThat(one.swarm.peers).isEmpty();
    assertThat(one.status().candidates()).isZero();
    assertThat(one.status().stall()).isEqualTo(Stall.NO_PEERS);
  }

  @Test
  void aPersistentPeerIsDialledAgainWithBackOff() {
    Sim sim = new Sim(1, 4 * PIECE, PIECE);
    Sim.Node leecher = sim.leech("leecher");
    Sim.Node seeder = sim.seed("seeder");
    seeder.listening = false;
    leecher.dials(seeder);
    sim.run(600 * Sim.SECOND);
    long dials = leecher.log.stream().filter(line -> line.contains("refused")).count();
    assertThat(dials).isBetween(12L, 20L);
    seeder.listening = true;
    sim.runUntil("complete", 61 * Sim.SECOND, leecher::isComplete);
  }

  @Test
  void slotsGoRoundSoThatEveryoneCompletes() {
    Sim sim = new Sim(3, 32 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().uploadSlots(2).build();
    Sim.Node seeder = sim.node("seeder", piece -> true, options);
    seeder.bandwidth = 500_000;
    List<Sim.Node> leechers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      leechers.add(sim.leech("l" + i).dials(seeder));
    }
    sim.runUntil(
        "complete",
        600 * Sim.SECOND,
        () -> {
          long served =
              seeder.swarm.peers.stream()
                  .filter(p -> p.isUp() && !p.wire().amChoking() && p.wire().peerInterested())
                  .count();
          assertThat(served).isLessThanOrEqualTo(2);
          return leechers.stream().allMatch(Sim.Node::isComplete);
        });
  }

  @Test
  void b7_c20_togglingInterestChangesNothingWithinTenSeconds() {
    Sim sim = new Sim(3, 32 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    Sim.Node other = sim.leech("other").dials(seeder);
    sim.delay = Sim.MS;
    seeder.bandwidth = 10_000;
    sim.run(200 * Sim.MS);
    PeerWire wire = other.peer(seeder).wire();
    long before = seeder.peer(other).wire().bytesSent();
    for (int i = 0; i < 10_000; i++) {
      wire.notInterested();
      wire.interested();
    }
    sim.run(2 * Sim.SECOND);
    assertThat(seeder.peer(other).wire().bytesSent() - before).isLessThan(60_000);
  }

  @Test
  void c24_whoTakesTwiceTheTorrentAndHasNothingIsServedLast() {
    Sim sim = new Sim(3, 4 * PIECE, PIECE);
    SwarmOptions options = SwarmOptions.builder().uploadSlots(1).build();
    Sim.Node seeder = sim.node("seeder", piece -> true, options);
    seeder.bandwidth = 200_000;
    PeerWire taker = sim.raw(seeder, new Endless());
    taker.interested();
    sim.runUntil("noticed", 30 * Sim.SECOND, () -> seeder.log.contains("overdownload"));
    assertThat(taker.isClosed()).isFalse();
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.runUntil("complete", 40 * Sim.SECOND, leecher::isComplete);
    assertThat(seeder.log).filteredOn("overdownload"::equals).hasSize(1);
  }

  @Test
  void c10_d1_whatIsNotVerifiedIsNeverServed() {
    Sim sim = new Sim(3, 4 * PIECE, PIECE);
    Sim.Node node = sim.node("node", piece -> piece == 1, SwarmOptions.DEFAULT);
    List<String> heard = new ArrayList<>();
    PeerWire wire =
        sim.raw(
            node,
            new PeerListener() {
              @Override
              public void onUnchoke(PeerWire wire) {
                for (int piece = 0; piece < 2; piece++) {
                  wire.request(
                      piece,
                      0,
                      Block.LENGTH,
                      (outcome, p, b, block) -> heard.add(outcome + " " + p));
                }
              }
            });
    wire.interested();
    sim.run(Sim.SECOND);
    assertThat(heard).containsExactly("REJECTED 0", "BLOCK 1");
  }

  @Test
  void a05_whoRejectsEverythingIsAskedThreeTimesAndSnubbed() {
    Sim sim = new Sim(3, 4 * PIECE, PIECE);
    Sim.Node node = sim.leech("node");
    Map<String, Integer> asked = new HashMap<>();
    PeerWire wire =
        sim.raw(
            node,
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                PieceSet all = new PieceSet(4);
                all.addAll();
                wire.bitfield(all);
                wire.unchoke();
              }

              @Override
              public void onRequest(PeerWire wire, int piece, int begin, int length) {
                asked.merge(piece + ":" + begin, 1, Integer::sum);
                wire.reject(piece, begin, length);
              }
            });
    sim.run(50 * Sim.SECOND);
    assertThat(asked).hasSize(16).allSatisfy((block, times) -> assertThat(times).isEqualTo(3));
    sim.run(300 * Sim.SECOND);
    assertThat(node.log).anyMatch(line -> line.startsWith("snub"));
    assertThat(node.log).filteredOn(line -> line.startsWith("snub")).hasSize(1);
    assertThat(wire.isClosed()).isFalse();
    assertThat(node.status().stall()).isIn(Stall.TIMING_OUT, Stall.NONE);
  }

  @Test
  void h04_anotherTorrentIsRefusedBeforeAByteIsSent() {
    Sim sim = new Sim(3, 4 * PIECE, PIECE);
    Sim.Node node = sim.leech("node");
    Sim.Node other = sim.leech("other");
    PeerWire wire = new PeerWire(new PeerListener() {});
    byte[] unknown = new byte[20];
    unknown[3] = 1;
    wire.handshake(InfoHash.of(unknown), PeerId.ofAscii("-XX0000-000000000000"));
    PeerWire theirs = node.swarm.accepted(other.address, sim.now);
    sim.link(other, wire, node, Objects.requireNonNull(theirs));
    sim.run(Sim.SECOND);
    assertThat(wire.bytesReceived()).isZero();
    assertThat(node.swarm.peers).isEmpty();
    assertThat(node.log).anyMatch(line -> line.contains("UNKNOWN_INFO_HASH"));
  }

  /** Asks for the first block for ever. */
  private static final class Endless implements PeerListener {
    @Override
    public void onUnchoke(PeerWire wire) {
      ask(wire);
    }

    private void ask(PeerWire wire) {
      wire.request(
          0,
          0,
          Block.LENGTH,
          (outcome, piece, begin, block) -> {
            if (outcome == RequestOutcome.BLOCK) {
              ask(wire);
            }
          });
    }
  }

  @Test
  void nobodyHasWhatIsMissing() {
    Sim sim = new Sim(3, 8 * PIECE, PIECE);
    Sim.Node half = sim.node("half", piece -> piece < 4, SwarmOptions.DEFAULT);
    Sim.Node leecher = sim.leech("leecher").dials(half);
    sim.run(3 * Sim.SECOND);
    assertThat(leecher.status().pieces()).isEqualTo(4);
    assertThat(leecher.status().stall()).isEqualTo(Stall.NO_SOURCE);
    assertThat(leecher.status().why())
        .isEqualTo("no connected peer has a missing piece: 4 pieces missing, 1 peer connected");
    assertThat(leecher.peer(half).wire().amInterested()).isFalse();
  }

  @Test
  void s15_z03_aPieceThatCannotBeReadIsFetchedAgain() {
    Sim sim = new Sim(3, 8 * PIECE, PIECE);
    Sim.Node one = sim.seed("one");
    Sim.Node two = sim.node("two", piece -> piece != 7, SwarmOptions.DEFAULT).dials(one);
    sim.run(Sim.SECOND / 100);
    two.swarm.readFailed(3, "gone", sim.now);
    assertThat(two.swarm.verified().contains(3)).isFalse();
    sim.runUntil("complete", 10 * Sim.SECOND, two::isComplete);
    assertThat(two.pieces).contains(3, 7);
  }

  @Test
  void closingEndsEveryWire() {
    Sim sim = new Sim(3, 64 * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 100_000;
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.run(Sim.SECOND);
    leecher.swarm.close();
    sim.run(Sim.SECOND);
    assertThat(leecher.ends).isEmpty();
    assertThat(seeder.swarm.peers).isEmpty();
    assertThat(leecher.swarm.nanosUntilTick(sim.now)).isEqualTo(Long.MAX_VALUE);
    assertThat(leecher.status().stall()).isEqualTo(Stall.CLOSED);
    assertThat(leecher.swarm.accepted(seeder.address, sim.now)).isNull();
  }

  @Test
  void ourOwnMisuseIsSaid() {
    Sim sim = new Sim(3, 64 * PIECE, PIECE);
    Sim.Node node = sim.leech("node");
    node.swarm.verified(3, true, sim.now);
    assertThat(node.swarm.verified().contains(3)).as("nobody asked for it").isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> SwarmOptions.builder().maxUnverified(0));
    assertThat(new PieceSet(3).isEmpty()).isTrue();
  }
}
