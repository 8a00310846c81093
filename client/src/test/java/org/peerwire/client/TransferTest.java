package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.peerwire.Pieces;
import org.peerwire.client.TransferException.Reason;
import org.peerwire.client.storage.FaultyDisk;
import org.peerwire.client.storage.Store;
import org.peerwire.swarm.metainfo.Metainfo;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class TransferTest {
  private static final int PIECE = 32 << 10;
  private static final long SECONDS = 30;

  private final List<Client> clients = new ArrayList<>();
  @TempDir Path temp;

  @AfterEach
  void closeAll() {
    Collections.reverse(clients);
    clients.forEach(Client::close);
  }

  @Test
  void aFileIsMovedAndVerified() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 5_000_001, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    Transfer transfer = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    transfer.addPeer(seeder);
    TransferStatus status = await(transfer.completion());
    assertThat(status.isComplete()).isTrue();
    assertThat(status.phase()).isEqualTo(TransferStatus.Phase.STOPPED);
    assertThat(status.downloaded()).isEqualTo(5_000_001);
    assertThat(status.bytesDone()).isEqualTo(5_000_001);
    assertThat(status.wasted()).isZero();
    assertSame("from", "to");
  }

  @Test
  void filesOfAllKindsAreMoved() throws Exception {
    Metainfo torrent = Samples.several(temp.resolve("from"));
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    Transfer transfer = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    transfer.addPeer(seeder);
    assertThat(await(transfer.completion()).isComplete()).isTrue();
    assertSame("from", "to");
  }

  @Test
  void aSeederMayDialToo() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 300_000, PIECE);
    Client downloader = client(true);
    Transfer transfer = downloader.download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    Client seeder = client(false);
    Transfer seed = seeder.seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT);
    seed.addPeer(downloader.listenAddress().orElseThrow());
    assertThat(await(transfer.completion()).isComplete()).isTrue();
    assertSame("from", "to");
  }

  @Test
  void twoSeedersAreBothUsed() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 20_000_000, 256 << 10);
    InetSocketAddress one = seeder(torrent, temp.resolve("from"));
    InetSocketAddress two = seeder(torrent, temp.resolve("from"));
    Transfer transfer = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    CompletableFuture<Void> both = new CompletableFuture<>();
    transfer.listen(
        new TransferListener() {
          @Override
          public void pieceVerified(int piece) {
            List<PeerStatus> peers = transfer.status().peers();
            if (peers.size() == 2 && peers.stream().allMatch(peer -> peer.downloaded() > 0)) {
              both.complete(null);
            }
          }
        });
    transfer.addPeer(one);
    transfer.addPeer(two);
    await(transfer.completion());
    assertThat(both).isDone();
    assertSame("from", "to");
  }

  @Test
  void aDownloadGoesOnWhereItWasStopped() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 8_000_000, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    Transfer first = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    int[] verified = {0};
    first.listen(
        new TransferListener() {
          @Override
          public void pieceVerified(int piece) {
            if (++verified[0] == torrent.pieceCount() / 2) {
              CompletableFuture<Void> unused = first.stop();
            }
          }
        });
    first.addPeer(seeder);
    assertFails(first.completion(), Reason.STOPPED);
    await(first.stop());
    int before = first.status().piecesDone();
    assertThat(before).isBetween(torrent.pieceCount() / 2, torrent.pieceCount() - 1);

    Transfer second = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    CompletableFuture<Pieces> checked = new CompletableFuture<>();
    second.listen(
        new TransferListener() {
          @Override
          public void checked(Pieces pieces) {
            checked.complete(pieces);
          }
        });
    second.addPeer(seeder);
    TransferStatus status = await(second.completion());
    Pieces found = await(checked);
    assertThat(found.count()).isGreaterThanOrEqualTo(before);
    assertThat(status.downloaded()).isEqualTo(8_000_000 - Failures.bytesOf(torrent, found));
    assertSame("from", "to");
  }

  @Test
  void r03_whatAnEarlierRunNotedIsReadBeforeItCounts() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 4_000_000, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    int lie = forge(fetchHalf(torrent, seeder));
    Transfer second = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    CompletableFuture<Pieces> checked = new CompletableFuture<>();
    second.listen(
        new TransferListener() {
          @Override
          public void checked(Pieces pieces) {
            checked.complete(pieces);
          }
        });
    second.addPeer(seeder);
    TransferStatus status = await(second.completion());
    assertThat(await(checked).contains(lie)).isFalse();
    assertThat(status.downloaded())
        .isEqualTo(4_000_000 - Failures.bytesOf(torrent, await(checked)));
    assertSame("from", "to");
  }

  @Test
  void r03_whoTrustsTheNotesDoesNotSeeIt() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 4_000_000, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    int lie = forge(fetchHalf(torrent, seeder));
    Transfer second =
        download(torrent, temp.resolve("to"), TransferOptions.builder().trustResume(true).build());
    second.addPeer(seeder);
    await(second.completion());
    Pieces right = DataCheck.verify(torrent, temp.resolve("to"), Progress.NONE).verified();
    assertThat(right.count()).isEqualTo(torrent.pieceCount() - 1);
    assertThat(right.contains(lie)).isFalse();
  }

  /** Makes a piece wrong so that it can't be seen from outside. */
  private int forge(Pieces noted) throws Exception {
    int lie = noted.next(0);
    Path file = temp.resolve("to/a.bin");
    FileTime before = Files.getLastModifiedTime(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[100]), (long) lie * PIECE + 7);
    }
    Files.setLastModifiedTime(file, before);
    return lie;
  }

  /** A run that is stopped when half is there; returns what it had. */
  private Pieces fetchHalf(Metainfo torrent, InetSocketAddress seeder) throws Exception {
    Transfer first = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    CompletableFuture<Void> half = new CompletableFuture<>();
    first.listen(
        new TransferListener() {
          private int verified;

          @Override
          public void pieceVerified(int piece) {
            if (++verified == torrent.pieceCount() / 2) {
              CompletableFuture<Void> unused = first.stop();
              half.complete(null);
            }
          }
        });
    first.addPeer(seeder);
    await(half);
    await(first.stop());
    Pieces had = first.status().pieces();
    assertThat(had.count()).isBetween(torrent.pieceCount() / 2, torrent.pieceCount() - 1);
    return had;
  }

  @Test
  void whatIsCorruptOnDiskIsFetchedAgain() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 2_000_000, PIECE);
    Files.createDirectories(temp.resolve("to"));
    Files.copy(temp.resolve("from/a.bin"), temp.resolve("to/a.bin"));
    try (FileChannel file = FileChannel.open(temp.resolve("to/a.bin"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 5L * PIECE - 1);
    }
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    Transfer transfer = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    transfer.addPeer(seeder);
    assertThat(await(transfer.completion()).downloaded()).isEqualTo(2L * PIECE);
    assertSame("from", "to");
  }

  @Test
  void whatIsCompleteNeedsNoPeer() throws Exception {
    Metainfo torrent = Samples.several(temp.resolve("from"));
    Map<String, String> before = Samples.tree(temp.resolve("from"));
    Transfer transfer = download(torrent, temp.resolve("from"), TransferOptions.DEFAULT);
    assertThat(await(transfer.completion()).downloaded()).isZero();
    assertThat(Samples.tree(temp.resolve("from"))).isEqualTo(before);
  }

  @Test
  void aFileThatIsTooLongIsCut() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    Files.createDirectories(temp.resolve("to"));
    Files.copy(temp.resolve("from/a.bin"), temp.resolve("to/a.bin"));
    Files.write(temp.resolve("to/a.bin"), new byte[99], StandardOpenOption.APPEND);
    await(download(torrent, temp.resolve("to"), TransferOptions.DEFAULT).completion());
    assertSame("from", "to");
  }

  @Test
  void aDownloadServesWhatItHas() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 4_000_000, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    Client middle = client(true);
    Transfer first =
        middle.download(
            torrent, temp.resolve("middle"), TransferOptions.builder().seedAfter(true).build());
    first.addPeer(seeder);
    Transfer second = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    second.addPeer(middle.listenAddress().orElseThrow());
    assertThat(await(first.completion()).phase()).isEqualTo(TransferStatus.Phase.SEEDING);
    await(second.completion());
    assertSame("from", "to");
    assertSame("from", "middle");
  }

  @Test
  void aSeedThatDoesNotMatchIsRefusedAndNotTouched() throws Exception {
    Metainfo torrent = Samples.several(temp.resolve("from"));
    Path odd = temp.resolve("from/mixed ä/odd.bin");
    try (RandomAccessFile file = new RandomAccessFile(odd.toFile(), "rw")) {
      file.seek(700_000);
      file.write(1);
    }
    Files.delete(temp.resolve("from/mixed ä/zz/last"));
    Map<String, String> before = Samples.tree(temp.resolve("from"));
    Transfer seed = client(true).seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT);
    assertFails(seed.completion(), Reason.MISMATCH)
        .hasMessageContaining("2 of 42 pieces are wrong or missing")
        .hasMessageContaining("missing: mixed ä/zz/last");
    assertThat(Samples.tree(temp.resolve("from"))).isEqualTo(before);
  }

  @Test
  void aSeedNeedsAFolder() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100, PIECE);
    assertThatThrownBy(
            () -> client(false).seed(torrent, temp.resolve("none"), TransferOptions.DEFAULT))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("it is not there");
  }

  @Test
  void z37_aSecondRunIsRefused() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    Transfer first = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    assertThatThrownBy(() -> download(torrent, temp.resolve("to"), TransferOptions.DEFAULT))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT))
        .hasMessageContaining("another run");
    await(first.stop());
    await(download(torrent, temp.resolve("to"), TransferOptions.DEFAULT).stop());
  }

  @Test
  void s14_anotherTorrentOfTheSameNameIsRefused() throws Exception {
    Metainfo one = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    Metainfo two = Samples.single(temp.resolve("other"), "a.bin", 100_001, PIECE);
    try (Store store = Store.toWrite(one, temp.resolve("to"), false)) {
      store.write(0, 0, ByteBuffer.allocate(PIECE));
    }
    assertThatThrownBy(() -> download(two, temp.resolve("to"), TransferOptions.DEFAULT))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("of another torrent");
    // Of the one that wrote nothing there are no remains.
    await(download(two, temp.resolve("there"), TransferOptions.DEFAULT).stop());
    await(download(one, temp.resolve("there"), TransferOptions.DEFAULT).stop());
  }

  @Test
  void u02_filesOfOthersAreNotOverwritten() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    Files.createDirectories(temp.resolve("to"));
    Files.write(temp.resolve("to/a.bin"), Samples.bytes(70_000, 1));
    assertFails(
        download(torrent, temp.resolve("to"), TransferOptions.DEFAULT).completion(),
        Reason.CONFLICT);
    assertThat(Files.readAllBytes(temp.resolve("to/a.bin"))).isEqualTo(Samples.bytes(70_000, 1));
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    Transfer forced =
        download(torrent, temp.resolve("to"), TransferOptions.builder().overwrite(true).build());
    forced.addPeer(seeder);
    await(forced.completion());
    assertSame("from", "to");
  }

  @Test
  void u02_aFolderInPlaceOfAFileIsRefused() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    Files.createDirectories(temp.resolve("to/a.bin"));
    assertFails(
            download(torrent, temp.resolve("to"), TransferOptions.DEFAULT).completion(),
            Reason.CONFLICT)
        .hasMessageContaining("a.bin is in the way");
  }

  @Test
  void s16_nothingIsWrittenThroughALink() throws Exception {
    Metainfo torrent = Samples.several(temp.resolve("from"));
    Path outside = Files.createDirectories(temp.resolve("outside"));
    Files.createDirectories(temp.resolve("to/mixed ä"));
    Files.createSymbolicLink(temp.resolve("to/mixed ä/sub"), outside);
    assertFails(
            download(torrent, temp.resolve("to"), TransferOptions.DEFAULT).completion(),
            Reason.CONFLICT)
        .hasMessageContaining("sub");
    assertThat(Samples.tree(outside)).isEmpty();
  }

  @Test
  void s16_aLinkThatAppearsMeanwhileIsNotFollowed() throws Exception {
    Metainfo torrent = Samples.several(temp.resolve("from"));
    Path outside = Files.createDirectories(temp.resolve("outside"));
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    Transfer transfer = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    CompletableFuture<Void> linked = new CompletableFuture<>();
    transfer.listen(
        new TransferListener() {
          @Override
          public void checked(Pieces verified) {
            try {
              Files.createDirectories(temp.resolve("to/mixed ä"));
              Files.createSymbolicLink(temp.resolve("to/mixed ä/sub"), outside);
              linked.complete(null);
            } catch (java.io.IOException e) {
              linked.completeExceptionally(e);
            }
          }
        });
    transfer.addPeer(seeder);
    assertFails(transfer.completion(), Reason.CONFLICT);
    await(linked);
    assertThat(Samples.tree(outside)).isEmpty();
  }

  @Test
  void z01_aFullDiskIsWaitedFor() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 4_000_000, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    FaultyDisk disk = FaultyDisk.over(temp);
    disk.room(1_000_000);
    Client middle = client(true);
    Transfer transfer =
        middle.download(
            torrent,
            disk.path(Files.createDirectory(temp.resolve("middle"))),
            TransferOptions.builder().seedAfter(true).build());
    transfer.addPeer(seeder);
    assertThat(obstacle(transfer, "disk")).contains("the disk is full").contains("a.bin");
    int before = transfer.status().piecesDone();
    assertThat(before).isBetween(1, 1_000_000 / PIECE + 1);
    // What is here is served meanwhile.
    Transfer other = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    CompletableFuture<Void> served = new CompletableFuture<>();
    other.listen(
        new TransferListener() {
          private int pieces;

          @Override
          public void pieceVerified(int piece) {
            if (++pieces == before) {
              served.complete(null);
            }
          }
        });
    other.addPeer(middle.listenAddress().orElseThrow());
    await(served);
    assertThat(transfer.status().piecesDone()).isBetween(before, 1_000_000 / PIECE + 1);
    assertThat(transfer.completion()).isNotDone();
    disk.room(Long.MAX_VALUE);
    TransferStatus status = await(transfer.completion());
    await(other.completion());
    assertThat(disk.refused()).isPositive();
    // Whatever had come was kept, and nothing came twice.
    assertThat(status.downloaded()).isEqualTo(4_000_000);
    assertThat(status.wasted()).isZero();
    assertSame("from", "middle");
    assertSame("from", "to");
  }

  @Test
  void z01_aDiskThatStaysFullEndsItInTheEnd() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 4_000_000, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    FaultyDisk disk = FaultyDisk.over(temp);
    disk.room(1_000_000);
    Path folder = Files.createDirectory(temp.resolve("to"));
    TransferOptions impatient =
        TransferOptions.builder().stallTimeout(Duration.ofMillis(500)).build();
    Transfer transfer = download(torrent, disk.path(folder), impatient);
    transfer.addPeer(seeder);
    assertFails(transfer.completion(), Reason.STORAGE_FULL).hasMessageContaining("a.bin");
    await(transfer.stop());
    // What was verified before is there, and the next run goes on from it.
    long done = Failures.bytesOf(torrent, transfer.status().pieces());
    assertThat(done).isPositive();
    Transfer next = download(torrent, folder, TransferOptions.DEFAULT);
    next.addPeer(seeder);
    assertThat(await(next.completion()).downloaded()).isLessThanOrEqualTo(4_000_000 - done);
    assertSame("from", "to");
  }

  /** Why nothing moves, once that is said with this word; no event tells. */
  private static String obstacle(Transfer transfer, String word) {
    String why = "";
    while (!why.contains(word)) {
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      why = transfer.status().obstacle().orElse("");
    }
    return why;
  }

  @Test
  void s14_placesThatOverlapAreRefused() throws Exception {
    Metainfo outer = Samples.several(temp.resolve("from"));
    Metainfo inner = Samples.single(temp.resolve("other"), "sub", 100_000, PIECE);
    Metainfo apart = Samples.single(temp.resolve("other"), "apart", 100_000, PIECE);
    Client client = client(false);
    Transfer first = client.download(outer, temp.resolve("to"), TransferOptions.DEFAULT);
    Path inside = Files.createDirectories(temp.resolve("to/mixed ä"));
    for (boolean write : new boolean[] {true, false}) {
      assertThatThrownBy(
              () -> {
                if (write) {
                  client.download(inner, inside, TransferOptions.DEFAULT);
                } else {
                  client.seed(inner, inside, TransferOptions.DEFAULT);
                }
              })
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT))
          .hasMessageContaining("sub would lie where the transfer of mixed ä has its files");
    }
    await(client.download(apart, temp.resolve("to"), TransferOptions.DEFAULT).stop());
    await(first.stop());
    await(client.download(inner, inside, TransferOptions.DEFAULT).stop());
  }

  @Test
  void z09_aFileThatIsRemovedMeanwhileIsFetchedAgain() throws Exception {
    assertThat(warnedOf(() -> assertThat(temp.resolve("to/a.bin").toFile().delete()).isTrue()))
        .contains("a.bin was removed, cut or replaced while it was written");
    assertSame("from", "to");
  }

  @Test
  void z09_aFileThatIsCutMeanwhileIsFetchedAgain() throws Exception {
    assertThat(
            warnedOf(
                () -> {
                  try (FileChannel file =
                      FileChannel.open(temp.resolve("to/a.bin"), StandardOpenOption.WRITE)) {
                    file.truncate(1_000);
                  }
                }))
        .contains("a.bin was removed, cut or replaced while it was written");
    assertSame("from", "to");
  }

  @Test
  void z09_aFolderThatIsRemovedMeanwhileEndsTheDownload() {
    assertThatThrownBy(() -> warnedOf(() -> delete(temp.resolve("to"))))
        .hasCauseInstanceOf(TransferException.class)
        .hasMessageContaining("it is not there");
  }

  /** What someone does to the files of a download. */
  private interface Prank {
    void play() throws IOException;
  }

  /** Downloads, while a prank is played half-way, and returns what was warned of. */
  private String warnedOf(Prank prank) throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 2_000_000, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    Transfer transfer = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    CompletableFuture<String> warned = new CompletableFuture<>();
    transfer.listen(
        new TransferListener() {
          private int verified;

          @Override
          public void pieceVerified(int piece) {
            if (++verified == 20) {
              try {
                prank.play();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }

          @Override
          public void warning(String sentence) {
            warned.complete(sentence);
          }
        });
    transfer.addPeer(seeder);
    await(transfer.completion());
    return await(warned);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Test
  void s15_whatIsCutIsNotFetchedByASeed() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 1_000_000, PIECE);
    Files.createDirectories(temp.resolve("copy"));
    Files.copy(temp.resolve("from/a.bin"), temp.resolve("copy/a.bin"));
    InetSocketAddress whole = seeder(torrent, temp.resolve("copy"));
    Client client = client(true);
    Transfer seed = client.seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT);
    await(seed.completion());
    try (FileChannel file =
        FileChannel.open(temp.resolve("from/a.bin"), StandardOpenOption.WRITE)) {
      file.truncate(500_000);
    }
    Transfer transfer = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    transfer.addPeer(client.listenAddress().orElseThrow());
    // It learns there what it lacks, and where that would be.
    assertThat(obstacle(seed, "not written to")).isNotEmpty();
    seed.addPeer(whole);
    transfer.addPeer(whole);
    await(transfer.completion());
    assertThat(Files.size(temp.resolve("from/a.bin"))).isEqualTo(500_000);
    assertSame("copy", "to");
  }

  @Test
  void s15_whatIsCutWhileSeedingIsNotServed() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 1_000_000, PIECE);
    InetSocketAddress seeder = seeder(torrent, temp.resolve("from"));
    try (FileChannel file =
        FileChannel.open(temp.resolve("from/a.bin"), StandardOpenOption.WRITE)) {
      file.truncate(500_000);
    }
    Transfer transfer =
        download(
            torrent,
            temp.resolve("to"),
            TransferOptions.builder().stallTimeout(Duration.ofMillis(500)).build());
    transfer.addPeer(seeder);
    assertFails(transfer.completion(), Reason.STALLED);
    assertThat(transfer.status().piecesDone()).isBetween(1, 500_000 / PIECE);
    assertThat(transfer.status().pieces().next(500_000 / PIECE)).isEqualTo(-1);
  }

  @Test
  void nothingComesForTooLong() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    Transfer transfer =
        download(
            torrent,
            temp.resolve("to"),
            TransferOptions.builder().stallTimeout(Duration.ofMillis(500)).build());
    assertFails(transfer.completion(), Reason.STALLED).hasMessageContaining("no peer is known");
  }

  @Test
  void aPeerThatRefusesIsTold() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    Client closed = client(true);
    InetSocketAddress nobody = closed.listenAddress().orElseThrow();
    closed.close();
    Transfer transfer = download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    CompletableFuture<String> why = new CompletableFuture<>();
    transfer.listen(
        new TransferListener() {
          @Override
          public void peerDisconnected(
              InetSocketAddress peer, long downloaded, long uploaded, String cause) {
            why.complete(peer + " " + cause);
          }
        });
    transfer.addPeer(nobody);
    assertThat(await(why)).contains(String.valueOf(nobody.getPort())).contains("refused");
  }

  @Test
  void closeEndsWhatRuns() throws Exception {
    Metainfo torrent = Samples.single(temp.resolve("from"), "a.bin", 100_000, PIECE);
    Client client = client(false);
    Transfer transfer = client.download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    client.close();
    client.close();
    assertFails(transfer.completion(), Reason.STOPPED);
    await(transfer.stop());
    assertThatThrownBy(() -> client.download(torrent, temp.resolve("to"), TransferOptions.DEFAULT))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPortThatIsTakenIsTold() throws Exception {
    InetSocketAddress taken = client(true).listenAddress().orElseThrow();
    assertThatThrownBy(() -> Client.open(ClientOptions.builder().listenAddress(taken).build()))
        .isInstanceOf(java.io.IOException.class)
        .hasMessageContaining("can't listen on 127.0.0.1:" + taken.getPort());
  }

  // ---------------------------------------------------------------- what is needed for that

  private Client client(boolean listens) throws Exception {
    ClientOptions.Builder options = ClientOptions.builder().diskThreads(2);
    if (listens) {
      options.listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
    Client client = Client.open(options.build());
    clients.add(client);
    return client;
  }

  private InetSocketAddress seeder(Metainfo torrent, Path folder) throws Exception {
    Client client = client(true);
    await(client.seed(torrent, folder, TransferOptions.DEFAULT).completion());
    return client.listenAddress().orElseThrow();
  }

  private Transfer download(Metainfo torrent, Path folder, TransferOptions options)
      throws Exception {
    return client(false).download(torrent, folder, options);
  }

  private void assertSame(String one, String other) throws Exception {
    assertThat(Samples.tree(temp.resolve(other)).equals(Samples.tree(temp.resolve(one)))).isTrue();
  }

  private static <T> T await(CompletableFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(SECONDS, TimeUnit.SECONDS);
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      CompletableFuture<?> future, Reason reason) {
    return assertThatThrownBy(() -> await(future))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
