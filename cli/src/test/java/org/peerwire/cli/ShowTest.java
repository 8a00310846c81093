package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code show} prints, and that a hostile torrent can't make it print anything else. */
class ShowTest {
  @TempDir Path folder;

  @Test
  void tellsWhatATorrentSays() throws IOException {
    byte[] content = TestTorrents.content(folder, "data.bin", 100_000);
    Path torrent = TestTorrents.write(folder.resolve("a.torrent"), "data.bin", content);
    Ran ran = Ran.tool("show", torrent.toString()).expect(ExitCode.DONE);
    assertThat(ran.out())
        .contains("name          data.bin\n")
        .contains("size          97.7 KiB (100,000 bytes)\n")
        .contains("pieces        7 of 16 KiB\n")
        .contains("      0            100,000  data.bin\n");
    JsonObject json = Ran.tool("show", torrent.toString(), "--json").expect(ExitCode.DONE).last();
    assertThat(json.get("length").getAsLong()).isEqualTo(100_000);
    assertThat(json.get("pieces").getAsInt()).isEqualTo(7);
    assertThat(json.getAsJsonArray("files").size()).isEqualTo(1);
    assertThat(ran.out()).contains("info-hash     " + json.get("infoHash").getAsString() + "\n");
  }

  @Test
  void tellsWhatAMagnetLinkSays() {
    String hash = "0123456789abcdef0123456789abcdef01234567";
    String link =
        "magnet:?xt=urn:btih:" + hash + "&dn=a%1b%5b2J+name&x.pe=192.0.2.7:6881&so=7,0-2,1";
    Ran ran = Ran.tool("show", link).expect(ExitCode.DONE);
    assertThat(ran.lines())
        .containsExactly(
            "magnet        a\\u{1b}[2J name",
            "info-hash     " + hash,
            "peer          192.0.2.7:6881",
            "only files    0-2,7");
    assertThat(Ran.tool("show", link, "--json").last().get("infoHash").getAsString())
        .isEqualTo(hash);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html><body>404</body></html>",
        "d",
        "de",
        "le",
        "i5e",
        "d4:infoi5ee",
        "d4:infodee",
        "4:spam",
        "d4:info99999999999:",
        "d4:infod6:lengthi-1e4:name1:a12:piece lengthi16384e6:pieces20:hhhhhhhhhhhhhhhhhhhhee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi0e6:pieces20:hhhhhhhhhhhhhhhhhhhhee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces19:hhhhhhhhhhhhhhhhhhhee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:hhhhhhhhhhhhhhhhhhhheetail",
        "d4:infod6:lengthi5e12:piece lengthi16384e6:pieces20:hhhhhhhhhhhhhhhhhhhhee",
        "d4:infod5:filesle4:name1:a12:piece lengthi16384e6:pieces20:hhhhhhhhhhhhhhhhhhhhee",
        "\u001f\u008b\b\0"
      })
  void aBrokenTorrentIsCode3AndOneLine(String latin1) throws IOException {
    Path torrent = TestTorrents.raw(folder.resolve("broken.torrent"), latin1);
    String path = torrent.toString();
    Ran.tool("show", path).expectComplaint(ExitCode.NOT_VALID, "broken.torrent: ");
    Ran.tool("get", path, "--listen", "0").expectComplaint(ExitCode.NOT_VALID);
    Ran.tool("seed", path, folder.toString()).expectComplaint(ExitCode.NOT_VALID);
    Ran.tool("verify", path, folder.toString()).expectComplaint(ExitCode.NOT_VALID);
    Ran.tool("probe", "127.0.0.1:1", path).expectComplaint(ExitCode.NOT_VALID);
  }

  @Test
  void aTorrentNestedWithoutEndIsCode3() throws IOException {
    Path torrent =
        TestTorrents.raw(folder.resolve("deep.torrent"), "d4:info" + "l".repeat(500_000));
    Ran.tool("show", torrent.toString()).expectComplaint(ExitCode.NOT_VALID);
  }

  @Test
  void aFileWithoutEndIsCode3() throws IOException {
    Path endless = Path.of("/dev/zero");
    if (Files.exists(endless)) {
      Ran.tool("show", endless.toString()).expectComplaint(ExitCode.NOT_VALID);
    }
  }

  @Test
  void t26_aHostileCommentIsEscapedAndCut() throws IOException {
    String comment = "\u001b[31m" + "c".repeat(1 << 20);
    Path torrent =
        TestTorrents.raw(
            folder.resolve("t26.torrent"),
            TestTorrents.oneFile("7:comment" + comment.length() + ":" + comment, "a"));
    Ran ran = Ran.tool("show", torrent.toString()).expect(ExitCode.DONE);
    assertThat(ran.out()).contains("comment       \\u{1b}[31mccc").hasSizeLessThan(1000);
  }

  /** {@link Ran} looks at every output; here it is given something to look at. */
  @Test
  void u01_namesOfAnyKindComeOutFitForATerminal() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int[] nasty = {0, 7, 8, 9, 10, 13, 27, 0x7f, 0x85, 0x9b, 0x9d, 0x200b, 0x202e, 0x2066, 0xfeff};
    for (int round = 0; round < 60; round++) {
      StringBuilder name = new StringBuilder("n");
      StringBuilder comment = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        int c = random.nextBoolean() ? nasty[random.nextInt(nasty.length)] : random.nextInt(0x3000);
        name.appendCodePoint(c);
        comment.append((char) random.nextInt(256));
      }
      Path torrent =
          TestTorrents.raw(
              folder.resolve("u01.torrent"),
              TestTorrents.oneFile(
                  "7:comment" + comment.length() + ":" + comment, name.toString()));
      for (String[] args :
          new String[][] {
            {"show", torrent.toString()},
            {"show", torrent.toString(), "--json"},
            {"verify", torrent.toString(), folder.toString()},
            {"show", "magnet:?xt=urn:btih:" + "a".repeat(40) + "&dn=" + name},
            {"show", name.toString()},
            {"probe", name.toString(), comment.toString()}
          }) {
        try {
          Ran.tool(args);
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed + ": " + String.join(" ", args), e);
        }
      }
    }
  }

  @Test
  void aBrokenPipeEndsQuietly() throws IOException {
    byte[] content = TestTorrents.content(folder, "data.bin", 100_000);
    Path torrent = TestTorrents.write(folder.resolve("a.torrent"), "data.bin", content);
    PrintStream closed =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            },
            false,
            StandardCharsets.UTF_8);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(new String[] {"show", torrent.toString()}, closed, Ran.stream(err));
    assertThat(code).isEqualTo(ExitCode.BROKEN_PIPE);
    assertThat(err.size()).isZero();
  }
}
