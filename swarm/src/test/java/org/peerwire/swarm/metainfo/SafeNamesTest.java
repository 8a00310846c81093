package org.peerwire.swarm.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.SafeText;

/** Names and paths: T01 to T08. */
class SafeNamesTest {
  private static MetainfoFault fault(List<List<String>> paths) {
    MetainfoException e =
        catchThrowableOfType(MetainfoException.class, () -> Torrents.withPaths(paths));
    return e.fault();
  }

  private static List<String> paths(List<List<String>> paths) throws MetainfoException {
    return Torrents.withPaths(paths).files().stream()
        .map(file -> file.pathText().substring("root/".length()))
        .toList();
  }

  @Test
  void ordinaryNamesStayAsTheyAre() throws Exception {
    for (String name :
        List.of(
            "a",
            ".hidden",
            "a..b",
            "Füße",
            "日本語.txt",
            "a b",
            "x.tar.gz",
            "-rf",
            "console",
            "COM",
            "com10",
            "nul_")) {
      assertThat(Torrents.safe(name)).isEqualTo(name);
    }
  }

  @Test
  void t01_dotsBecomeAnUnderscore() throws Exception {
    for (String name :
        List.of(
            "..",
            ".",
            "...",
            " ..",
            ".. ",
            "..\\",
            "../",
            "/..",
            "%2e%2e",
            "%2E.",
            "\uff0e\uff0e",
            "\uff0e.",
            "\u2025",
            "\u2024\u2024",
            ".\u200b.",
            "",
            " ",
            "\0",
            "/")) {
      assertThat(Torrents.safe(name)).as(name).isEqualTo("_");
      // The torrent's own name goes the same way.
      assertThat(Torrents.parse(Torrents.single(name, 1)).name()).isEqualTo("_");
      assertThat(Torrents.parse(Torrents.single(name, 1)).files().get(0).path())
          .containsExactly("_");
    }
    assertThat(paths(List.of(List.of("..", "..", "etc", "passwd"))))
        .containsExactly("_/_/etc/passwd");
  }

  @Test
  void t01_dotsAreUnsafeOnEveryPlatform() throws Exception {
    MetainfoOptions posix = MetainfoOptions.DEFAULT.withPortableNames(false);
    for (String name : List.of("..", ".", " ..", ".. ", "..\\", "\uff0e\uff0e", "%2e%2e", ".\0.")) {
      Metainfo torrent = Torrents.withPaths(List.of(List.of(name)), posix);
      assertThat(torrent.files().get(0).path()).containsExactly("root", "_");
    }
  }

  @Test
  void t02_separatorsAreRemoved() throws Exception {
    assertThat(Torrents.safe("/etc/passwd")).isEqualTo("etcpasswd");
    assertThat(Torrents.safe("C:\\x")).isEqualTo("C_x");
    assertThat(Torrents.safe("\\\\host\\share")).isEqualTo("hostshare");
    assertThat(Torrents.safe("a/b")).isEqualTo("ab");
    assertThat(Torrents.safe("a\uff0fb\uff3cc\u2215d")).isEqualTo("abcd");
    assertThat(Torrents.safe("../../x")).isEqualTo("....x");
    assertThat(Torrents.parse(Torrents.single("/etc/passwd", 1)).name()).isEqualTo("etcpasswd");
  }

  @Test
  void t03_controlsAndHiddenCharactersAreRemoved() throws Exception {
    assertThat(Torrents.safe("a\0b\u001b[2J\r\n\u007f\u009bc")).isEqualTo("ab[2Jc");
    assertThat(Torrents.safe("gpj.\u202eexe")).isEqualTo("gpj.exe");
    assertThat(Torrents.safe("a\u200b\u200d\ufeff\u2066b")).isEqualTo("ab");
    for (int codePoint = 0; codePoint < 0x11000; codePoint++) {
      String name = SafeNames.safe("x" + Character.toString(codePoint), true, 240);
      if (!SafeNames.isSafe(name) || name.codePoints().anyMatch(SafeText::isHidden)) {
        throw new AssertionError("U+" + Integer.toHexString(codePoint));
      }
    }
  }

