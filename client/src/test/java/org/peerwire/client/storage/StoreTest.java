package org.peerwire.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.BlockRegion;
import org.peerwire.channel.FileRegion;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoBuilder;

class StoreTest {
  private static final int PIECE = 64 << 10;
  private static final int BLOCK = 16 << 10;

  /** With folders by handle, and by path. */
  private static FileSystem disk(boolean handles) {
    Configuration.Builder disk =
        Configuration.unix().toBuilder().setMaxSize(2 << 20).setBlockSize(4096);
    return Jimfs.newFileSystem(
        (handles
                ? disk.setSupportedFeatures(
                    Feature.LINKS,
                    Feature.SYMBOLIC_LINKS,
                    Feature.SECURE_DIRECTORY_STREAM,
                    Feature.FILE_CHANNEL)
                : disk.setSupportedFeatures(Feature.SYMBOLIC_LINKS, Feature.FILE_CHANNEL))
            .build());
  }

  private final byte[] content = new byte[PIECE * 3 + 100];

  StoreTest() {
    new Random(1).nextBytes(content);
  }

  private Metainfo torrent() throws Exception {
    MetainfoBuilder builder =
        new MetainfoBuilder("t", PIECE)
            .file(List.of("a"), 10)
            .file(List.of("b", "c"), PIECE)
            .file(List.of("empty"), 0)
            .file(List.of("d"), content.length - PIECE - 10);
    byte[] hashes = new byte[4 * Sha1.LENGTH];
    for (int i = 0; i < 4; i++) {
      byte[] piece =
          java.util.Arrays.copyOfRange(
              content, i * PIECE, Math.min(content.length, (i + 1) * PIECE));
      System.arraycopy(Sha1.create().digest(piece), 0, hashes, i * Sha1.LENGTH, Sha1.LENGTH);
    }
    return Metainfo.parse(builder.build(hashes));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsWrittenIsReadAcrossFiles(boolean handles) throws Exception {
    try (FileSystem disk = disk(handles)) {
      Path folder = Files.createDirectories(disk.getPath("/disk/out"));
      try (Store store = Store.toWrite(torrent(), folder, false)) {
        for (int piece = 3; piece >= 0; piece--) {
          int size = Math.min(PIECE, content.length - piece * PIECE);
          store.write(piece, 0, ByteBuffer.wrap(content, piece * PIECE, size));
        }
        assertThat(Files.exists(folder.resolve("t/empty"))).isFalse();
        ByteBuffer back = ByteBuffer.allocate(1000);
        store.read(1, 0, back);
        assertThat(back.array())
            .isEqualTo(java.util.Arrays.copyOfRange(content, PIECE, PIECE + 1000));
        PieceCheck check = new PieceCheck(store, (piece, right) -> {});
        check.look();
        check.work();
        assertThat(check.verified().isFull()).isTrue();
        store.finish(file -> true);
        assertThat(Files.size(folder.resolve("t/empty"))).isZero();
        BlockRegion inside = region(store, 2, 0, BLOCK);
        assertThat(inside).isInstanceOf(FileRegion.class);
        inside.release();
        BlockRegion across = region(store, 0, 0, BLOCK);
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
        across.read(0, bytes);
        across.release();
        assertThat(bytes.array()).isEqualTo(java.util.Arrays.copyOf(content, BLOCK));
      }
      try (java.util.stream.Stream<Path> left = Files.list(folder)) {
        assertThat(left.map(path -> path.getFileName().toString())).containsExactly("t");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void s16_linksAreNotFollowed(boolean handles) throws Exception {
    try (FileSystem disk = disk(handles)) {
      Path folder = Files.createDirectories(disk.getPath("/disk/out"));
      Path outside = Files.createDirectories(disk.getPath("/disk/outside"));
      Files.createDirectories(folder.resolve("t"));
      Files.createSymbolicLink(folder.resolve("t/b"), outside);
      Files.createFile(outside.resolve("file"));
      Files.createSymbolicLink(folder.resolve("t/a"), outside.resolve("file"));
      try (Store store = Store.toWrite(torrent(), folder, false)) {
        assertConflict(() -> store.write(0, 0, ByteBuffer.wrap(content, 0, 5)), "t/a");
        assertConflict(() -> store.write(0, 10, ByteBuffer.wrap(content, 10, 5)), "t/b");
        assertConflict(() -> store.read(0, 0, ByteBuffer.allocate(5)), "t/a");
      }
      assertThat(Files.size(outside.resolve("file"))).isZero();
      assertThat(Files.exists(outside.resolve("c"))).isFalse();
    }
  }

  /** Many small files: pieces of two files each, and one that lies across 500. */
  private static Metainfo small(int files, int length, int pieceLength) throws Exception {
    MetainfoBuilder builder = new MetainfoBuilder("many", pieceLength);
    for (int i = 0; i < files; i++) {
      builder.file(List.of("d" + i / 1000, "f" + i), length);
    }
    return Metainfo.parse(builder.build(new byte[builder.pieceCount() * Sha1.LENGTH]));
  }

  @Test
  void z10_withFewHandlesFilesAreOpenedInTurns(@TempDir Path temp) throws Exception {
    FaultyDisk few = FaultyDisk.over(temp);
    few.handles(8);
    Path folder = few.path(temp);
    try (Store store = Store.toWrite(small(40, 1000, 4000), folder, false)) {
      for (int piece = 0; piece < 10; piece++) {
        store.write(piece, 0, ByteBuffer.allocate(4000));
      }
      for (int piece = 0; piece < 10; piece++) {
        store.read(piece, 0, ByteBuffer.allocate(4000));
      }
      assertThat(store.finish(file -> true).isEmpty()).isTrue();
    }
    assertThat(Files.size(temp.resolve("many/d0/f39"))).isEqualTo(1000);
  }

  @Test
  void t13_offsetsBeyondAllIntegersAreRight(@TempDir Path temp) throws Exception {
    int pieceLength = 512 << 20;
    long length = (5L << 40) + 1;
    MetainfoBuilder builder = new MetainfoBuilder("giant", pieceLength).singleFile(length);
    Metainfo torrent = Metainfo.parse(builder.build(new byte[builder.pieceCount() * Sha1.LENGTH]));
    try (Store store = Store.toWrite(torrent, temp, false)) {
      int last = torrent.pieceCount() - 1;
      int[] pieces = {0, 3, 4, 7, 8, last - 1};
      for (int piece : pieces) {
        int begin = pieceLength - BLOCK;
        store.write(piece, begin, ByteBuffer.wrap(content, piece, BLOCK));
      }
      store.write(last, 0, ByteBuffer.wrap(content, 1, 1));
      assertThat(Files.size(temp.resolve("giant"))).isEqualTo(length);
      for (int piece : pieces) {
        ByteBuffer back = ByteBuffer.allocate(BLOCK);
        BlockRegion region = region(store, piece, pieceLength - BLOCK, BLOCK);
        region.read(0, back);
        region.release();
        assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(content, piece, BLOCK));
      }
      assertThatThrownBy(() -> region(store, last, 0, 2)).isInstanceOf(RuntimeException.class);
      // Holes take no space.
      Files.delete(temp.resolve("giant"));
    }
  }

  @Test
  void z39_aPieceMayLieAcrossManyFiles(@TempDir Path temp) throws Exception {
    int files = 500;
    MetainfoBuilder builder = new MetainfoBuilder("many", files * 7 + 1);
    for (int i = 0; i < files; i++) {
      builder.file(List.of("f" + i), 7).file(List.of("e" + i), 0);
    }
    builder.file(List.of("last"), 2);
    byte[] bytes = java.util.Arrays.copyOf(content, files * 7 + 2);
    byte[] hashes = new byte[2 * Sha1.LENGTH];
    for (int piece = 0; piece < 2; piece++) {
      byte[] part =
          java.util.Arrays.copyOfRange(
              bytes, piece * (files * 7 + 1), piece == 0 ? files * 7 + 1 : bytes.length);
      System.arraycopy(Sha1.create().digest(part), 0, hashes, piece * Sha1.LENGTH, Sha1.LENGTH);
    }
    Metainfo torrent = Metainfo.parse(builder.build(hashes));
    assertThat(torrent.pieceMap().pieceSize(1)).isEqualTo(1);
    try (Store store = Store.toWrite(torrent, temp, false)) {
      store.write(0, 0, ByteBuffer.wrap(bytes, 0, files * 7 + 1));
      store.write(1, 0, ByteBuffer.wrap(bytes, files * 7 + 1, 1));
      PieceCheck check = new PieceCheck(store, (piece, right) -> {});
      check.look();
      check.work();
      assertThat(check.verified().isFull()).isTrue();
      assertThat(store.finish(file -> true).isEmpty()).isTrue();
    }
    assertThat(Files.readAllBytes(temp.resolve("many/f499")))
        .isEqualTo(java.util.Arrays.copyOfRange(bytes, 499 * 7, 500 * 7));
    assertThat(Files.size(temp.resolve("many/e0"))).isZero();
    assertThat(Files.size(temp.resolve("many/last"))).isEqualTo(2);
  }

  @Test
  void s15_aFileThatWasCutIsNotServed() throws Exception {
    try (FileSystem disk = disk(true)) {
      Path folder = Files.createDirectories(disk.getPath("/disk/out"));
      try (Store store = Store.toWrite(torrent(), folder, false)) {
        store.write(2, 0, ByteBuffer.wrap(content, 2 * PIECE, PIECE));
        region(store, 2, 0, BLOCK).release();
        Files.write(folder.resolve("t/d"), new byte[100]);
        store.look();
        assertThatThrownBy(() -> region(store, 2, 0, BLOCK)).isInstanceOf(EOFException.class);
      }
    }
  }

  /** Between two looks, that is; see {@link Store#look}. */
  @Test
  void s15_aFileThatIsCutAfterTheLookIsNoticedWhenItIsRead() throws Exception {
    try (FileSystem disk = disk(true)) {
      Path folder = Files.createDirectories(disk.getPath("/disk/out"));
      try (Store store = Store.toWrite(torrent(), folder, false)) {
        store.write(2, 0, ByteBuffer.wrap(content, 2 * PIECE, PIECE));
        store.look();
        region(store, 2, 0, BLOCK).release();
        Files.write(folder.resolve("t/d"), new byte[100]);
        List<IOException> failures = new ArrayList<>();
        BlockRegion promised = store.region(2, 0, BLOCK, failures::add);
        assertThatThrownBy(() -> promised.read(0, ByteBuffer.allocate(BLOCK)))
            .isInstanceOf(EOFException.class);
        promised.release();
        assertThat(failures).hasSize(1);
      }
    }
  }

  @Test
  void aFileThatHasGrownSinceTheLookIsServed() throws Exception {
    try (FileSystem disk = disk(true)) {
      Path folder = Files.createDirectories(disk.getPath("/disk/out"));
      try (Store store = Store.toWrite(torrent(), folder, false)) {
        store.write(2, 0, ByteBuffer.wrap(content, 2 * PIECE, BLOCK));
        store.look();
        region(store, 2, 0, BLOCK).release();
        store.write(2, BLOCK, ByteBuffer.wrap(content, 2 * PIECE + BLOCK, BLOCK));
        region(store, 2, BLOCK, BLOCK).release();
      }
    }
  }

  @Test
  void z01_aFullDiskIsTold() throws Exception {
    try (FileSystem disk = disk(true)) {
      Path folder = Files.createDirectories(disk.getPath("/disk/out"));
      Files.write(folder.resolve("other"), new byte[(2 << 20) - 64 * 1024]);
      try (Store store = Store.toWrite(torrent(), folder, false)) {
        assertThatThrownBy(
                () -> {
                  for (int piece = 0; piece < 3; piece++) {
                    store.write(piece, 0, ByteBuffer.wrap(content, piece * PIECE, PIECE));
                  }
                })
            .isInstanceOfSatisfying(
                StorageException.class,
                e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.FULL));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0123", "3210", "1302", "00123", "301203"})
  void blocksMayComeInAnyOrder(String order) throws Exception {
    try (FileSystem disk = disk(true)) {
      Path folder = Files.createDirectories(disk.getPath("/disk/out"));
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try (Store store = Store.toWrite(torrent(), folder, false)) {
        Verdicts verdict = new Verdicts();
        BlockPool pool = new BlockPool(1 << 20, pressed -> {});
        Intake intake = new Intake(store, threads, pool, verdict);
        order
            .chars()
            .forEach(
                digit -> {
                  int begin = (digit - '0') * BLOCK;
                  intake.write(1, begin, ByteBuffer.wrap(content, PIECE + begin, BLOCK));
                });
        intake.verify(1, true);
        assertThat(verdict.next()).isEqualTo("1 true digests");
        // The wrong bytes first, then the right ones: what counts is what is on disk.
        intake.write(2, 0, ByteBuffer.wrap(content, 0, BLOCK));
        order
            .chars()
            .forEach(
                digit -> {
                  int begin = (digit - '0') * BLOCK;
                  intake.write(2, begin, ByteBuffer.wrap(content, 2 * PIECE + begin, BLOCK));
                });
        intake.verify(2, false);
        assertThat(verdict.next()).isEqualTo("2 true");
        intake.write(0, 0, ByteBuffer.wrap(content, 0, BLOCK));
        intake.verify(0, false);
        assertThat(verdict.next()).isEqualTo("0 false digests");
        intake.close().get(10, TimeUnit.SECONDS);
        assertThat(pool.used()).isZero();
      } finally {
        threads.shutdown();
      }
    }
  }

  @Test
  void aWrongPieceIsTold() throws Exception {
    try (FileSystem disk = disk(true)) {
      Path folder = Files.createDirectories(disk.getPath("/disk/out"));
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try (Store store = Store.toWrite(torrent(), folder, false)) {
        Verdicts verdict = new Verdicts();
        BlockPool pool = new BlockPool(1 << 20, pressed -> {});
        Intake intake = new Intake(store, threads, pool, verdict);
        for (int begin = 0; begin < PIECE; begin += BLOCK) {
          intake.write(1, begin, ByteBuffer.wrap(content, begin, BLOCK));
        }
        intake.verify(1, false);
        assertThat(verdict.next()).isEqualTo("1 false digests");
        intake.write(1, 0, ByteBuffer.wrap(content, 0, BLOCK));
        intake.discard(1);
        intake.close().get(10, TimeUnit.SECONDS);
        assertThat(pool.used()).isZero();
      } finally {
        threads.shutdown();
      }
    }
  }

  private static void assertConflict(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String path) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.CONFLICT))
        .hasMessageContaining(path + " is in the way");
  }

  private static BlockRegion region(Store store, int piece, int begin, int length)
      throws IOException {
    return store.region(piece, begin, length, failure -> {});
  }
}
