package org.peerwire.swarm.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.HashRange;
import org.peerwire.testkit.SplitMix64;

/** Trees and proofs against the plainest way to compute them: V05 to V08, V13. */
class MerkleTest {
  private static final int PIECE = 32_768;
  private static final long[] BOUNDARIES = {
    1,
    16_383,
    16_384,
    16_385,
    PIECE - 1,
    PIECE,
    PIECE + 1,
    511L * PIECE,
    512L * PIECE,
    512L * PIECE + 1
  };

  private static byte[] sha256(byte[]... parts) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  private static byte[] data(long length) {
    byte[] data = new byte[(int) length];
    SplitMix64 random = new SplitMix64(length);
    for (int i = 0; i < data.length; i += 97) {
      data[i] = (byte) random.nextInt(256);
    }
    return data;
  }

  /** All layers with their padding, from the leaves to the root. */
  private static List<List<byte[]>> layers(byte[] data) throws Exception {
    List<byte[]> row = new ArrayList<>();
    for (int at = 0; at < data.length; at += 16_384) {
      row.add(sha256(Arrays.copyOfRange(data, at, Math.min(data.length, at + 16_384))));
    }
    while (Integer.bitCount(row.size()) != 1) {
      row.add(new byte[32]);
    }
    List<List<byte[]>> layers = new ArrayList<>(List.of(row));
    while (row.size() > 1) {
      List<byte[]> parents = new ArrayList<>();
      for (int i = 0; i < row.size(); i += 2) {
        parents.add(sha256(row.get(i), row.get(i + 1)));
      }
      layers.add(parents);
      row = parents;
    }
    return layers;
  }

  private static ByteBuffer row(List<byte[]> nodes) {
    ByteBuffer row = ByteBuffer.allocate(32 * nodes.size());
    nodes.forEach(row::put);
    return row.flip();
  }

  /** What a peer sends that has the whole tree. */
  private static ByteBuffer answer(List<List<byte[]>> layers, HashRange range) {
    List<byte[]> nodes = new ArrayList<>();
    List<byte[]> base = layers.get(range.baseLayer());
    nodes.addAll(base.subList(range.index(), range.index() + range.length()));
    int index = range.index() / range.length();
    int from = range.baseLayer() + Integer.numberOfTrailingZeros(range.length());
    for (int layer = from; layer < layers.size() - 1; layer++, index /= 2) {
      nodes.add(layers.get(layer).get(index ^ 1));
    }
    return row(nodes);
  }

  @Test
  void v08_rootsAtTheBoundaries() throws Exception {
    for (long length : BOUNDARIES) {
      byte[] data = data(length);
      List<List<byte[]>> layers = layers(data);
      TreeShape shape = TreeShape.of(length);
      assertThat(shape.height()).as("%s", length).isEqualTo(layers.size() - 1);
      assertThat(shape.fullWidth(0)).isEqualTo(layers.get(0).size());
      byte[] root = layers.get(layers.size() - 1).get(0);

      TreeDigest digest = new TreeDigest();
      SplitMix64 random = new SplitMix64(length);
      for (int at = 0; at < data.length; ) {
        int count = Math.min(data.length - at, 1 + random.nextInt(40_000));
        digest.update(ByteBuffer.wrap(data, at, count));
        at += count;
      }
      assertThat(digest.digest()).as("%s bytes", length).isEqualTo(root);

      for (int base = 0; base <= shape.height(); base++) {
        int width = (int) shape.width(base);
        HashTree tree = new HashTree(shape, base, row(layers.get(base).subList(0, width)));
        assertThat(tree.root()).isEqualTo(root);
        for (int layer = base; layer <= shape.height(); layer++) {
          ByteBuffer nodes = ByteBuffer.allocate((int) shape.fullWidth(layer) * 32);
          for (int i = 0; i < shape.fullWidth(layer); i++) {
            tree.put(layer, i, nodes);
          }
          assertThat(nodes.flip()).isEqualTo(row(layers.get(layer)));
        }
      }
    }
  }

