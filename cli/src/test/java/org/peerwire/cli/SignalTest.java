package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** U03: what signals do to the process, and the exit codes that they leave. */
@Timeout(60)
class SignalTest {
  @TempDir Path folder;

  @BeforeEach
  void interruptsArrive() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "whether SIGINT is ignored can't be told");
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .substring("SigIgn:".length())
            .strip();
    // As a child of a shell's background job.
    assumeTrue((Long.parseUnsignedLong(ignored, 16) & 2) == 0, "SIGINT is ignored here");
  }

  @Test
  void u03_oneEndsADownloadToBeResumed() throws Exception {
    for (String[] each : new String[][] {{"INT", "130"}, {"TERM", "143"}}) {
      Process get =
          tool("get", torrent().toString(), "--listen", "127.0.0.1:0", "-o", folder + "/in");
      assertThat(get.inputReader().readLine()).startsWith("listening on ");
      send(each[0], get);
      assertThat(get.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(get.exitValue()).isEqualTo(Integer.parseInt(each[1]));
      assertThat(get.errorReader().lines())
          .singleElement()
          .asString()
          .contains("the same command goes on");
    }
  }

  @Test
  void oneIsTheRightEndOfSeeding() throws Exception {
    Path torrent = torrent();
    for (String signal : new String[] {"INT", "TERM"}) {
      Process seed = tool("seed", torrent.toString(), folder.toString(), "--listen", "127.0.0.1:0");
      assertThat(seed.inputReader().readLine()).startsWith("listening on ");
      send(signal, seed);
      assertThat(seed.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(seed.exitValue()).isZero();
    }
  }

  @Test
  void u03_aSecondEndsItAtOnce() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(run("mkfifo", pipe.toString()), "mkfifo is missing");
    // It waits for someone to write, and for nothing else.
    Process show = tool("show", pipe.toString());
    // Open when the tool has opened it too.
    try (OutputStream nothing = Files.newOutputStream(pipe)) {
      nothing.flush();
      send("TERM", show);
      // The first one's exit code is 143, and comes two seconds later.
      while (!show.waitFor(20, TimeUnit.MILLISECONDS)) {
        send("INT", show);
      }
    }
    assertThat(show.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
  }

  private Path torrent() throws IOException {
    return TestTorrents.write(
        folder.resolve("a.torrent"), "a", TestTorrents.content(folder, "a", 5));
  }

  private static Process tool(String... arguments) throws IOException {
    return new ProcessBuilder(ToolProcess.command(arguments)).start();
  }

  private static void send(String signal, Process process) throws Exception {
    run("kill", "-" + signal, Long.toString(process.pid()));
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