  @Test
  void t04_namesFitEveryPlatform() throws Exception {
    assertThat(Torrents.safe("CON")).isEqualTo("_CON");
    for (String device :
        List.of("con", "PRN", "aux", "Nul", "CLOCK$", "COM0", "com9", "LPT1", "LPT²", "CONIN$")) {
      assertThat(Torrents.safe(device)).isEqualTo("_" + device);
      assertThat(Torrents.safe(device + ".txt")).isEqualTo("_" + device + ".txt");
      assertThat(Torrents.safe(device + " .tar.gz")).isEqualTo("_" + device + " .tar.gz");
      assertThat(Torrents.safe(device + ".")).isEqualTo("_" + device);
    }
    assertThat(Torrents.safe("a?<>\"*:|b")).isEqualTo("a_______b");
    assertThat(Torrents.safe("a:b")).isEqualTo("a_b");
    assertThat(Torrents.safe("name. . ")).isEqualTo("name");
  }

  @Test
  void t04_namesOfThePlatformStayWhenAskedFor() throws Exception {
    MetainfoOptions posix = MetainfoOptions.DEFAULT.withPortableNames(false);
    for (String name : List.of("CON", "a:b", "what?", "name. ")) {
      Metainfo torrent = Torrents.withPaths(List.of(List.of(name)), posix);
      assertThat(torrent.files().get(0).path()).containsExactly("root", name);
      assertThat(torrent.notices()).isEmpty();
    }
  }

  @Test
  void t05_longNamesAreCutAndStayApart() throws Exception {
    String stem = "n".repeat(300);
    List<String> cut =
        paths(
            List.of(
                List.of(stem + "1.txt"),
                List.of(stem + "2.txt"),
                List.of("ü".repeat(200) + ".mkv")));
    assertThat(cut).doesNotHaveDuplicates();
    for (String name : cut) {
      assertThat(name.getBytes(StandardCharsets.UTF_8))
          .hasSizeLessThanOrEqualTo(SafeNames.MAX_BYTES);
    }
    assertThat(cut.get(0)).startsWith("nnn").endsWith(".txt").hasSize(240);
    assertThat(cut.get(2)).startsWith("üüü").endsWith(".mkv");
    // The same alone as among others, so that a resumed download finds it.
    assertThat(paths(List.of(List.of(stem + "2.txt")))).containsExactly(cut.get(1));
  }

  @Test
  void t05_longNamesAreCutBetweenCharacters() throws Exception {
    for (int lead = 0; lead < 4; lead++) {
      String name = Torrents.safe("x".repeat(lead) + "\uD83D\uDE00".repeat(80));
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      assertThat(bytes).hasSizeBetween(236, 240);
      assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(name);
    }
    assertThat(Torrents.safe("." + "e".repeat(400))).hasSize(240);
  }

  @Test
  void t05_longPathsAreCut() throws Exception {
    List<String> path = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      path.add("folder " + i + " " + "x".repeat(40));
    }
    String cut = paths(List.of(path)).get(0);
    assertThat(cut.length()).isBetween(2_000, 3_400);
    assertThat(cut.split("/")).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void t05_deepPathsAreRefused() throws Exception {
    assertThat(paths(List.of(Collections.nCopies(100, "a"))).get(0)).hasSize(199);
    assertThat(fault(List.of(Collections.nCopies(101, "a")))).isEqualTo(MetainfoFault.PATH_DEPTH);
    assertThat(fault(List.of(Collections.nCopies(10_000, "a"))))
        .isEqualTo(MetainfoFault.PATH_DEPTH);
  }

  @Test
  void t06_collidingNamesAreToldApart() throws Exception {
    assertThat(
            paths(List.of(List.of("a.txt"), List.of("a.txt"), List.of("A.TXT"), List.of("a.txt"))))
        .containsExactly("a.txt", "a (2).txt", "A (3).TXT", "a (4).txt");
    // Equal after they were made safe.
    assertThat(paths(List.of(List.of("a?b"), List.of("a*b"), List.of("a_b"))))
        .containsExactly("a_b", "a_b (2)", "a_b (3)");
    // Composed and decomposed, and letters that meet in one case only.
    assertThat(paths(List.of(List.of("é"), List.of("e\u0301"), List.of("É"))))
        .containsExactly("é", "e\u0301 (2)", "É (3)");
    assertThat(paths(List.of(List.of("straße"), List.of("STRASSE"))))
        .containsExactly("straße", "STRASSE (2)");
    assertThat(paths(List.of(List.of("D", "x"), List.of("d", "X"), List.of("d", "y"))))
        .containsExactly("D/x", "d/X (2)", "d/y");
    assertThat(Torrents.withPaths(List.of(List.of("a"), List.of("A"))).notices())
        .containsExactly(MetainfoNotice.RENAMED);
  }