  @Test
  void v08_anEmptyFileHasNoTree() {
    assertThatThrownBy(() -> TreeShape.of(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TreeDigest().digest(3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPieceHasItsPlaceInTheTree() throws Exception {
    byte[] data = data(5 * 4 * 16_384 + 100);
    List<List<byte[]>> layers = layers(data);
    TreeDigest digest = new TreeDigest();
    for (int piece = 0; piece < 6; piece++) {
      int from = piece * 4 * 16_384;
      digest.update(ByteBuffer.wrap(data, from, Math.min(4 * 16_384, data.length - from)));
      assertThat(digest.digest(2)).as("%s", piece).isEqualTo(layers.get(2).get(piece));
    }
  }

  @Test
  void everyRangeOfEveryLayerIsProved() throws Exception {
    int proved = 0;
    for (int leaves : new int[] {2, 3, 4, 5, 7, 8, 9, 16, 17, 33}) {
      List<List<byte[]>> layers = layers(data(leaves * 16_384L - 5));
      TreeShape shape = TreeShape.of(leaves * 16_384L - 5);
      ByteBuffer root = ByteBuffer.wrap(layers.get(shape.height()).get(0));
      for (int layer = 0; layer < shape.height(); layer++) {
        for (int most = 2; most <= 64; most *= 2) {
          for (long index = 0; index < shape.width(layer); index += most) {
            HashRange range = HashProof.range(root, shape, layer, index, most);
            assertThat(range.isWellFormed()).as("%s", range).isTrue();
            assertThat(HashProof.exists(range, shape)).as("%s", range).isTrue();
            ByteBuffer answer = answer(layers, range);
            assertThat(answer.remaining()).isEqualTo(32 * range.hashCount());
            assertThat(HashProof.leadsToRoot(range, shape, answer)).as("%s", range).isTrue();
            proved++;
          }
        }
      }
    }
    assertThat(proved).isGreaterThan(200);
  }

  @Test
  void v05_anyOtherBitFails() throws Exception {
    List<List<byte[]>> layers = layers(data(11 * 16_384));
    TreeShape shape = TreeShape.of(11 * 16_384);
    ByteBuffer root = ByteBuffer.wrap(layers.get(4).get(0));
    HashRange range = HashProof.range(root, shape, 0, 4, 4);
    ByteBuffer answer = answer(layers, range);
    for (int at = 0; at < answer.limit(); at++) {
      answer.put(at, (byte) (answer.get(at) ^ 1));
      assertThat(HashProof.leadsToRoot(range, shape, answer)).as("byte %s", at).isFalse();
      answer.put(at, (byte) (answer.get(at) ^ 1));
    }
    assertThat(HashProof.leadsToRoot(range, shape, answer)).isTrue();
    // The right hashes, and the wrong place.
    HashRange elsewhere = HashProof.range(root, shape, 0, 0, 4);
    assertThat(HashProof.leadsToRoot(elsewhere, shape, answer)).isFalse();
    HashRange another = HashProof.range(ByteBuffer.wrap(new byte[32]), shape, 0, 4, 4);
    assertThat(HashProof.leadsToRoot(another, shape, answer)).isFalse();
  }

  @Test
  void v06_theLengthOfTheFileSaysHowLongAProofIs() throws Exception {
    List<List<byte[]>> layers = layers(data(16 * 16_384));
    TreeShape shape = TreeShape.of(16 * 16_384);
    ByteBuffer root = ByteBuffer.wrap(layers.get(4).get(0));
    HashRange range = HashProof.range(root, shape, 0, 0, 2);
    ByteBuffer answer = answer(layers, range);
    // As if inner nodes were leaves: the proof of a layer higher up, which leads to the root too.
    HashRange higher = HashProof.range(root, shape, 1, 0, 2);
    ByteBuffer short1 = answer(layers, higher);
    HashRange disguised = new HashRange(root, 0, 0, 2, higher.proofLayers());
    assertThat(HashProof.leadsToRoot(disguised, shape, short1)).isFalse();
    assertThat(HashProof.leadsToRoot(range, shape, short1)).isFalse();
    assertThat(HashProof.leadsToRoot(range, shape, answer.slice(0, answer.limit() - 32))).isFalse();
    assertThat(
            HashProof.leadsToRoot(
                range, shape, ByteBuffer.allocate(answer.limit() + 32).put(answer).clear()))
        .isFalse();
    // A tree of eight leaves whose leaves are our nodes has the same root, and another shape.
    TreeShape eight = TreeShape.of(8 * 16_384);
    HashRange ofEight = HashProof.range(root, eight, 0, 0, 2);
    assertThat(HashProof.leadsToRoot(ofEight, eight, short1)).isTrue();
    assertThat(HashProof.leadsToRoot(ofEight, shape, short1)).isFalse();
  }

  @Test
  void v07_paddingIsComputedHere() throws Exception {
    List<List<byte[]>> layers = layers(data(9 * 16_384));
    TreeShape shape = TreeShape.of(9 * 16_384);
    ByteBuffer root = ByteBuffer.wrap(layers.get(4).get(0));
    HashRange range = HashProof.range(root, shape, 0, 8, 4);
    assertThat(range.length()).isEqualTo(2);
    ByteBuffer answer = answer(layers, range);
    for (int i = 1; i < 4; i++) {
      // Behind the file's end: its second leaf, and the uncles of layers 1 and 2.
      answer.put(32 * i, new byte[] {1, 2, 3});
    }
    assertThat(HashProof.leadsToRoot(range, shape, answer)).isTrue();
    answer.put(32 * 4, new byte[] {1, 2, 3});
    assertThat(HashProof.leadsToRoot(range, shape, answer)).isFalse();
  }

  @Test
  void v02_rangesThatNoTreeHas() {
    TreeShape shape = TreeShape.of(9 * 16_384);
    ByteBuffer root = ByteBuffer.wrap(new byte[32]);
    assertThat(HashProof.exists(new HashRange(root, 0, 0, 16, 3), shape)).isTrue();
    for (int[] wrong :
        new int[][] {
          {4, 0, 2, 0}, // the layer of the root
          {60, 0, 2, 0},
          {0, 16, 2, 0}, // behind the padding
          {0, 0, 32, 0},
          {0, -2, 2, 0}, // unsigned, 2^32 - 2
          {0, 0, 2, 4}, // more layers than there are
          {3, 0, 2, 1}
        }) {
      HashRange range = new HashRange(root, wrong[0], wrong[1], wrong[2], wrong[3]);
      assertThat(range.isWellFormed()).as("%s", range).isTrue();
      assertThat(HashProof.exists(range, shape)).as("%s", range).isFalse();
    }
    for (int[] wrong :
        new int[][] {
          {0, 0, 0, 0},
          {0, 0, 1, 0},
          {0, 0, 3, 0},
          {0, 0, 16_384, 0},
          {0, 0, -2, 0},
          {0, 2, 4, 0},
          {-1, 0, 2, 0},
          {64, 0, 2, 0},
          {0, 0, 2, -1},
          {0, 0, 2, 64}
        }) {
      HashRange range = new HashRange(root, wrong[0], wrong[1], wrong[2], wrong[3]);
      assertThat(range.isWellFormed()).as("%s", range).isFalse();
      assertThatThrownBy(range::hashCount).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void v13_aTreeOfTwoThousandMillionLeaves() {
    long length = 35L << 40;
    TreeShape shape = TreeShape.of(length);
    assertThat(shape.leaves()).isEqualTo(35L << 26).isGreaterThan(1L << 31);
    assertThat(shape.height()).isEqualTo(32);
    assertThat(shape.fullWidth(0)).isEqualTo(1L << 32);
    HashRange last = HashProof.range(ByteBuffer.wrap(new byte[32]), shape, 0, (35L << 26) - 2, 2);
    assertThat(Integer.toUnsignedLong(last.index())).isEqualTo((35L << 26) - 2);
    assertThat(HashProof.exists(last, shape)).isTrue();
    assertThat(last.hashCount()).isEqualTo(2 + 31);
    TreeShape largest = TreeShape.of(Long.MAX_VALUE);
    assertThat(largest.height()).isEqualTo(49);
  }
}
