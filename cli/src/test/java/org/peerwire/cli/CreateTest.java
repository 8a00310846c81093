package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoNotice;

/** {@code create}: what it makes, and how it fails. */
class CreateTest {
  @TempDir Path folder;

  private Path album() throws IOException {
    Path album = Files.createDirectories(folder.resolve("album"));
    TestTorrents.content(album, "b.bin", 100_000);
    TestTorrents.content(album.resolve("a"), "deep.bin", 40_000);
    TestTorrents.content(album, "empty", 0);
    TestTorrents.content(album, "ä", 16_385);
    return album;
  }

  @ParameterizedTest
  @ValueSource(strings = {"--v1", "--v2", "--hybrid"})
  void whatItMakesIsWhatIsThere(String version) throws Exception {
    Path file = folder.resolve("made.torrent");
    Ran ran =
        Ran.tool(
                "create",
                album().toString(),
                version,
                "--output",
                file.toString(),
                "--piece-length",
                "32K",
                "--tracker",
                "http://tracker.example/announce",
                "--tracker",
                "udp://tracker.example:6969",
                "--private",
                "--json")
            .expect(ExitCode.DONE);
    JsonObject made = ran.last();
    Metainfo torrent = Metainfo.parse(Files.readAllBytes(file));
    assertThat(torrent.notices()).isEmpty();
    assertThat(made.get("event").getAsString()).isEqualTo("created");
    assertThat("--" + made.get("version").getAsString()).isEqualTo(version);
    assertThat(made.get("infoHash").getAsString()).isEqualTo(torrent.infoHash().toString());
    assertThat(made.has("infoHashV2")).isEqualTo(torrent.version().hasV2());
    assertThat(torrent.pieceLength()).isEqualTo(32 << 10);
    assertThat(torrent.totalLength()).isEqualTo(156_385);
    assertThat(torrent.isPrivate()).isTrue();
    assertThat(torrent.announceTiers()).hasSize(2);
    assertThat(torrent.files().stream().filter(each -> !each.isPad()).map(each -> each.pathText()))
        .containsExactly("album/a/deep.bin", "album/b.bin", "album/empty", "album/ä");

    Ran.tool("verify", file.toString(), folder.toString()).expect(ExitCode.DONE);
    byte[] changed = Files.readAllBytes(folder.resolve("album/b.bin"));
    changed[70_000]++;
    Files.write(folder.resolve("album/b.bin"), changed);
    JsonObject wrong =
        Ran.tool("verify", file.toString(), folder.toString(), "--json")
            .expect(ExitCode.NOT_DONE)
            .events()
            .get(0);
    assertThat(wrong.get("pieces").getAsInt() - wrong.get("verifiedPieces").getAsInt())
        .isEqualTo(1);
    assertThat(wrong.getAsJsonArray("problems").get(0).toString()).contains("corrupt");
  }

  @Test
  void aFileIsATorrentOfItsName() throws Exception {
    TestTorrents.content(folder, "data.bin", 50_000);
    Path file = folder.resolve("x.torrent");
    for (String version : List.of("--v1", "--v2", "--hybrid")) {
      Ran ran =
          Ran.tool("create", folder.resolve("data.bin").toString(), version, "-o", file.toString())
              .expect(ExitCode.DONE);
      Metainfo torrent = Metainfo.parse(Files.readAllBytes(file));
      assertThat(ran.lines()).contains("saved: " + file);
      assertThat(torrent.files()).hasSize(1);
      assertThat(torrent.files().get(0).path()).containsExactly("data.bin");
      assertThat(torrent.notices()).doesNotContain(MetainfoNotice.PIECE_LAYERS_MISSING);
      Ran.tool("verify", file.toString(), folder.toString()).expect(ExitCode.DONE);
    }
  }

  @Test
  void u09_linksAreSkippedAndTold() throws Exception {
    Path album = album();
    Files.createSymbolicLink(album.resolve("link"), album.resolve("b.bin"));
    Files.createSymbolicLink(album.resolve("loop"), album);
    Path file = folder.resolve("made.torrent");
    Ran ran = Ran.tool("create", album.toString(), "-o", file.toString()).expect(ExitCode.DONE);
    assertThat(ran.err())
        .contains("warning: left out, as it is a link: " + album.resolve("link") + "\n")
        .contains("warning: left out, as it is a link: " + album.resolve("loop") + "\n");
    assertThat(Metainfo.parse(Files.readAllBytes(file)).files()).hasSize(4);
    assertThat(
            Ran.tool("create", album.toString(), "-o", file.toString(), "--json").events().stream()
                .filter(event -> event.get("event").getAsString().equals("warning")))
        .hasSize(2);
  }

  @Test
  void whatIsThereIsNotWrittenOver() throws Exception {
    Path album = album();
    Path file = folder.resolve("a.torrent");
    Files.writeString(file, "mine");
    // Named, it is; the folder it would go to by default is where the tests run.
    Ran.tool("create", album.toString(), "-o", file.toString(), "-q").expect(ExitCode.DONE);
    assertThat(Files.size(file)).isGreaterThan(100);
    Ran.tool("create", album.toString(), "-o", folder.toString())
        .expectComplaint(ExitCode.LOCAL, "--output names the file to write");
  }

  @Test
  void mistakesAreTold() throws Exception {
    String album = album().toString();
    String to = folder.resolve("x.torrent").toString();
    Ran.tool("create", folder.resolve("none").toString(), "-o", to)
        .expectComplaint(ExitCode.LOCAL, "there is no such file or folder");
    Ran.tool("create", album, "-o", to, "--piece-length", "1000")
        .expectComplaint(ExitCode.USAGE, "a power of two from 16K to 512M");
    Ran.tool("create", album, "-o", to, "--piece-length", "x")
        .expectComplaint(ExitCode.USAGE, "--piece-length");
    Ran.tool("create", album, "-o", to, "--tracker", "file:///etc/passwd")
        .expectComplaint(ExitCode.USAGE, "http://, https:// or udp://");
    Ran.tool("create", album, "-o", to, "--v1", "--v2").expectComplaint(ExitCode.USAGE);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Ran.tool("create", empty.toString(), "-o", to)
        .expectComplaint(ExitCode.LOCAL, "no bytes to be shared");
    Path one = Files.createDirectory(folder.resolve("one"));
    TestTorrents.content(one, "only", 10);
    Ran.tool("create", one.toString(), "--v2", "-o", to)
        .expectComplaint(ExitCode.LOCAL, "make a hybrid torrent");
    Ran.tool("create", one.toString(), "--hybrid", "-o", to).expect(ExitCode.DONE);
    Path strange = Files.createDirectory(folder.resolve("strange"));
    TestTorrents.content(strange, "a\u202eb", 10);
    Ran.tool("create", strange.toString(), "-o", to)
        .expectComplaint(ExitCode.LOCAL, "not a name for a torrent");
    assertThat(Files.exists(folder.resolve("x.torrent"))).isTrue();
  }

  @Test
  void anInterruptionEndsIt() throws Exception {
    Interruption interruption = new Interruption();
    interruption.request();
    Path file = folder.resolve("x.torrent");
    Ran.tool(interruption, "create", album().toString(), "-o", file.toString())
        .expect(ExitCode.INTERRUPTED);
    assertThat(Files.exists(file)).isFalse();
  }
}
