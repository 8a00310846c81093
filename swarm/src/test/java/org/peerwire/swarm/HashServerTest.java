package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.Violation;
import org.peerwire.swarm.merkle.HashProof;
import org.peerwire.swarm.merkle.HashTree;
import org.peerwire.swarm.merkle.HashedFile;
import org.peerwire.swarm.merkle.LayerFetch;
import org.peerwire.swarm.merkle.TreeShape;
import org.peerwire.testkit.WirePair;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** Piece layers served, fetched and lied about: V03, V05, V12, B16. */
class HashServerTest {
  private static final int PIECE = 32 << 10;
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final long SECOND = 1_000_000_000L;

  private final Map<ByteBuffer, HashTree> trees = new HashMap<>();
  private final Map<ByteBuffer, TreeShape> shapes = new HashMap<>();
  private int names;

  /** A file of so many pieces; hashes that nobody has the data of do as well. */
  private HashTree file(int pieces, long seed) {
    byte[] row = new byte[32 * pieces];
    new Random(seed).nextBytes(row);
    TreeShape shape = TreeShape.of((long) pieces * PIECE);
    HashTree tree = new HashTree(shape, 1, ByteBuffer.wrap(row));
    ByteBuffer root = ByteBuffer.wrap(tree.root());
    trees.put(root, tree);
    shapes.put(root, shape);
    return tree;
  }

  private HashTree tree(ByteBuffer root) {
    return Objects.requireNonNull(trees.get(root));
  }

  private final class Layout implements PieceLayout {
    @Override
    public int pieceCount() {
      return 10;
    }

    @Override
    public int pieceLength(int piece) {
      return PIECE;
    }

    @Override
    public boolean hasHashes() {
      return true;
    }

    @Override
    public boolean hasHashes(HashRange range) {
      TreeShape shape = shapes.get(range.piecesRoot());
      return shape != null && HashProof.exists(range, shape);
    }
  }

  /** Serves; lies where it is told to. */
  private final class Server implements PeerListener {
    final HashServer server =
        new HashServer(new LeafServer(piece -> false, (first, last) -> false));
    final HashServer.Allowance allowance = new HashServer.Allowance();
    final boolean lies;
    final boolean mute;
    long now;

    Server(boolean lies, boolean mute) {
      this.lies = lies;
      this.mute = mute;
      server.serve(
          root ->
              Optional.ofNullable(trees.get(root))
                  .map(tree -> new HashedFile(root, tree.shape(), 1, 0, tree)));
    }

    @Override
    public void onHashRequest(PeerWire wire, HashRange range) {
      if (mute) {
        return;
      }
      if (!lies) {
        server.request(wire, range, allowance, now);
        return;
      }
      ByteBuffer answer = HashProof.answer(range, tree(range.piecesRoot()));
      answer.put(5, (byte) (answer.get(5) ^ 1));
      wire.hashes(range, answer);
    }
  }

  private static final class Asker implements PeerListener {
    final LayerFetch fetch;
    final long[] clock;
    LayerFetch.@Nullable Source source;
    @Nullable CloseCause end;
    final List<String> heard = new ArrayList<>();

    Asker(LayerFetch fetch, long[] clock) {
      this.fetch = fetch;
      this.clock = clock;
    }

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      source = fetch.join(wire, clock[0]);
    }

    @Override
    public void onHashes(PeerWire wire, HashRange range, ByteBuffer hashes) {
      heard.add("hashes");
      if (source != null) {
        source.hashes(range, hashes, clock[0]);
      }
    }

