package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.PeerAddress;
import org.peerwire.peer.AllowedFast;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

/** What swarms make of the fast extension: pieces for those that wait, hints, refusals. */
class FastStartTest {
  private static final int PIECE = 64 << 10;
  private static final SwarmOptions ONE_SLOT = SwarmOptions.builder().uploadSlots(1).build();

  private final Sim sim = new Sim(3, 100 * PIECE, PIECE);
  private final Sim.Node seeder = sim.node("seeder", piece -> true, ONE_SLOT);

  @Test
  void aNewcomerThatHasToWaitGetsItsPiecesAndFetchesThem() {
    seeder.bandwidth = 300_000;
    Sim.Node served = sim.leech("served").dials(seeder);
    sim.runUntil("served", 20 * Sim.SECOND, () -> served.pieces.size() > 1);
    Sim.Node waiting = sim.leech("waiting").dials(seeder);
    sim.runUntil("joined", Sim.SECOND, () -> !waiting.swarm.peers.isEmpty());
    Set<Integer> allowed = set(seeder, waiting.address);
    sim.runUntil(
        "it has them",
        30 * Sim.SECOND,
        () -> {
          assertThat(waiting.peer(seeder).wire().peerChoking()).isTrue();
          return waiting.pieces.size() == 10;
        });
    assertThat(waiting.pieces).containsExactlyInAnyOrderElementsOf(allowed);
  }

  @Test
  void whatWeGetLaterIsAllowedThen() {
    Sim.Node half = sim.node("half", piece -> piece % 2 == 0, ONE_SLOT);
    Sim.Node served = sim.leech("served").dials(half);
    sim.runUntil("served", 20 * Sim.SECOND, () -> served.pieces.size() > 1);
    Set<Integer> heard = new HashSet<>();
    PeerWire wire = sim.raw(half, new Heard(heard, new HashMap<>()));
    wire.interested();
    sim.run(Sim.SECOND);
    Set<Integer> all = set(half, Sim.address("127.0.7.1", 7000));
    assertThat(heard).isNotEmpty().allMatch(piece -> piece % 2 == 0).isSubsetOf(all);
    half.dials(seeder);
    sim.runUntil("it has everything", 60 * Sim.SECOND, half::isComplete);
    sim.run(Sim.SECOND);
    assertThat(heard).isEqualTo(all);
  }

  @Test
  void a09_whoWaitsGetsEachBlockThreeTimesHoweverOftenItAsks() {
    sim.leech("served").dials(seeder);
    seeder.bandwidth = 200_000;
    sim.run(2 * Sim.SECOND);
    Map<Integer, Integer> served = new HashMap<>();
    Heard listener = new Heard(new HashSet<>(), served);
    PeerWire wire = sim.raw(seeder, listener);
    wire.interested();
    sim.run(Sim.SECOND);
    int one = listener.allowed.iterator().next();
    for (int i = 0; i < 20; i++) {
      listener.ask(wire, one);
      sim.run(Sim.SECOND / 4);
    }
    assertThat(wire.peerChoking()).isTrue();
    assertThat(served).isEqualTo(Map.of(one, 3));
    assertThat(listener.rejected).isEqualTo(17);
  }

  @Test
  void a10_whoComesBackGetsNoSecondStart() {
    seeder.bandwidth = 100_000;
    sim.leech("served").dials(seeder);
    sim.run(2 * Sim.SECOND);
    List<Integer> allowed = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Heard listener = new Heard(new HashSet<>(), new HashMap<>());
      PeerAddress from = Sim.address("203.0.113." + (7 + i), 7000);
      PeerWire wire = sim.raw(seeder, from, listener, own -> {});
      wire.interested();
      sim.run(Sim.SECOND);
      allowed.add(listener.allowed.size());
      wire.close();
      sim.run(Sim.SECOND);
    }
    assertThat(allowed).containsExactly(10, 0, 0, 0, 0);
  }

  @Test
  void whoHasTenPiecesIsNoNewcomer() {
    seeder.bandwidth = 100_000;
    sim.leech("served").dials(seeder);
    sim.run(2 * Sim.SECOND);
    Sim.Node old = sim.node("old", piece -> piece < 10, SwarmOptions.DEFAULT).dials(seeder);
    sim.run(2 * Sim.SECOND);
    PeerWire wire = old.peer(seeder).wire();
    assertThat(IntStream.range(0, 100).filter(wire::isAllowedFast)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void a06_aSuggestionDecidesBetweenPiecesThatAreEquallyRare(long seed) {
    Sim one = new Sim(seed, 100 * PIECE, PIECE);
    Sim.Node node = one.node("node", piece -> piece == 99, SwarmOptions.DEFAULT);
    List<Integer> asked = new ArrayList<>();
    one.raw(
        node,
        new PeerListener() {
          @Override
          public void onHandshake(PeerWire wire, Handshake handshake) {
            wire.bitfield(Sim.all(100));
            for (int i = 0; i < 1000; i++) {
              wire.suggestPiece(i % 50);
            }
            wire.suggestPiece(77);
            wire.unchoke();
          }

          @Override
          public void onRequest(PeerWire wire, int piece, int begin, int length) {
            if (begin == 0) {
              asked.add(piece);
            }
          }
        });
    one.run(2 * Sim.SECOND);
    assertThat(asked).hasSize(4).allMatch(piece -> piece == 77 || (piece >= 35 && piece < 50));
  }

  @Test
  void a06_ofManySuggestionsTheLastSixteenAreKept() {
    Suggestions suggestions = new Suggestions();
    for (int piece = 0; piece < 100_000; piece++) {
      suggestions.add(piece);
    }
    assertThat(suggestions.size()).isEqualTo(16);
    assertThat(suggestions.prefer(5, piece -> piece % 2 == 1)).isEqualTo(99_985);
    assertThat(suggestions.prefer(5, piece -> piece < 99_984)).isEqualTo(5);
  }

  private static Set<Integer> set(Sim.Node of, PeerAddress peer) {
    Set<Integer> set = new HashSet<>();
    for (int piece : AllowedFast.pieces(peer.ip(), Sim.INFO_HASH, 100, 10)) {
      assertThat(piece).isBetween(0, of.swarm.layout.pieceCount() - 1);
      set.add(piece);
    }
    return set;
  }

  /** Remembers what it may fetch, and counts what it gets. */
  private static final class Heard implements PeerListener {
    final Set<Integer> allowed;
    final Map<Integer, Integer> served;
    int rejected;

    Heard(Set<Integer> allowed, Map<Integer, Integer> served) {
      this.allowed = allowed;
      this.served = served;
    }

    void ask(PeerWire wire, int piece) {
      wire.request(
          piece,
          0,
          Block.LENGTH,
          (outcome, of, begin, block) -> {
            if (outcome == RequestOutcome.BLOCK) {
              served.merge(of, 1, Integer::sum);
            } else {
              rejected++;
            }
          });
    }

    @Override
    public void onAllowedFast(PeerWire wire, int piece) {
      allowed.add(piece);
    }
  }
}
