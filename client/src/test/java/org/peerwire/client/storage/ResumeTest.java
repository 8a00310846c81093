package org.peerwire.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.PieceSet;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoBuilder;

/** What a run notes for the next one, and what that makes of it. */
class ResumeTest {
  private static final int PIECE = 16 << 10;
  private static final int PIECES = 12;

  /** In memory, where forcing costs nothing. */
  private final FileSystem memory =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setSupportedFeatures(
                  Feature.SYMBOLIC_LINKS, Feature.SECURE_DIRECTORY_STREAM, Feature.FILE_CHANNEL)
              .build());

  private final Path temp = memory.getPath("/disk");
  private final byte[] content = new byte[PIECES * PIECE];

  @BeforeEach
  void fill() throws IOException {
    Files.createDirectory(temp);
    new Random(7).nextBytes(content);
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  private Metainfo torrent(String name) throws Exception {
    byte[] hashes = new byte[PIECES * Sha1.LENGTH];
    for (int i = 0; i < PIECES; i++) {
      byte[] piece = Arrays.copyOfRange(content, i * PIECE, (i + 1) * PIECE);
      System.arraycopy(Sha1.create().digest(piece), 0, hashes, i * Sha1.LENGTH, Sha1.LENGTH);
    }
    return Metainfo.parse(
        new MetainfoBuilder(name, PIECE)
            .file(List.of("a"), 5 * PIECE)
            .file(List.of("b"), 7 * PIECE)
            .build(hashes));
  }

  private static PieceSet pieces(int... members) {
    PieceSet set = new PieceSet(PIECES);
    for (int piece : members) {
      set.add(piece);
    }
    return set;
  }

  private void write(Store store, int... pieces) throws IOException {
    for (int piece : pieces) {
      store.write(piece, 0, ByteBuffer.wrap(content, piece * PIECE, PIECE));
    }
  }

  /** A run that ends with these pieces written, and these claimed. */
  private void run(Path folder, PieceSet claimed, int... written) throws Exception {
    try (Store store = Store.toWrite(torrent("t"), folder, false)) {
      write(store, written);
      store.claim(claimed);
    }
  }

  private Path notes() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.filter(file -> file.toString().endsWith(".resume")).findAny().orElseThrow();
    }
  }

  /** What a run makes of what it finds. */
  private record Found(List<Integer> order, PieceSet verified, @Nullable String complaint) {}

  private Found check(Path folder, boolean trust) throws Exception {
    List<Integer> order = new ArrayList<>();
    try (Store store = Store.toWrite(torrent("t"), folder, false)) {
      PieceCheck check = new PieceCheck(store, (piece, right) -> order.add(piece));
      check.look();
      String complaint = null;
      try {
        check.heedClaims(trust);
      } catch (StorageException e) {
        complaint = e.getMessage();
      }
      check.work();
      return new Found(order, check.verified(), complaint);
    }
  }

  @Test
  void whatIsClaimedIsCheckedLast() throws Exception {
    run(temp, pieces(0, 1, 2, 8), 0, 1, 2, 8, 11);
    Found found = check(temp, false);
    assertThat(found.complaint).isNull();
    assertThat(found.order).containsExactly(3, 4, 5, 6, 7, 9, 10, 11, 0, 1, 2, 8);
    assertThat(indices(found.verified)).containsExactly(0, 1, 2, 8, 11);
  }

  @Test
  void r02_whatTheFilesLackIsNotClaimed() throws Exception {
    run(temp, pieces(0, 4, 5, 11), 0, 4, 5, 11);
    try (FileChannel a = FileChannel.open(temp.resolve("t/a"), StandardOpenOption.WRITE)) {
      a.truncate(5 * PIECE - 1);
    }
    Files.delete(temp.resolve("t/b"));
    for (boolean trust : new boolean[] {false, true}) {
      assertThat(indices(check(temp, trust).verified)).containsExactly(0);
    }
  }

  @Test
  void r02_filesThatWereChangedAreNotTrusted() throws Exception {
    run(temp, pieces(0, 5), 0, 5);
    Files.write(temp.resolve("t/a"), new byte[5 * PIECE]);
    Files.setLastModifiedTime(temp.resolve("t/a"), FileTime.fromMillis(1));
    Found found = check(temp, true);
    assertThat(indices(found.verified)).containsExactly(5);
    assertThat(found.order).doesNotContain(5).endsWith(0);
  }

  @Test
  void r03_forgedClaimsAreNotBelieved() throws Exception {
    PieceSet all = new PieceSet(PIECES);
    all.addAll();
    Files.createDirectory(temp.resolve("t"));
    Files.write(temp.resolve("t/a"), new byte[5 * PIECE]);
    Files.write(temp.resolve("t/b"), new byte[7 * PIECE]);
    run(temp, all);
    assertThat(check(temp, false).verified.isEmpty()).isTrue();
  }

  @Test
  void r03_trustIsExplicit() throws Exception {
    run(temp, pieces(1, 2, 6), 1, 2, 6, 7);
    Found found = check(temp, true);
    assertThat(found.order).doesNotContain(1, 2, 6);
    assertThat(indices(found.verified)).containsExactly(1, 2, 6, 7);
  }

  @Test
  void r01_z08_aFileThatIsTornOrFlippedIsIgnored() throws Exception {
    run(temp, pieces(0, 1, 2, 3), 0, 1, 2, 3, 4);
    byte[] whole = Files.readAllBytes(notes());
    int tried = 0;
    try (Store store = Store.toWrite(torrent("t"), temp, false)) {
      for (int length = 0; length < whole.length; length++) {
        Files.write(notes(), Arrays.copyOf(whole, length));
        assertThatThrownBy(store::claims).isInstanceOf(StorageException.class);
        tried++;
      }
      for (int bit = 0; bit < 8 * whole.length; bit++) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(notes(), flipped);
        assertThatThrownBy(store::claims).isInstanceOf(StorageException.class);
        tried++;
      }
    }
    assertThat(tried).isEqualTo(9 * whole.length);
    assertInvalid();
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    Files.write(notes(), longer);
    assertInvalid();
    try (FileChannel file = FileChannel.open(notes(), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), 1 << 20);
    }
    assertInvalid();
  }

  /** All is checked, and all that is there is found. */
  private void assertInvalid() throws Exception {
    Found found = check(temp, true);
    assertThat(found.complaint).contains("can't be used, and all is checked");
    assertThat(found.order).hasSize(PIECES);
    assertThat(indices(found.verified)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void r04_r07_r09_notesOfOthersAreIgnored() throws Exception {
    run(temp, pieces(0, 1, 2, 3), 0, 1, 2, 3, 4);
    byte[] hash = torrent("t").infoHash().toBytes();
    byte[] other = new byte[20];
    byte[] times = new byte[16];
    byte[] bits = {(byte) 0xf0, 0};
    assertRefused(notes(other, bits, times, 1), "of another torrent");
    assertRefused(notes(hash, bits, times, 2), "of another version");
    assertRefused(notes(hash, bits, new byte[15], 1), "number of files");
    assertRefused(notes(hash, new byte[] {0, 1}, times, 1), "does not have");
    assertRefused(notes(hash, new byte[3], times, 1), "number of pieces");
    assertRefused(new byte[64], "can't be used");
    // A struct as it lay in memory, of our own first bytes.
    assertRefused(ByteBuffer.allocate(64).putLong(1).put(hash).array(), "can't be used");
  }

  private void assertRefused(byte[] notes, String why) throws Exception {
    Files.write(notes(), notes);
    assertThat(check(temp, true).complaint).contains(why);
    assertInvalid();
  }

  private static byte[] notes(byte[] hash, byte[] bits, byte[] times, int version) {
    byte[] inner =
        new BencodeWriter()
            .beginDict()
            .put("info-hash", hash)
            .put("pieces", bits)
            .put("times", times)
            .put("version", version)
            // R05 and R06: such things are not looked for.
            .put("save_path", "/etc")
            .put("peers", new byte[600])
            .end()
            .toByteArray();
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(inner);
    return new BencodeWriter()
        .beginDict()
        .put("crc32c", crc.getValue())
        .put("resume", inner)
        .end()
        .toByteArray();
  }

  @Test
  void r05_r06_pathsAndPeersAreNotLookedFor() throws Exception {
    run(temp, pieces(0), 0, 1);
    byte[] hash = torrent("t").infoHash().toBytes();
    Files.write(notes(), notes(hash, new byte[] {(byte) 0x80, 0}, new byte[16], 1));
    Found found = check(temp, false);
    assertThat(found.complaint).isNull();
    assertThat(indices(found.verified)).containsExactly(0, 1);
    run(temp, pieces(0, 1));
    assertThat(new String(Files.readAllBytes(notes()), StandardCharsets.ISO_8859_1))
        .doesNotContain("peers", "save_path", temp.toString());
  }

  @Test
  void r08_z05_whatCannotBeForcedIsNotClaimed() throws Exception {
    FaultyDisk disk = FaultyDisk.over(temp);
    try (Store store = Store.toWrite(torrent("t"), disk.path(temp), false)) {
      write(store, 0);
      store.claim(pieces(0));
      byte[] before = Files.readAllBytes(notes());
      write(store, 1);
      disk.failForce(true);
      assertThatThrownBy(() -> store.claim(pieces(0, 1))).isInstanceOf(StorageException.class);
      disk.failForce(false);
      assertThatThrownBy(() -> store.claim(pieces(0, 1))).isInstanceOf(StorageException.class);
      assertThat(Files.readAllBytes(notes())).isEqualTo(before);
    }
  }

  @Test
  void r08_z07_afterAPowerCutNothingIsClaimedThatIsNotThere() throws Exception {
    int claimedAndThere = 0;
    for (long seed = 0; seed < 60; seed++) {
      Path folder = Files.createDirectory(temp.resolve("cut" + seed));
      FaultyDisk disk = FaultyDisk.over(temp);
      Random random = new Random(seed);
      PieceSet written = pieces();
      try (Store store = Store.toWrite(torrent("t"), disk.path(folder), false)) {
        for (int i = 0; i < 1 + random.nextInt(30); i++) {
          int piece = random.nextInt(PIECES);
          if (written.add(piece)) {
            write(store, piece);
          }
          if (random.nextInt(4) == 0) {
            store.claim(written);
          }
        }
      }
      disk.crash(seed);
      try (Store store = Store.toWrite(torrent("t"), folder, false)) {
        PieceCheck check = new PieceCheck(store, (piece, right) -> {});
        check.look();
        ResumeFile.Claims claims = store.claims();
        check.work();
        if (claims != null) {
          for (int piece : indices(claims.pieces())) {
            assertThat(check.verified().contains(piece)).as("seed %s", seed).isTrue();
            claimedAndThere++;
          }
        }
      }
    }
    assertThat(claimedAndThere).isGreaterThan(60);
  }

  @Test
  void z41_betweenWritingAndRenamingTheOldOneCounts() throws Exception {
    run(temp, pieces(0, 1), 0, 1);
    byte[] old = Files.readAllBytes(notes());
    Files.write(notes().resolveSibling(notes().getFileName() + ".new"), new byte[] {'d', '6'});
    Found found = check(temp, false);
    assertThat(found.complaint).isNull();
    assertThat(found.order).endsWith(0, 1);
    // The next one replaces both.
    run(temp, pieces(0, 1, 2), 2);
    assertThat(Files.readAllBytes(notes())).isNotEqualTo(old);
    assertThat(check(temp, false).order).endsWith(0, 1, 2);
  }

  @Test
  void s16_theNotesAreNotWrittenThroughALink() throws Exception {
    Path outside = Files.writeString(temp.resolve("outside"), "precious");
    Path folder = Files.createDirectory(temp.resolve("out"));
    run(folder, pieces(0), 0);
    Path notes;
    try (Stream<Path> files = Files.list(folder)) {
      notes = files.filter(file -> file.toString().endsWith(".resume")).findAny().orElseThrow();
    }
    Files.createSymbolicLink(notes.resolveSibling(notes.getFileName() + ".new"), outside);
    assertThatThrownBy(() -> run(folder, pieces(0, 1), 1)).hasMessageContaining("is in the way");
    Files.delete(notes);
    Files.createSymbolicLink(notes, outside);
    assertThat(check(folder, false).complaint).contains("is in the way");
    assertThat(outside).hasContent("precious");
  }

  @Test
  void nothingIsLeftWhenItIsFinished() throws Exception {
    run(temp, pieces(0), 0);
    try (Store store = Store.toWrite(torrent("t"), temp, false)) {
      write(store, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      store.claim(pieces(0, 1));
      store.finish(file -> true);
    }
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("t");
    }
  }

  @Test
  void nothingIsLeftWhereNothingWasWritten() throws Exception {
    try (Store store = Store.toWrite(torrent("t"), temp, false)) {
      store.claim(pieces());
    }
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theMarkOfAnEarlierRunStays() throws Exception {
    run(temp, pieces(0), 0);
    try (Store store = Store.toWrite(torrent("t"), temp, false)) {
      assertThat(store.isResumed()).isTrue();
    }
    try (Store store = Store.toWrite(torrent("t"), temp, false)) {
      assertThat(store.isResumed()).isTrue();
    }
  }

  private static List<Integer> indices(org.peerwire.Pieces pieces) {
    List<Integer> indices = new ArrayList<>();
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      indices.add(piece);
    }
    return indices;
  }
}
