package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.client.TransferException.Reason;
import org.peerwire.client.storage.FaultyDisk;
import org.peerwire.swarm.metainfo.Metainfo;

/** A disk that can't read any more what it once could, when a peer was promised it. */
@Timeout(60)
class UnreadableTest {
  private static final int PIECE = 32 << 10;
  private static final int PIECES = 40;

  private final List<Client> clients = new ArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<Integer> rejected = new CopyOnWriteArrayList<>();
  @TempDir Path temp;

  @AfterEach
  void closeAll() {
    Collections.reverse(clients);
    clients.forEach(Client::close);
  }

  /**
   * @param shared how much of the last piece lies in the file before, which is well: so a block of
   *     it lies in one file, or in two
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 8 << 10})
  void z03_anErrorInTheMiddleOfSendingIsToldOnceAndCostsOnlyThatPiece(int shared) throws Exception {
    Path content = Files.createDirectories(temp.resolve("from/t"));
    int last = PIECES - 1;
    Files.write(content.resolve("a.bin"), Samples.bytes(last * PIECE + shared, 1));
    Files.write(content.resolve("b.bin"), Samples.bytes(PIECE - shared, 2));
    Metainfo torrent = Samples.torrentOf(content, PIECE);
    Metainfo another = Samples.single(temp.resolve("beside"), "c.bin", 1_000_000, PIECE);
    FaultyDisk disk = FaultyDisk.over(temp);
    Client seeder = client(true);
    Transfer seed = seeder.seed(torrent, disk.path(temp.resolve("from")), TransferOptions.DEFAULT);
    Transfer beside =
        seeder.seed(another, disk.path(temp.resolve("beside")), TransferOptions.DEFAULT);
    await(seed.completion());
    await(beside.completion());
    CompletableFuture<TransferStatus> failed = new CompletableFuture<>();
    seed.listen(
        new TransferListener() {
          @Override
          public void warning(String sentence) {
            warnings.add(sentence);
            failed.complete(seed.status());
          }
        });

    disk.failReads("b.bin"::equals);
    List<Transfer> peers = new ArrayList<>();
    for (String name : new String[] {"one", "two", "three"}) {
      Transfer peer = download(torrent, name, seeder);
      peers.add(peer);
    }
    TransferStatus then = await(failed);
    assertThat(then.pieces().contains(last)).isFalse();
    assertThat(then.piecesDone()).isEqualTo(last);
    // Who comes now gets all the rest; and so does, in the end, who was there.
    Transfer late = download(torrent, "late", seeder);
    await(rest(late, last));
    await(download(another, "another", seeder).completion());
    assertThat(late.status().pieces().contains(last)).isFalse();

    Client whole = client(true);
    await(whole.seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT).completion());
    peers.add(late);
    for (Transfer peer : peers) {
      peer.addPeer(whole.listenAddress().orElseThrow());
      assertThat(await(peer.completion()).wasted()).isZero();
    }
    for (String name : new String[] {"one", "two", "three", "late"}) {
      assertThat(Samples.tree(temp.resolve(name)).equals(Samples.tree(temp.resolve("from"))))
          .isTrue();
    }
    assertThat(rejected).isEmpty();
    assertThat(warnings).containsExactly("can't serve piece " + last + ": Input/output error");
  }

  @Test
  void z10_whatCantBeOpenedForWantOfADescriptorIsNotWrong() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    FaultyDisk disk = FaultyDisk.over(temp);
    Path folder = disk.path(temp.resolve("from"));
    disk.handles(0);
    assertThatThrownBy(() -> DataCheck.verify(torrent, folder, Progress.NONE))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
        .hasMessageContaining("Too many open files");
    Transfer seed = client(false).seed(torrent, folder, TransferOptions.DEFAULT);
    assertThatThrownBy(() -> await(seed.completion()))
        .cause()
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
        .hasMessageContaining("Too many open files");
    disk.handles(1);
    assertThat(DataCheck.verify(torrent, folder, Progress.NONE).isComplete()).isTrue();
  }

  /** Every piece but one was verified. */
  private static CompletableFuture<Void> rest(Transfer transfer, int missing) {
    CompletableFuture<Void> rest = new CompletableFuture<>();
    transfer.listen(
        new TransferListener() {
          private int pieces;

          @Override
          public void pieceVerified(int piece) {
            if (piece != missing && ++pieces == PIECES - 1) {
              rest.complete(null);
            }
          }
        });
    return rest;
  }

  private Transfer download(Metainfo torrent, String name, Client from) throws Exception {
    Transfer transfer =
        client(false)
            .download(
                torrent,
                Files.createDirectory(temp.resolve(name)),
                TransferOptions.builder().sequential(true).build());
    transfer.listen(
        new TransferListener() {
          @Override
          public void pieceRejected(int piece) {
            rejected.add(piece);
          }
        });
    transfer.addPeer(from.listenAddress().orElseThrow());
    return transfer;
  }

  private Client client(boolean listens) throws Exception {
    ClientOptions.Builder options = ClientOptions.builder().diskThreads(1);
    if (listens) {
      options.listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
    Client client = Client.open(options.build());
    clients.add(client);
    return client;
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }
}