    @Override
    public void onHashReject(PeerWire wire, HashRange range) {
      heard.add("reject");
      if (source != null) {
        source.rejected(range, clock[0]);
      }
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      end = cause;
      if (source != null) {
        source.left(clock[0]);
      }
    }
  }

  private WirePair join(Asker asker, Server server) {
    WireOptions options = WireOptions.builder().hashMessages(true).build();
    PeerWire ours = new PeerWire(asker, options);
    PeerWire theirs = new PeerWire(server, options);
    ours.layout(new Layout());
    theirs.layout(new Layout());
    WirePair pair = new WirePair(ours, theirs);
    ours.handshake(TORRENT, PeerId.ofAscii("-PW0000-aaaaaaaa" + names++ + "aaa"));
    theirs.handshake(TORRENT, PeerId.ofAscii("-PW0000-bbbbbbbb" + names++ + "bbb"));
    return pair;
  }

  private void assertWhole(LayerFetch fetch) {
    assertThat(fetch.isComplete()).isTrue();
    Map<ByteBuffer, ByteBuffer> layers = fetch.layers();
    assertThat(layers.keySet()).isEqualTo(trees.keySet());
    layers.forEach((root, row) -> assertThat(row).isEqualTo(tree(root).row()));
  }

  @Test
  void v08_layersOfAllLengthsAreFetched() {
    int[] counts = {2, 3, 4, 5, 511, 512, 513, 1024, 1025, 1100};
    for (int pieces : counts) {
      file(pieces, pieces);
    }
    LayerFetch fetch = new LayerFetch(shapes, PIECE);
    long[] clock = new long[1];
    Asker asker = new Asker(fetch, clock);
    Server server = new Server(false, false);
    WirePair pair = join(asker, server);
    for (int second = 0; second < 60 && !fetch.isComplete(); second++) {
      clock[0] = second * SECOND;
      server.now = clock[0];
      pair.run();
      fetch.tick(clock[0]);
    }
    assertWhole(fetch);
    assertThat(asker.end).isNull();
  }

  @Test
  void v05_aLiarIsClosedAndAnotherAsked() {
    file(1500, 1);
    LayerFetch fetch = new LayerFetch(shapes, PIECE);
    long[] clock = new long[1];
    Asker deceived = new Asker(fetch, clock);
    join(deceived, new Server(true, false)).run();
    assertThat(deceived.end)
        .isInstanceOfSatisfying(
            CloseCause.Violated.class,
            cause -> assertThat(cause.report().violation()).isEqualTo(Violation.HASH_PROOF));
    assertThat(fetch.missing()).isEqualTo(3);
    join(new Asker(fetch, clock), new Server(false, false)).run();
    assertWhole(fetch);
  }

  @Test
  void whoDoesNotAnswerIsNotWaitedFor() {
    file(2000, 1);
    LayerFetch fetch = new LayerFetch(shapes, PIECE);
    long[] clock = new long[1];
    Asker silent = new Asker(fetch, clock);
    join(silent, new Server(false, true)).run();
    WirePair pair = join(new Asker(fetch, clock), new Server(false, false));
    pair.run();
    assertThat(fetch.isComplete()).isFalse();
    clock[0] = 11 * SECOND;
    fetch.tick(clock[0]);
    pair.run();
    assertWhole(fetch);
  }

  @Test
  void v12_aLayerOfAnotherFileOfThatSizeIsALie() {
    HashTree one = file(600, 1);
    HashTree other = file(600, 2);
    HashRange range = HashProof.range(ByteBuffer.wrap(one.root()), one.shape(), 1, 0, 512);
    assertThat(HashProof.leadsToRoot(range, one.shape(), HashProof.answer(range, one))).isTrue();
    assertThat(HashProof.leadsToRoot(range, one.shape(), HashProof.answer(range, other))).isFalse();
  }

  @Test
  void v03_fourAnswersASecondWhileChokedAnd32Else() {
    HashTree tree = file(2000, 1);
    ByteBuffer root = ByteBuffer.wrap(tree.root());
    Server server = new Server(false, false);
    Asker asker = new Asker(new LayerFetch(Map.of(), PIECE), new long[1]);
    WireOptions options = WireOptions.builder().hashMessages(true).build();
    PeerWire ours = new PeerWire(asker, options);
    PeerWire theirs = new PeerWire(server, options);
    ours.layout(new Layout());
    theirs.layout(new Layout());
    WirePair pair = new WirePair(ours, theirs);
    ours.handshake(TORRENT, PeerId.ofAscii("-PW0000-aaaaaaaaaaaa"));
    theirs.handshake(TORRENT, PeerId.ofAscii("-PW0000-bbbbbbbbbbbb"));
    pair.run();

    for (int answers : new int[] {4, 32}) {
      for (int second = 0; second < 3; second++) {
        server.now += SECOND;
        asker.heard.clear();
        for (int i = 0; i < 60; i++) {
          ours.hashRequest(new HashRange(root, 1, 2 * i, 2, 10));
        }
        pair.run();
        assertThat(asker.heard.subList(0, answers)).containsOnly("hashes");
        assertThat(asker.heard.subList(answers, 60)).containsOnly("reject").hasSize(60 - answers);
      }
      theirs.unchoke();
      pair.run();
    }
    // Leaves are of pieces that are there, and a thousand hashes are more than one answer holds.
    server.now += SECOND;
    asker.heard.clear();
    ours.hashRequest(new HashRange(root, 0, 0, 2, 11));
    ours.hashRequest(new HashRange(root, 1, 0, 1024, 10));
    pair.run();
    assertThat(asker.heard).containsExactly("reject", "reject");
  }

  /** The proof of the test is the plain one: it knows nothing of trees. */
  @Test
  void anAnswerIsProvedByHand() throws Exception {
    HashTree tree = file(5, 1);
    HashRange range = HashProof.range(ByteBuffer.wrap(tree.root()), tree.shape(), 1, 4, 2);
    ByteBuffer answer = HashProof.answer(range, tree);
    // Five pieces in a tree of eight: the sixth is padding, and so are the two beside them.
    byte[] pad = sha(new byte[32], new byte[32]);
    assertThat(answer.remaining()).isEqualTo(32 * 4);
    assertThat(part(answer, 1)).isEqualTo(pad);
    assertThat(part(answer, 2)).isEqualTo(sha(pad, pad));
    byte[] left = part(answer, 3);
    byte[] right = sha(sha(part(answer, 0), pad), part(answer, 2));
    assertThat(sha(left, right)).isEqualTo(tree.root());
  }

  private static byte[] part(ByteBuffer hashes, int index) {
    byte[] part = new byte[32];
    hashes.get(32 * index, part);
    return part;
  }

  private static byte[] sha(byte[] left, byte[] right) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(left);
    return digest.digest(right);
  }
}
