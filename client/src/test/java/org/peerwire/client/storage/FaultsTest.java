package org.peerwire.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.PieceSet;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoBuilder;

/** Blocks on their way to a disk that fails. */
@Timeout(60)
class FaultsTest {
  private static final int PIECE = 64 << 10;
  private static final int BLOCK = 16 << 10;
  private static final int PIECES = 4;

  @TempDir Path temp;
  private final byte[] content = new byte[PIECES * PIECE];
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final BlockPool pool = new BlockPool(1 << 20, pressed -> {});
  private final Verdicts verdicts = new Verdicts();

  private record Setting(FaultyDisk disk, Path folder, Store store, Intake intake)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      intake.close().orTimeout(10, TimeUnit.SECONDS).join();
      store.close();
    }
  }

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(content);
  }

  @AfterEach
  void stop() {
    threads.shutdown();
  }

  private Metainfo torrent() throws Exception {
    byte[] hashes = new byte[PIECES * Sha1.LENGTH];
    for (int i = 0; i < PIECES; i++) {
      byte[] piece = Arrays.copyOfRange(content, i * PIECE, (i + 1) * PIECE);
      System.arraycopy(Sha1.create().digest(piece), 0, hashes, i * Sha1.LENGTH, Sha1.LENGTH);
    }
    return Metainfo.parse(
        new MetainfoBuilder("a.bin", PIECE).singleFile(content.length).build(hashes));
  }

  private Setting open() throws Exception {
    FaultyDisk disk = FaultyDisk.over(temp);
    Path folder = disk.path(Files.createDirectories(temp.resolve("out")));
    Store store = Store.toWrite(torrent(), folder, false);
    return new Setting(disk, folder, store, new Intake(store, threads, pool, verdicts));
  }

  private void add(Intake intake, int piece) {
    for (int begin = 0; begin < PIECE; begin += BLOCK) {
      intake.write(piece, begin, ByteBuffer.wrap(content, piece * PIECE + begin, BLOCK));
    }
    intake.verify(piece, false);
  }

  private byte[] written() throws IOException {
    return Files.readAllBytes(temp.resolve("out/a.bin"));
  }

  @Test
  void z01_whatAFullDiskDoesNotTakeIsHeldUntilItDoes() throws Exception {
    try (Setting open = open()) {
      open.disk.room(PIECE + BLOCK + 100);
      add(open.intake, 0);
      assertThat(verdicts.next()).isEqualTo("0 true");
      add(open.intake, 1);
      assertThat(verdicts.next()).isEqualTo("stuck FULL");
      add(open.intake, 2);
      assertThat(verdicts.next()).isEqualTo("stuck FULL");
      open.intake.retry();
      // Both have tried before there is room: who is at it is not told to try again.
      assertThat(verdicts.next()).isEqualTo("stuck FULL");
      assertThat(verdicts.next()).isEqualTo("stuck FULL");
      assertThat(pool.used()).isPositive();
      open.disk.room(Long.MAX_VALUE);
      open.intake.retry();
      assertThat(List.of(verdicts.nextButStuck(), verdicts.nextButStuck(), verdicts.nextButStuck()))
          .containsExactlyInAnyOrder("flows", "1 true", "2 true");
      assertThat(written()).isEqualTo(Arrays.copyOf(content, 3 * PIECE));
      assertThat(pool.used()).isZero();
    }
  }

  @Test
  void z01_whatIsHeldIsGivenUpForOthers() throws Exception {
    try (Setting open = open()) {
      open.disk.room(0);
      for (int piece = 0; piece < 3; piece++) {
        add(open.intake, piece);
      }
      while (open.intake.held() < 3) {
        assertThat(verdicts.next()).isEqualTo("stuck FULL");
      }
      open.intake.giveUp(new StorageException(StorageException.Kind.FULL, "full", null));
      // Two of the three; which are held longest is up to the threads.
      List<String> lost = List.of(verdicts.nextButStuck(), verdicts.nextButStuck());
      assertThat(lost).doesNotHaveDuplicates().isSubsetOf("0 lost", "1 lost", "2 lost");
      int kept = lost.contains("0 lost") ? lost.contains("1 lost") ? 2 : 1 : 0;
      open.disk.room(Long.MAX_VALUE);
      open.intake.retry();
      assertThat(List.of(verdicts.nextButStuck(), verdicts.nextButStuck()))
          .containsExactlyInAnyOrder("flows", kept + " true");
      // They may come again.
      int again = kept == 0 ? 1 : 0;
      add(open.intake, again);
      assertThat(verdicts.next()).isEqualTo(again + " true");
    }
    assertThat(pool.used()).isZero();
  }

  @Test
  void z02_aPieceThatIsWrittenInPartDoesNotCount() throws Exception {
    try (Setting open = open()) {
      int[] writes = {0};
      open.disk.onWrite(
          file -> {
            if (++writes[0] == 3) {
              throw new IOException("Input/output error");
            }
          });
      // Not one after the other, which would be one write.
      for (int block : new int[] {0, 2, 1, 3}) {
        open.intake.write(0, block * BLOCK, ByteBuffer.wrap(content, block * BLOCK, BLOCK));
      }
      open.intake.verify(0, false);
      assertThat(verdicts.next()).isEqualTo("stuck IO");
      open.intake.retry();
      assertThat(List.of(verdicts.nextButStuck(), verdicts.nextButStuck()))
          .containsExactly("flows", "0 true");
      assertThat(written()).isEqualTo(Arrays.copyOf(content, PIECE));
    }
  }

  @Test
  void d1_aBlockThatCameTwiceCountsAsItIsOnDisk() throws Exception {
    // The second time with other bytes; before it could be hashed or after, alone or with others.
    int[][] orders = {{1, 3, 3, 0, 2}, {0, 1, 3, 1, 2}, {2, 3, 3, 1, 0}, {0, 0, 1, 2, 3}};
    ByteBuffer wrong = ByteBuffer.allocate(BLOCK);
    try (Setting open = open()) {
      for (int piece = 0; piece < orders.length; piece++) {
        Set<Integer> came = new HashSet<>();
        for (int block : orders[piece]) {
          int begin = block * BLOCK;
          ByteBuffer right = ByteBuffer.wrap(content, piece * PIECE + begin, BLOCK);
          open.intake.write(piece, begin, came.add(block) ? right : wrong);
        }
        open.intake.verify(piece, false);
        assertThat(verdicts.next()).isEqualTo(piece + " false digests");
      }
      assertThat(pool.used()).isZero();
    }
  }

  @Test
  void z04_whatIsWrittenWrongIsFoundByTheNextCheck() throws Exception {
    try (Setting open = open()) {
      open.disk.flipWrites(1);
      add(open.intake, 0);
      // It was right when it came: only what reads it again can know.
      assertThat(verdicts.next()).isEqualTo("0 true");
      add(open.intake, 1);
      assertThat(verdicts.next()).isEqualTo("1 true");
      PieceCheck check = new PieceCheck(open.store, (piece, right) -> {});
      check.look();
      check.work();
      assertThat(check.verified().contains(0)).isFalse();
      assertThat(check.verified().contains(1)).isTrue();
    }
  }

  @Test
  void z07_namesAreForcedBeforeTheyAreClaimed() throws Exception {
    try (Setting open = open()) {
      assertThat(open.disk.forced()).as("the mark").hasSize(2).endsWith("out/");
      add(open.intake, 0);
      assertThat(verdicts.next()).isEqualTo("0 true");
      open.store.claim(new PieceSet(PIECES));
      List<String> forced = open.disk.forced();
      assertThat(forced.subList(2, 4)).containsExactly("a.bin", "out/");
      assertThat(forced.get(4)).endsWith(".resume.new");
    }
  }

  @Test
  void z05_aFailedForceIsNotBelievedLater() throws Exception {
    try (Setting open = open()) {
      add(open.intake, 0);
      assertThat(verdicts.next()).isEqualTo("0 true");
      open.disk.failForce(true);
      assertThatThrownBy(() -> open.store.claim(new PieceSet(PIECES)))
          .isInstanceOf(StorageException.class);
      open.disk.failForce(false);
      assertThatThrownBy(() -> open.store.claim(new PieceSet(PIECES)))
          .isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> open.store.finish(file -> true))
          .isInstanceOf(StorageException.class);
      assertThat(open.store.isDoubtful()).isTrue();
    }
  }

  @Test
  void z03_whatCannotBeReadBackIsLost() throws Exception {
    try (Setting open = open()) {
      // A block comes twice, so that what is on disk counts, and is read back.
      for (int block : new int[] {0, 1, 2, 3, 0}) {
        int begin = block * BLOCK;
        open.intake.write(0, begin, ByteBuffer.wrap(content, begin, BLOCK));
      }
      open.disk.failReads(file -> file.equals("a.bin"));
      open.intake.verify(0, true);
      assertThat(verdicts.next()).isEqualTo("0 lost");
      open.disk.failReads(file -> false);
      add(open.intake, 0);
      assertThat(verdicts.next()).isEqualTo("0 true");
    }
    assertThat(pool.used()).isZero();
  }

  @Test
  void z31_withoutMemoryThePieceIsNotVerified() throws Exception {
    dies(new OutOfMemoryError("as a test"));
  }

  @Test
  void z40_aWorkerThatDiesIsTold() throws Exception {
    dies(new IllegalStateException("as a test"));
  }

  private void dies(Throwable how) throws Exception {
    try (Setting open = open()) {
      open.disk.onWrite(file -> sneak(how));
      add(open.intake, 0);
      assertThat(verdicts.next()).startsWith("failed can't store piece 0").contains("as a test");
      open.disk.onWrite(file -> {});
      // The threads and the other pieces are as they were.
      add(open.intake, 1);
      assertThat(verdicts.next()).isEqualTo("1 true");
    }
    assertThat(pool.used()).isZero();
  }

  private static void sneak(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) e;
  }

  @Test
  void z36_nothingIsWrittenAfterTheEnd() throws Exception {
    Setting open = open();
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    int[] writes = {0};
    open.disk.onWrite(
        file -> {
          writes[0]++;
          writing.countDown();
          await(go);
        });
    add(open.intake, 0);
    await(writing);
    CompletableFuture<Void> idle = open.intake.close();
    assertThat(idle).isNotDone();
    go.countDown();
    idle.get(5, TimeUnit.SECONDS);
    open.store.close();
    assertThat(writes[0]).isEqualTo(1);
    assertThat(pool.used()).isZero();
    assertThatThrownBy(() -> open.store.write(1, 0, ByteBuffer.allocate(1)))
        .hasMessageContaining("closed");
    assertThat(verdicts.isQuiet()).isTrue();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