  @Test
  void t06_newNamesCollideWithNothing() throws Exception {
    assertThat(
            paths(
                List.of(
                    List.of("a"),
                    List.of("a"),
                    List.of("a (2)"),
                    List.of("a (3)", "b"),
                    List.of("a"))))
        .containsExactly("a", "a (4)", "a (2)", "a (3)/b", "a (5)");
    // Two groups that count into the same names.
    List<String> renamed =
        paths(
            List.of(List.of("a"), List.of("a"), List.of("a (2)"), List.of("a (2)"), List.of("A")));
    assertThat(renamed.stream().map(String::toLowerCase)).doesNotHaveDuplicates();
  }

  @Test
  void t06_atMost500AreRenamed() throws Exception {
    assertThat(paths(Collections.nCopies(501, List.of("same")))).doesNotHaveDuplicates();
    assertThat(fault(Collections.nCopies(502, List.of("same"))))
        .isEqualTo(MetainfoFault.DUPLICATE_NAMES);
  }

  @Test
  void t07_aFileAndAFolderOfOneNameAreRefused() {
    assertThat(fault(List.of(List.of("a"), List.of("a", "b"))))
        .isEqualTo(MetainfoFault.PATH_CONFLICT);
    assertThat(fault(List.of(List.of("a", "b", "c"), List.of("x"), List.of("a", "b"))))
        .isEqualTo(MetainfoFault.PATH_CONFLICT);
    // Where case does not count, these are one name as well.
    assertThat(fault(List.of(List.of("a"), List.of("A"), List.of("A", "b"))))
        .isEqualTo(MetainfoFault.PATH_CONFLICT);
    assertThat(fault(List.of(List.of("a/"), List.of("a", "b"))))
        .isEqualTo(MetainfoFault.PATH_CONFLICT);
  }

  @Test
  void t07_namesThatOnlyBeginAlikeAreNoConflict() throws Exception {
    assertThat(
            paths(List.of(List.of("a"), List.of("a.b"), List.of("a b", "c"), List.of("ab", "c"))))
        .containsExactly("a", "a.b", "a b/c", "ab/c");
  }

  @Test
  void t08_symlinksAreSeenAndNotWritten() throws Exception {
    String links =
        "d4:attr1:l6:lengthi0e4:pathl1:ae12:symlink pathl2:..2:..3:etcee"
            + "d4:attr1:l4:pathl1:be12:symlink pathl11:/etc/passwdee"
            + "d4:attr2:xl6:lengthi5e4:pathl1:ce12:symlink pathl1:cee"
            + "d4:attr1:l4:pathl1:dee"
            + "d4:attr1:x6:lengthi3e4:pathl1:a1:xee";
    Metainfo torrent =
        Torrents.parse(
            "5:filesl" + links + "e4:name4:root12:piece lengthi16384e" + Torrents.pieces(3, 16384));
    assertThat(torrent.files())
        .filteredOn(FileEntry::isSymlink)
        .hasSize(4)
        .noneMatch(FileEntry::isWritten)
        .allMatch(file -> file.length() == 0);
    assertThat(torrent.files().get(0).symlinkTarget()).containsExactly("..", "..", "etc");
    assertThat(torrent.notices()).containsExactly(MetainfoNotice.SYMLINKS_SKIPPED);
    // A file inside what another entry calls a link: the link is not there, so this is an ordinary
    // folder.
    FileEntry file = torrent.files().get(4);
    assertThat(file.pathText()).isEqualTo("root/a/x");
    assertThat(file.isWritten()).isTrue();
    assertThat(file.isExecutable()).isTrue();
    assertThat(file.offset()).isZero();
  }
}
