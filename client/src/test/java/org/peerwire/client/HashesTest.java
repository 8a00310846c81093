package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.MetaVersion;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.PieceVerifier;

/** Torrents of all three versions: made, checked, moved. */
@Timeout(60)
class HashesTest {
  private static final int PIECE = 32 << 10;

  private final List<Client> clients = new ArrayList<>();
  @TempDir Path temp;

  @AfterEach
  void closeAll() {
    Collections.reverse(clients);
    clients.forEach(Client::close);
  }

  private Client open(ClientOptions.Builder options) throws Exception {
    Client client = Client.open(options.build());
    clients.add(client);
    return client;
  }

  private static Metainfo torrentOf(Path content, MetaVersion version) throws Exception {
    return Metainfo.parse(
        new TorrentMaker(content).version(version).pieceLength(PIECE).make(Progress.NONE));
  }

  @ParameterizedTest
  @EnumSource(MetaVersion.class)
  void foldersAreMoved(MetaVersion version) throws Exception {
    Samples.several(temp.resolve("from"));
    move(torrentOf(temp.resolve("from/mixed ä"), version));
  }

  /** V08, but for the empty file, of which there is no torrent. */
  @ParameterizedTest
  @ValueSource(ints = {1, 16_383, 16_384, 16_385, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 100})
  void v08_filesAtTheBoundariesAreMoved(int length) throws Exception {
    Path file = Files.createDirectory(temp.resolve("from")).resolve("a.bin");
    Files.write(file, Samples.bytes(length, length));
    move(torrentOf(file, MetaVersion.V2));
    move(torrentOf(file, MetaVersion.HYBRID));
  }

  private void move(Metainfo torrent) throws Exception {
    Client seeder =
        open(
            ClientOptions.builder()
                .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    Transfer seed = seeder.seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT);
    seed.completion().get(30, TimeUnit.SECONDS);
    Path to = temp.resolve("to-" + torrent.version());
    Transfer get =
        open(ClientOptions.builder())
            .download(
                torrent,
                to,
                TransferOptions.builder().stallTimeout(Duration.ofSeconds(20)).build());
    get.addPeer(seeder.listenAddress().orElseThrow());
    TransferStatus end = get.completion().get(30, TimeUnit.SECONDS);
    assertThat(end.isComplete()).isTrue();
    assertThat(end.bytesDone()).isEqualTo(end.bytesTotal()).isEqualTo(torrent.totalLength());
    if (torrent.version().hasV2()) {
      assertThat(end.downloaded()).isEqualTo(torrent.totalLength());
    }
    assertThat(Samples.tree(to)).isEqualTo(Samples.tree(temp.resolve("from")));
    seed.stop().get(10, TimeUnit.SECONDS);
  }

  /** Only the info dictionary comes with a link; the layers are asked for, and given on. */
  @ParameterizedTest
  @ValueSource(strings = {"v1 of V1", "v2 of V2", "v1 of HYBRID", "v2 of HYBRID", "both of HYBRID"})
  void t17_aMagnetLinkIsEnough(String what) throws Exception {
    Samples.several(temp.resolve("from"));
    MetaVersion version = MetaVersion.valueOf(what.substring(what.lastIndexOf(' ') + 1));
    Metainfo torrent = torrentOf(temp.resolve("from/mixed ä"), version);
    String v1 = torrent.infoHashV1().map(hash -> "&xt=urn:btih:" + hash).orElse("");
    String v2 = torrent.infoHashV2().map(hash -> "&xt=urn:btmh:1220" + hash).orElse("");
    String link =
        "magnet:?dn=x" + (what.startsWith("v2") ? "" : v1) + (what.startsWith("v1") ? "" : v2);
    Client seeder =
        open(
            ClientOptions.builder()
                .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    seeder
        .seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT)
        .completion()
        .get(30, TimeUnit.SECONDS);
    InetSocketAddress address = seeder.listenAddress().orElseThrow();
    List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    Client getter = open(ClientOptions.builder());
    Metainfo got =
        getter
            .fetchMetadata(
                MagnetLink.parse(link),
                List.of(address),
                PeerSources.NONE,
                Duration.ofSeconds(20),
                warnings::add)
            .get(30, TimeUnit.SECONDS);
    assertThat(warnings).isEmpty();
    assertThat(got.infoBytes()).isEqualTo(torrent.infoBytes());
    assertThat(got.missingLayers()).isEmpty();
    Metainfo again = Metainfo.parse(got.toTorrent(List.of()));
    assertThat(again.notices()).isEmpty();
    assertThat(again.infoHash()).isEqualTo(torrent.infoHash());

    Path to = temp.resolve("to");
    Transfer get =
        getter.download(
            got, to, TransferOptions.builder().stallTimeout(Duration.ofSeconds(20)).build());
    get.addPeer(address);
    assertThat(get.completion().get(30, TimeUnit.SECONDS).isComplete()).isTrue();
    assertThat(Samples.tree(to)).isEqualTo(Samples.tree(temp.resolve("from")));
  }

