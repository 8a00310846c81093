package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.PieceSet;

class PickerTest {
  private static final PieceSet ALL = all();

  private static PieceSet all() {
    PieceSet pieces = new PieceSet(1000);
    pieces.addAll();
    return pieces;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 33, 300})
  void findsWhatAPeerHasBehindManyThatAreRarerAndOfOthers(int common) {
    int pieces = 20_000;
    Picker picker = new Picker(pieces, new PieceSet(pieces), false, new SplitMix64(common));
    for (int i = 0; i < Picker.RANDOM_FIRST; i++) {
      picker.begin(picker.pick(ALL, p -> true));
    }
    PieceSet has = new PieceSet(pieces);
    for (int piece = 0; piece < pieces; piece++) {
      picker.increment(piece);
    }
    // Its own are had by two, those of others by one.
    Set<Integer> wanted = new HashSet<>();
    for (int n = 0; n < common; n++) {
      int piece = 5_000 + 7 * n;
      has.add(piece);
      picker.increment(piece);
      picker.add(piece);
      wanted.add(piece);
    }
    for (int left = common; left > 0; left--) {
      int picked = picker.pick(has, has::contains);
      assertThat(wanted.remove(picked)).as("piece %s", picked).isTrue();
      picker.begin(picked);
    }
    assertThat(picker.pick(has, has::contains)).isEqualTo(-1);
    assertThat(wanted).isEmpty();
  }

  @Test
  void prefersARarerPieceOfThoseThatAPeerHasBehindTheRarest() {
    int pieces = 10_000;
    Picker picker = new Picker(pieces, new PieceSet(pieces), false, new SplitMix64(1));
    for (int i = 0; i < Picker.RANDOM_FIRST; i++) {
      picker.begin(picker.pick(ALL, p -> true));
    }
    PieceSet has = new PieceSet(pieces);
    for (int piece = 0; piece < pieces; piece++) {
      picker.add(piece);
      picker.increment(piece);
    }
    for (int piece = 0; piece < 12; piece++) {
      has.add(piece * 800);
      picker.increment(piece * 800);
      picker.increment(piece * 800);
    }
    picker.decrement(4000);
    // Fewer than are compared: so it is the rarest for certain.
    assertThat(picker.pick(has, has::contains)).isEqualTo(4000);
  }

  /** Fifty peers with one piece in twenty: most of what is rare is others'. */
  @ParameterizedTest
  @ValueSource(ints = {5_000, 20_000, 80_000})
  void looksAtFewPiecesHoweverManyThereAreAndTakesNearlyTheRarest(int pieces) {
    SplitMix64 random = new SplitMix64(pieces);
    Picker picker = new Picker(pieces, new PieceSet(pieces), false, random);
    PieceSet[] peers = new PieceSet[50];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = new PieceSet(pieces);
      for (int n = 0; n < pieces / 20; n++) {
        int piece = random.nextInt(pieces);
        if (peers[i].add(piece)) {
          picker.increment(piece);
        }
      }
    }
    PieceSet begun = new PieceSet(pieces);
    int[] looks = {0};
    int most = 0;
    int compared = 0;
    int taken = 0;
    int rarest = 0;
    for (int i = 0; i < pieces / 2; i++) {
      PieceSet peer = peers[i % peers.length];
      looks[0] = 0;
      int piece =
          picker.pick(
              peer,
              each -> {
                looks[0]++;
                return peer.contains(each);
              });
      most = Math.max(most, looks[0]);
      assertThat(peer.contains(piece)).isTrue();
      assertThat(begun.add(piece)).isTrue();
      if (i % 100 < peers.length && i >= Picker.RANDOM_FIRST) {
        compared++;
        taken += picker.availability(piece);
        rarest += picker.availability(rarestOf(peer, begun, piece, picker));
      }
      picker.begin(piece);
    }
    assertThat(compared).isGreaterThan(pieces / 5);
    assertThat(most).isLessThan(500);
    assertThat(taken).isLessThan(rarest * 11 / 10);
  }

  private static int rarestOf(PieceSet peer, PieceSet begun, int picked, Picker picker) {
    int best = picked;
    for (int piece = peer.next(0); piece >= 0; piece = peer.next(piece + 1)) {
      if (!begun.contains(piece) && picker.availability(piece) < picker.availability(best)) {
        best = piece;
      }
    }
    return best;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void picksARarestOneWhateverHappened(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    int pieces = 1 + random.nextInt(60);
    PieceSet have = new PieceSet(pieces);
    have.add(0);
    Picker picker = new Picker(pieces, have, false, random);
    int[] peers = new int[pieces];
    Set<Integer> wanted = new HashSet<>();
    for (int piece = 1; piece < pieces; piece++) {
      wanted.add(piece);
    }
    for (int i = 0; i < 20_000; i++) {
      int piece = random.nextInt(pieces);
      switch (random.nextInt(4)) {
        case 0 -> {
          if (peers[piece] < 40) {
            peers[piece]++;
            picker.increment(piece);
          }
        }
        case 1 -> {
          if (peers[piece] > 0) {
            peers[piece]--;
            picker.decrement(piece);
          }
        }
        case 2 -> {
          wanted.add(piece);
          picker.add(piece);
        }
        default -> {
          int rarest = wanted.stream().mapToInt(p -> peers[p]).min().orElse(-1);
          int picked = picker.pick(ALL, p -> true);
          assertThat(picked < 0).as("seed %s", seed).isEqualTo(wanted.isEmpty());
          if (picked >= 0) {
            assertThat(peers[picked]).as("seed %s", seed).isEqualTo(rarest);
            assertThat(picker.availability(picked)).isEqualTo(rarest);
            picker.begin(picked);
            wanted.remove(picked);
          }
        }
      }
      assertThat(picker.size()).isEqualTo(wanted.size());
    }
    Set<Integer> left = new HashSet<>();
    for (int piece = picker.pick(ALL, p -> true); piece >= 0; ) {
      left.add(piece);
      picker.begin(piece);
      piece = picker.pick(ALL, p -> true);
    }
    assertThat(left).isEqualTo(wanted);
  }

  @Test
  void theFirstPiecesDifferFromSwarmToSwarm() {
    Set<Integer> firsts = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      Picker picker = new Picker(1000, new PieceSet(1000), false, new SplitMix64(seed));
      picker.increment(7);
      firsts.add(picker.pick(ALL, p -> true));
    }
    assertThat(firsts).hasSizeGreaterThan(40);
  }

  @Test
  void sequentialGoesBackForWhatFailed() {
    Picker picker = new Picker(5, new PieceSet(5), true, new SplitMix64(1));
    for (int piece = 0; piece < 3; piece++) {
      assertThat(picker.pick(ALL, p -> true)).isEqualTo(piece);
      picker.begin(piece);
    }
    picker.add(1);
    assertThat(picker.pick(ALL, p -> true)).isEqualTo(1);
    assertThat(picker.pick(ALL, p -> p > 3)).isEqualTo(4);
  }
}
