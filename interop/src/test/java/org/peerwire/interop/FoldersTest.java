package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A judge that says "the same" to everything would make every test here worthless. */
class FoldersTest {
  @TempDir Path root;
  private Path original;
  private Path copy;

  @BeforeEach
  void twoFoldersThatAreTheSame() throws IOException {
    original = Files.createDirectories(root.resolve("original"));
    copy = Files.createDirectories(root.resolve("copy"));
    for (Path folder : new Path[] {original, copy}) {
      Files.createDirectories(folder.resolve("sub"));
      Files.writeString(folder.resolve("sub/file"), "0123456789");
      Files.writeString(folder.resolve("empty"), "");
    }
  }

  @Test
  void sameIsSame() throws IOException {
    Folders.assertSame(original, copy);
  }

  @Test
  void oneByteDiffers() throws IOException {
    Files.writeString(copy.resolve("sub/file"), "012345678x");
    assertThatThrownBy(() -> Folders.assertSame(original, copy))
        .hasMessageContaining("sub/file: differs at byte 9");
  }

  @Test
  void oneByteMore() throws IOException {
    Files.writeString(copy.resolve("sub/file"), "0123456789x");
    assertThatThrownBy(() -> Folders.assertSame(original, copy))
        .hasMessageContaining("sub/file: 11 bytes, not 10");
  }

  @Test
  void oneFileMore() throws IOException {
    Files.writeString(copy.resolve("sub/file.part"), "");
    assertThatThrownBy(() -> Folders.assertSame(original, copy))
        .hasMessageContaining("not asked for: sub/file.part");
  }

  @Test
  void anEmptyFileMayBeMissingWhereThatIsTolerated() throws IOException {
    Files.delete(copy.resolve("empty"));
    assertThatThrownBy(() -> Folders.assertSame(original, copy))
        .hasMessageContaining("missing: empty");
    assertThatCode(() -> Folders.assertSame(original, copy, false)).doesNotThrowAnyException();
  }

  @Test
  void aFileWithBytesMayNot() throws IOException {
    Files.delete(copy.resolve("sub/file"));
    assertThatThrownBy(() -> Folders.assertSame(original, copy, false))
        .hasMessageContaining("missing: sub/file");
  }

  @Test
  void nothingToCompareWithIsNoSuccess() {
    assertThatThrownBy(() -> Folders.assertSame(root.resolve("nowhere"), copy))
        .hasMessageContaining("nothing to compare with");
  }
}