  @Test
  void v10_halvesThatContradictEachOtherStopIt() throws Exception {
    Path from = Files.createDirectory(temp.resolve("from"));
    Files.write(from.resolve("a.bin"), Samples.bytes(100_000, 1));
    byte[] one =
        new TorrentMaker(from.resolve("a.bin")).version(MetaVersion.HYBRID).make(Progress.NONE);
    Metainfo right = Metainfo.parse(one);
    byte[] sha1 = new byte[20];
    right.pieces().orElseThrow().get(2).get(sha1);
    int at = indexOf(one, sha1);
    one[at] ^= 1;
    Metainfo torrent = Metainfo.parse(one);

    assertThatThrownBy(() -> DataCheck.verify(torrent, from, Progress.NONE))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.reason()).isEqualTo(TransferException.Reason.INCONSISTENT_HYBRID));
    Transfer seed = open(ClientOptions.builder()).seed(torrent, from, TransferOptions.DEFAULT);
    assertThatThrownBy(() -> seed.completion().get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("no peer is to blame");
  }

  @Test
  void s13_bothHalvesAreLookedAt() throws Exception {
    Path from = Files.createDirectory(temp.resolve("from"));
    Files.write(from.resolve("a.bin"), Samples.bytes(100_000, 1));
    Metainfo torrent = torrentOf(from.resolve("a.bin"), MetaVersion.HYBRID);
    PieceVerifier verifier = new PieceVerifier(torrent);
    byte[] data = Samples.bytes(100_000, 1);
    verifier.begin(3);
    verifier.update(java.nio.ByteBuffer.wrap(data, 3 * PIECE, 100_000 - 3 * PIECE));
    assertThat(verifier.end()).isEqualTo(PieceVerifier.Verdict.RIGHT);
    data[0]++;
    verifier.begin(0);
    verifier.update(java.nio.ByteBuffer.wrap(data, 0, PIECE));
    assertThat(verifier.end()).isEqualTo(PieceVerifier.Verdict.WRONG);
  }

  @Test
  void t17_aV2TorrentWithoutLayersIsNotVerified() throws Exception {
    Metainfo whole = Metainfo.parse(v2());
    byte[] info = new byte[whole.infoBytes().remaining()];
    whole.infoBytes().get(info);
    Metainfo torrent = Metainfo.parseInfo(info);
    assertThat(torrent.missingLayers()).hasSize(1);
    assertThatThrownBy(() -> DataCheck.verify(torrent, temp.resolve("from"), Progress.NONE))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("lacks the hashes");
  }

  private byte[] v2() throws Exception {
    Path from = Files.createDirectory(temp.resolve("from"));
    Files.write(from.resolve("a.bin"), Samples.bytes(100_000, 1));
    return new TorrentMaker(from.resolve("a.bin"))
        .version(MetaVersion.V2)
        .pieceLength(PIECE)
        .make(Progress.NONE);
  }

  /** U09: not only its length counts. */
  @Test
  void u09_aFileThatChangesWhileItIsHashedIsAnError() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("from"));
    Path file = folder.resolve("a.bin");
    Files.write(file, Samples.bytes(3_000_000, 1));
    boolean[] touched = new boolean[1];
    Progress progress =
        (done, total) -> {
          try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
            touched[0] = true;
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    assertThatThrownBy(() -> new TorrentMaker(folder).make(progress))
        .hasMessageContaining("changed while it was hashed");
    assertThat(touched[0]).isTrue();
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (java.util.Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }
}
