package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.PieceSet;

/** A swarm that wants some of the pieces. */
class SelectionTest {
  private static final int PIECE = 64 << 10;
  private static final int PIECES = 20;

  private static SwarmOptions wanting(boolean sequential, int... pieces) {
    PieceSet wanted = new PieceSet(PIECES);
    for (int piece : pieces) {
      wanted.add(piece);
    }
    return SwarmOptions.builder().sequential(sequential).wanted(wanted).build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlyWhatIsWantedIsFetched(boolean sequential) {
    Sim sim = new Sim(1, PIECES * PIECE - 1, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    Sim.Node leecher =
        sim.node("leecher", piece -> false, wanting(sequential, 3, 4, 11, 19)).dials(seeder);
    sim.runUntil("complete", 10 * Sim.SECOND, leecher.swarm::isComplete);
    sim.run(Sim.SECOND);
    assertThat(leecher.pieces).containsExactlyInAnyOrder(3, 4, 11, 19);
    assertThat(leecher.completions).isEqualTo(1);
    SwarmStatus status = leecher.status();
    assertThat(status.isComplete()).isTrue();
    assertThat(status.pieces()).isEqualTo(4);
    assertThat(status.pieceCount()).isEqualTo(4);
    assertThat(status.bytes()).isEqualTo(4 * PIECE - 1);
    assertThat(status.totalBytes()).isEqualTo(4 * PIECE - 1);
    assertThat(status.downloaded()).isEqualTo(4 * PIECE - 1);
    assertThat(status.stall()).isEqualTo(Stall.COMPLETE);
  }

  @Test
  void whoLacksWhatIsWantedIsNotInteresting() {
    Sim sim = new Sim(2, PIECES * PIECE, PIECE);
    Sim.Node other = sim.node("other", piece -> piece != 7, SwarmOptions.DEFAULT);
    Sim.Node leecher = sim.node("leecher", piece -> piece < 2, wanting(false, 0, 7)).dials(other);
    sim.run(3 * Sim.SECOND);
    assertThat(leecher.pieces).isEmpty();
    assertThat(leecher.status().stall()).isEqualTo(Stall.NO_SOURCE);
    assertThat(leecher.status().why()).contains("1 pieces missing");
    assertThat(leecher.swarm.peers.get(0).wire().amInterested()).isFalse();
  }

  @Test
  void twoThatWantDifferentHalvesServeEachOther() {
    Sim sim = new Sim(3, PIECES * PIECE, PIECE);
    int[] all = IntStream.range(0, PIECES).toArray();
    Sim.Node low = sim.node("low", piece -> piece < 10, wanting(false, all));
    Sim.Node high = sim.node("high", piece -> piece >= 10, wanting(false, 0, 1, 12)).dials(low);
    sim.runUntil("both", 20 * Sim.SECOND, () -> low.isComplete() && high.swarm.isComplete());
    assertThat(high.pieces).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void aWantedPieceThatIsLostIsFetchedAgainAndAnotherIsNot() {
    Sim sim = new Sim(4, PIECES * PIECE, PIECE);
    Sim.Node seeder = sim.seed("seeder");
    Sim.Node leecher =
        sim.node("leecher", piece -> piece < 3, wanting(false, 0, 1, 5)).dials(seeder);
    sim.runUntil("complete", 10 * Sim.SECOND, leecher.swarm::isComplete);
    leecher.swarm.readFailed(2, "gone", sim.now);
    assertThat(leecher.swarm.isComplete()).isTrue();
    leecher.swarm.readFailed(1, "gone", sim.now);
    assertThat(leecher.swarm.isComplete()).isFalse();
    sim.runUntil("complete again", 200 * Sim.SECOND, leecher.swarm::isComplete);
    assertThat(leecher.pieces).isEqualTo(List.of(5, 1));
  }

  @Test
  void nothingWantedIsComplete() {
    Sim sim = new Sim(5, PIECES * PIECE, PIECE);
    assertThat(sim.node("none", piece -> false, wanting(false)).swarm.isComplete()).isTrue();
    assertThatThrownBy(
            () ->
                sim.node(
                    "wrong",
                    piece -> false,
                    SwarmOptions.builder().wanted(new PieceSet(PIECES + 1)).build()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
