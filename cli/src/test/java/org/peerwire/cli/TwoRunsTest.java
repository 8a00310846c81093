package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two processes that would write to the same files. The other one is here, and this one waits. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class TwoRunsTest {
  @TempDir Path folder;
  private @Nullable Process other;

  @AfterEach
  void end() throws Exception {
    Process running = other;
    if (running != null) {
      running.destroyForcibly();
      assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void z37_s14_theSameFolder() throws Exception {
    String torrent = torrentOf("album", "album/disc1", "a");
    begin(torrent, "to");
    get(torrent, "to").expectComplaint(ExitCode.LOCAL, "another run downloads album into");
    end();
    // Nobody was in the way but the run itself.
    get(torrent, "to").expect(ExitCode.NOT_DONE);
  }

  @Test
  void s14_aFolderInsideOfTheOthers() throws Exception {
    String outer = torrentOf("album", "album/disc1", "a");
    String inner = torrentOf("disc1", "disc1", "b");
    begin(outer, "to");
    Files.createDirectory(folder.resolve("to/album"));
    get(inner, "to/album")
        .expectComplaint(ExitCode.LOCAL, "another run has files in", "disc1 would lie");
    assertThat(folder.resolve("to/album")).isEmptyDirectory();
    // Beside it there is room.
    get(inner, "to").expect(ExitCode.NOT_DONE);
  }

  @Test
  void s14_aFolderThatTheOthersIsInside() throws Exception {
    String outer = torrentOf("album", "album/disc1", "a");
    String inner = torrentOf("disc1", "disc1", "b");
    Files.createDirectories(folder.resolve("to/album"));
    begin(inner, "to/album");
    get(outer, "to").expectComplaint(ExitCode.LOCAL, "another run has files in", "album would lie");
    assertThat(folder.resolve("to")).isDirectoryContaining("glob:**/album");
    end();
    get(outer, "to").expect(ExitCode.NOT_DONE);
  }

  /** A torrent of a folder, in which or below which there is a single file. */
  private String torrentOf(String name, String parent, String file) throws Exception {
    Path have = folder.resolve("have-" + file);
    TestTorrents.content(have.resolve(parent), file, 5);
    String torrent = folder.resolve(file + ".torrent").toString();
    Ran.tool("create", have.resolve(name).toString(), "-o", torrent).expect(ExitCode.DONE);
    return torrent;
  }

  /** The other run: a download that waits for peers. */
  private void begin(String torrent, String into) throws Exception {
    Process running =
        new ProcessBuilder(
                ToolProcess.command(
                    "get",
                    torrent,
                    "--listen",
                    "127.0.0.1:0",
                    "-o",
                    folder + "/" + into,
                    "--timeout",
                    "30",
                    "--json"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    other = running;
    // The folder is its own when it has looked at it.
    assertThat(running.inputReader().lines().anyMatch(line -> line.contains("\"checked\"")))
        .isTrue();
  }

  /** This run; it finds nobody either. */
  private Ran get(String torrent, String into) {
    return Ran.tool(
        "get",
        torrent,
        "--listen",
        "127.0.0.1:0",
        "-o",
        folder + "/" + into,
        "--timeout",
        "1",
        "--quiet");
  }
}
