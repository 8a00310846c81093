package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.swarm.merkle.HashProof;
import org.peerwire.swarm.merkle.HashTree;
import org.peerwire.swarm.merkle.HashedFile;
import org.peerwire.swarm.merkle.TreeShape;
import org.peerwire.testkit.WirePair;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/**
 * Leaves that are asked for: served of pieces that are there, one after the other, and few: B16.
 */
class LeafServerTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final int HASH = 32;
  private static final int FIRST = 5;

  /** Of 10 pieces with 4 leaves each. */
  private final HashTree whole = tree(40);

  private final ByteBuffer root = ByteBuffer.wrap(whole.root());
  private final HashedFile file =
      new HashedFile(root, whole.shape(), 2, FIRST, new HashTree(whole.shape(), 2, row(2)));
  private final Set<Integer> verified = new HashSet<>();
  private final List<String> reads = new ArrayList<>();
  private boolean reading = true;
  private long now;

  private final LeafServer leaves =
      new LeafServer(
          verified::contains,
          (first, last) -> {
            reads.add(first + "-" + last);
            return reading;
          });
  private final HashServer server = new HashServer(leaves);

  LeafServerTest() {
    server.serve(named -> named.equals(root) ? Optional.of(file) : Optional.empty());
    for (int piece = 0; piece < 10; piece++) {
      verified.add(FIRST + piece);
    }
  }

  @Test
  void leavesOfPiecesThatAreThereAreServed() {
    Asker asker = new Asker();
    HashRange block = new HashRange(root, 0, 14, 2, 5);
    HashRange pieces = new HashRange(root, 1, 8, 8, 3);
    asker.asks(block);
    asker.asks(pieces);
    assertThat(asker.heard).isEmpty();
    assertThat(reads).containsExactly("8-8");
    assertThat(leaves.read(rows(3, 3))).isEmpty();
    assertThat(reads).containsExactly("8-8", "9-12");
    assertThat(leaves.read(rows(4, 7))).isEmpty();
    asker.pair.run();
    assertThat(asker.heard)
        .containsExactly(HashProof.answer(block, whole), HashProof.answer(pieces, whole));
    assertThat(HashProof.leadsToRoot(block, whole.shape(), HashProof.answer(block, whole)))
        .isTrue();
  }

  @Test
  void whatIsNotThereIsRejected() {
    verified.remove(FIRST + 3);
    Asker asker = new Asker();
    asker.asks(new HashRange(root, 0, 12, 4, 0));
    asker.asks(new HashRange(root, 0, 8, 8, 0));
    assertThat(asker.rejected).isEqualTo(2);
    assertThat(reads).isEmpty();
    // Nothing but the padding behind the file's end.
    asker.asks(new HashRange(root, 0, 48, 4, 0));
    assertThat(asker.rejected).isEqualTo(3);
    reading = false;
    asker.asks(new HashRange(root, 0, 0, 4, 0));
    assertThat(asker.rejected).isEqualTo(4);
  }

  @Test
  void aPieceThatCanNotBeReadOrIsNotWhatItWasIsRejectedAndTold() {
    Asker asker = new Asker();
    HashRange two = new HashRange(root, 0, 8, 8, 0);
    asker.asks(two);
    assertThat(leaves.read(null)).isEmpty();
    asker.pair.run();
    assertThat(asker.rejected).isEqualTo(1);
    asker.asks(two);
    ByteBuffer changed = rows(2, 3);
    changed.put(5 * HASH, (byte) (changed.get(5 * HASH) ^ 1));
    assertThat(leaves.read(changed)).hasValue(FIRST + 3);
    asker.pair.run();
    assertThat(asker.rejected).isEqualTo(2);
    assertThat(asker.heard).isEmpty();
  }

  @Test
  void b16_fewWaitOfOnePeerAndOfAll() {
    List<Asker> askers = new ArrayList<>();
    for (int peer = 0; peer < 6; peer++) {
      Asker asker = new Asker();
      askers.add(asker);
      for (int i = 0; i < 4; i++) {
        asker.asks(new HashRange(root, 0, 4 * i, 4, 0));
      }
      boolean room = peer < LeafServer.MAX_WAITING / LeafServer.MAX_WAITING_OF_A_PEER;
      assertThat(asker.rejected).isEqualTo(room ? 2 : 4);
    }
    // Who left is not read for.
    askers.get(0).ours.close();
    askers.get(0).pair.run();
    int done = 0;
    while (done < reads.size()) {
      String pieces = reads.get(done++);
      int piece = Integer.parseInt(pieces.substring(0, pieces.indexOf('-'))) - FIRST;
      leaves.read(rows(piece, piece));
    }
    assertThat(done).isEqualTo(7);
    askers.forEach(asker -> asker.pair.run());
    assertThat(askers.get(1).heard).hasSize(2);
    assertThat(askers.get(3).heard).hasSize(2);
    askers.get(5).asks(new HashRange(root, 0, 0, 4, 0));
    assertThat(reads).as("there is room again").hasSize(8);
  }

  @Test
  void b16_whoIsChokedIsNotReadFor() {
    Asker asker = new Asker();
    asker.theirs.choke();
    asker.asks(new HashRange(root, 0, 0, 4, 0));
    assertThat(asker.rejected).isEqualTo(1);
    assertThat(reads).isEmpty();
  }

  @Test
  void b16_ofOnePeerSixteenMebibytesASecondAreRead() {
    HashTree large = tree(4096);
    ByteBuffer its = ByteBuffer.wrap(large.root());
    HashTree layers = new HashTree(large.shape(), 9, rowOf(large, 9));
    server.serve(named -> Optional.of(new HashedFile(its, large.shape(), 9, FIRST, layers)));
    Asker asker = new Asker();
    for (int second = 0; second < 3; second++) {
      now = second * 1_000_000_000L;
      for (int piece = 0; piece < 5; piece++) {
        asker.asks(new HashRange(its, 0, 512 * piece, 512, 0));
        leaves.read(null);
      }
      // Of 8 MiB each.
      assertThat(reads).hasSize(2 * (second + 1));
    }
    asker.pair.run();
    assertThat(asker.rejected).isEqualTo(15);
  }

  @Test
  void b16_noMoreIsReadForAnAnswerThanItMay() {
    int pieces = (int) (LeafServer.MAX_READ / TreeShape.LEAF / 4096) + 1;
    HashTree large = tree(4096 * pieces);
    ByteBuffer its = ByteBuffer.wrap(large.root());
    TreeShape shape = large.shape();
    HashTree layers = new HashTree(shape, 12, rowOf(large, 12));
    server.serve(named -> Optional.of(new HashedFile(its, shape, 12, FIRST, layers)));
    Asker asker = new Asker();
    asker.asks(new HashRange(its, 0, 0, 2, 0));
    assertThat(asker.rejected).isEqualTo(1);
    assertThat(reads).isEmpty();
  }

  private static HashTree tree(int leaves) {
    byte[] row = new byte[leaves * HASH];
    new Random(leaves).nextBytes(row);
    return new HashTree(TreeShape.of((long) leaves * TreeShape.LEAF), 0, ByteBuffer.wrap(row));
  }

  private ByteBuffer row(int layer) {
    return rowOf(whole, layer);
  }

  private static ByteBuffer rowOf(HashTree tree, int layer) {
    ByteBuffer row = ByteBuffer.allocate((int) tree.shape().width(layer) * HASH);
    for (int i = 0; row.hasRemaining(); i++) {
      tree.put(layer, i, row);
    }
    return row.flip();
  }

  /** The leaves of some pieces of the file. */
  private ByteBuffer rows(int first, int last) {
    ByteBuffer part = whole.row().slice(first * 4 * HASH, (last - first + 1) * 4 * HASH);
    return ByteBuffer.allocate(part.remaining()).put(part).flip();
  }

  /** A peer that asks, unchoked. */
  private final class Asker implements PeerListener {
    final List<ByteBuffer> heard = new ArrayList<>();
    int rejected;
    final PeerWire ours;
    final PeerWire theirs;
    final WirePair pair;

    Asker() {
      WireOptions options = WireOptions.builder().hashMessages(true).build();
      ours = new PeerWire(this, options);
      HashServer.Allowance allowance = new HashServer.Allowance();
      theirs =
          new PeerWire(
              new PeerListener() {
                @Override
                public void onHashRequest(PeerWire from, HashRange range) {
                  server.request(from, range, allowance, now);
                }
              },
              options);
      ours.layout(new Layout());
      theirs.layout(new Layout());
      pair = new WirePair(ours, theirs);
      ours.handshake(TORRENT, PeerId.ofAscii("-PW0000-aaaaaaaaaaaa"));
      theirs.handshake(TORRENT, PeerId.ofAscii("-PW0000-bbbbbbbbbbbb"));
      theirs.unchoke();
      pair.run();
    }

    void asks(HashRange range) {
      ours.hashRequest(range);
      pair.run();
    }

    @Override
    public void onHashes(PeerWire wire, HashRange range, ByteBuffer hashes) {
      heard.add(ByteBuffer.allocate(hashes.remaining()).put(hashes).flip());
    }

    @Override
    public void onHashReject(PeerWire wire, HashRange range) {
      rejected++;
    }
  }

  private static final class Layout implements PieceLayout {
    @Override
    public int pieceCount() {
      return 20;
    }

    @Override
    public int pieceLength(int piece) {
      return 64 << 10;
    }

    @Override
    public boolean hasHashes() {
      return true;
    }
  }
}
