package org.peerwire.swarm.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PieceMapTest {
  private static PieceMap map(int pieceLength, long... lengths) {
    List<FileEntry> files = new ArrayList<>();
    long offset = 0;
    for (long length : lengths) {
      List<String> path = List.of("f" + files.size());
      FileDraft draft = new FileDraft(path, length, FileAttributes.NONE, List.of(), null);
      draft.offset = offset;
      files.add(new FileEntry(files.size(), draft, path));
      offset += length;
    }
    return new PieceMap(files, pieceLength, MetaVersion.V1);
  }

  private static List<String> spans(PieceMap map, int piece, int begin, int length) {
    return map.spans(piece, begin, length).stream()
        .map(span -> span.file().pathText() + "@" + span.offset() + "+" + span.length())
        .toList();
  }

  @Test
  void z39_table() {
    PieceMap oneBlock = map(16_384, 16_384);
    assertThat(oneBlock.pieceCount()).isEqualTo(1);
    assertThat(oneBlock.pieceSize(0)).isEqualTo(16_384);
    assertThat(spans(oneBlock, 0, 0, 16_384)).containsExactly("f0@0+16384");

    PieceMap lastByte = map(16_384, 16_385);
    assertThat(lastByte.pieceCount()).isEqualTo(2);
    assertThat(lastByte.pieceSize(1)).isEqualTo(1);
    assertThat(spans(lastByte, 1, 0, 1)).containsExactly("f0@16384+1");

    PieceMap withEmpty = map(10, 0, 5, 0, 0, 10, 0);
    assertThat(spans(withEmpty, 0, 0, 10)).containsExactly("f1@0+5", "f4@0+5");
    assertThat(spans(withEmpty, 1, 0, 5)).containsExactly("f4@5+5");
    assertThat(spans(withEmpty, 0, 5, 0)).isEmpty();

    long[] many = new long[500];
    Arrays.fill(many, 3);
    PieceMap across = map(1_500, many);
    assertThat(spans(across, 0, 0, 1_500)).hasSize(500).startsWith("f0@0+3").endsWith("f499@0+3");
    assertThat(spans(across, 0, 4, 4)).containsExactly("f1@1+2", "f2@0+2");
  }

  @Test
  void t13_offsetsBeyondFourGibibytes() {
    PieceMap map = map(512 << 20, 5L << 40, 3);
    assertThat(map.pieceCount()).isEqualTo(10_241);
    assertThat(spans(map, 10_239, (512 << 20) - 1, 1))
        .containsExactly("f0@" + ((5L << 40) - 1) + "+1");
    assertThat(spans(map, 10_240, 0, 3)).containsExactly("f1@0+3");
    assertThat(map.pieceSize(10_240)).isEqualTo(3);
    assertThat(map.lastPiece(map.spans(0, 0, 1).get(0).file())).isEqualTo(10_239);
  }

  @Test
  void blocksOutsideTheirPieceAreRefused() {
    PieceMap map = map(10, 15);
    for (int[] block :
        new int[][] {
          {-1, 0, 1},
          {2, 0, 1},
          {0, -1, 1},
          {0, 0, 11},
          {0, 10, 1},
          {1, 0, 6},
          {1, 5, 1},
          {0, 0, -1},
          {0, Integer.MAX_VALUE, Integer.MAX_VALUE}
        }) {
      assertThatThrownBy(() -> map.spans(block[0], block[1], block[2]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void piecesOfAFile() {
    PieceMap map = map(10, 5, 0, 25);
    FileEntry third = map.spans(2, 0, 1).get(0).file();
    assertThat(map.firstPiece(third)).isZero();
    assertThat(map.lastPiece(third)).isEqualTo(2);
    FileEntry empty = map(10, 0, 5).spans(0, 0, 1).get(0).file();
    assertThat(empty.index()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> map.firstPiece(emptyFile()));
  }

  private static FileEntry emptyFile() {
    FileDraft draft = new FileDraft(List.of("e"), 0, FileAttributes.NONE, List.of(), null);
    return new FileEntry(0, draft, List.of("e"));
  }

  /**
   * Every byte of random layouts belongs to exactly the place where counting byte by byte puts it.
   */
  @Test
  void everyByteHasItsPlace() {
    for (long seed = 1; seed <= 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long[] lengths = new long[1 + random.nextInt(12)];
      int total = 0;
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = random.nextInt(3) == 0 ? 0 : random.nextInt(40);
        total += (int) lengths[i];
      }
      if (total == 0) {
        continue;
      }
      PieceMap map = map(1 + random.nextInt(30), lengths);
      List<String> counted = new ArrayList<>();
      for (int file = 0; file < lengths.length; file++) {
        for (int i = 0; i < lengths[file]; i++) {
          counted.add(file + ":" + i);
        }
      }
      List<String> mapped = new ArrayList<>();
      for (int piece = 0; piece < map.pieceCount(); piece++) {
        int[] expectedFrom = {0};
        map.forEachSpan(
            piece,
            0,
            map.pieceSize(piece),
            (file, offset, from, length) -> {
              assertThat(from).isEqualTo(expectedFrom[0]);
              expectedFrom[0] += length;
              for (int i = 0; i < length; i++) {
                mapped.add(file.index() + ":" + (offset + i));
              }
            });
      }
      assertThat(mapped).as("seed " + seed).isEqualTo(counted);
    }
  }
}
