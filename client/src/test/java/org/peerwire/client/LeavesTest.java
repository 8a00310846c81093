package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.PeerId;
import org.peerwire.channel.WirePipe;
import org.peerwire.swarm.merkle.HashProof;
import org.peerwire.swarm.merkle.TreeShape;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.MetaVersion;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** Who asks a seed for leaves of a file gets those of the data on disk, with their proof. */
@Timeout(60)
class LeavesTest {
  private static final int PIECE = 64 << 10;

  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource(names = "V1", mode = EnumSource.Mode.EXCLUDE)
  void leavesOfAllPiecesAreServed(MetaVersion version) throws Exception {
    Path root = Files.createDirectories(temp.resolve("many"));
    for (int length : new int[] {16_385, PIECE, PIECE + 1, 5 * PIECE - 16_384, 300_000}) {
      Files.write(root.resolve(length + ".bin"), Samples.bytes(length, length));
    }
    Metainfo torrent =
        Metainfo.parse(
            new TorrentMaker(root).version(version).pieceLength(PIECE).make(Progress.NONE));
    List<FileEntry> files = torrent.files().stream().filter(FileEntry::isWritten).toList();
    try (Client client =
        Client.open(
            ClientOptions.builder()
                .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build())) {
      client.seed(torrent, temp, TransferOptions.DEFAULT).completion().get(20, TimeUnit.SECONDS);
      Asker asker = new Asker(torrent);
      for (FileEntry file : files) {
        TreeShape shape = TreeShape.of(file.length());
        for (long leaf = 0; leaf < shape.leaves(); leaf += 4) {
          ByteBuffer its = file.piecesRoot().orElseThrow();
          asker.ranges.add(HashProof.range(its, shape, 0, leaf, 4));
        }
      }
      int asked = asker.ranges.size();
      assertThat(asked).isGreaterThan(10);
      asker.run(client);
      assertThat(asker.rejected).isEmpty();
      assertThat(asker.answers).hasSize(asked);
      for (FileEntry file : files) {
        check(file, Files.readAllBytes(root.resolve(file.length() + ".bin")), asker);
      }

      // A piece that has been changed is not vouched for.
      Path changed = root.resolve("300000.bin");
      byte[] bytes = Files.readAllBytes(changed);
      bytes[PIECE + 5] ^= 1;
      Files.write(changed, bytes);
      FileEntry file = files.stream().filter(it -> it.length() == 300_000).findAny().orElseThrow();
      ByteBuffer its = file.piecesRoot().orElseThrow();
      TreeShape shape = TreeShape.of(file.length());
      Asker again = new Asker(torrent);
      again.ranges.add(HashProof.range(its, shape, 0, 4, 4));
      again.ranges.add(HashProof.range(its, shape, 0, 0, 4));
      again.run(client);
      assertThat(again.rejected).extracting(HashRange::index).containsExactly(4);
      assertThat(again.answers).hasSize(1);
    }
  }

  private static void check(FileEntry file, byte[] content, Asker asker) throws Exception {
    TreeShape shape = TreeShape.of(file.length());
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    int leaf = 0;
    for (Answer answer : asker.answers) {
      if (!answer.range.piecesRoot().equals(file.piecesRoot().orElseThrow())) {
        continue;
      }
      assertThat(HashProof.leadsToRoot(answer.range, shape, answer.hashes)).isTrue();
      for (int i = 0; i < answer.range.length() && leaf < shape.leaves(); i++, leaf++) {
        int begin = leaf * TreeShape.LEAF;
        int end = Math.min(content.length, begin + TreeShape.LEAF);
        byte[] right = sha256.digest(Arrays.copyOfRange(content, begin, end));
        assertThat(answer.hashes.slice(32 * i, 32)).isEqualTo(ByteBuffer.wrap(right));
      }
    }
    assertThat(leaf).isEqualTo((int) shape.leaves());
  }

  private record Answer(HashRange range, ByteBuffer hashes) {}

  /** Asks for one range after the other. */
  private static final class Asker implements PeerListener {
    final Queue<HashRange> ranges = new ArrayDeque<>();
    final List<Answer> answers = new ArrayList<>();
    final List<HashRange> rejected = new ArrayList<>();
    private final Metainfo torrent;

    Asker(Metainfo torrent) {
      this.torrent = torrent;
    }

    void run(Client client) throws IOException {
      PeerWire wire = new PeerWire(this, WireOptions.builder().hashMessages(true).build());
      wire.layout(torrent.layout());
      wire.handshake(torrent.infoHash(), PeerId.ofAscii("-XX0000-bbbbbbbbbbbb"));
      try (SocketChannel channel = SocketChannel.open(client.listenAddress().orElseThrow())) {
        WirePipe.run(channel, wire);
      }
    }

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      // Who is choked is not read for.
      wire.interested();
    }

    @Override
    public void onUnchoke(PeerWire wire) {
      next(wire);
    }

    @Override
    public void onHashes(PeerWire wire, HashRange range, ByteBuffer hashes) {
      answers.add(new Answer(range, ByteBuffer.allocate(hashes.remaining()).put(hashes).flip()));
      next(wire);
    }

    @Override
    public void onHashReject(PeerWire wire, HashRange range) {
      rejected.add(range);
      next(wire);
    }

    private void next(PeerWire wire) {
      HashRange range = ranges.poll();
      if (range == null) {
        wire.close();
      } else {
        wire.hashRequest(range);
      }
    }
  }
}
