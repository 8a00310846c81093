package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.TransferOptions;
import org.peerwire.swarm.metainfo.Metainfo;

/** {@code get} onto a real disk of 8 MiB. Only root may mount one; without, it is skipped. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class SmallDiskTest {
  private static final int LENGTH = 12 << 20;

  @TempDir Path folder;
  private Path disk = Path.of("");
  private Path torrent = Path.of("");
  private byte[] content = {};
  private final java.util.ArrayDeque<AutoCloseable> open = new java.util.ArrayDeque<>();

  private String peer = "";

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "peerwire-test", disk.toString()),
        "only root may mount a small disk");
    open.push(() -> run("umount", "-l", disk.toString()));
    content = TestTorrents.content(folder.resolve("have"), "data.bin", LENGTH);
    torrent = TestTorrents.write(folder.resolve("a.torrent"), "data.bin", content);
    Client client =
        Client.open(
            ClientOptions.builder()
                .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    open.push(client);
    client
        .seed(
            Metainfo.parse(Files.readAllBytes(torrent)),
            folder.resolve("have"),
            TransferOptions.DEFAULT)
        .completion()
        .get(30, TimeUnit.SECONDS);
    peer = "127.0.0.1:" + client.listenAddress().orElseThrow().getPort();
  }

  @AfterEach
  void unmount() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private String[] get(String timeout) {
    return new String[] {
      "get", torrent.toString(), "--peer", peer, "-o", disk.toString(), "--timeout", timeout
    };
  }

  @Test
  void z01_u11_whatDoesNotFitEndsWithCode4AndGoesOnLater() throws Exception {
    Ran ran = Ran.tool(get("2")).expect(ExitCode.LOCAL);
    assertThat(ran.err().lines().reduce((one, last) -> last).orElse(""))
        .contains("data.bin", "No space left on device");
    assertThat(ran.out()).doesNotContain("done");
    assertThat(run("mount", "-o", "remount,size=32m", disk.toString())).isTrue();
    Ran again = Ran.tool(get("60")).expect(ExitCode.DONE);
    assertThat(again.out()).contains("were here already");
    assertThat(Files.readAllBytes(disk.resolve("data.bin"))).isEqualTo(content);
  }

  @Test
  void z01_withSpaceItGoesOnByItself() throws Exception {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CompletableFuture<Integer> running =
        CompletableFuture.supplyAsync(
            () ->
                Main.run(
                    get("60"),
                    Ran.stream(new ByteArrayOutputStream()),
                    Ran.stream(err),
                    new Interruption(),
                    Map.of()));
    while (!err.toString(StandardCharsets.UTF_8).contains("the disk is full")) {
      assertThat(running).isNotDone();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertThat(run("mount", "-o", "remount,size=32m", disk.toString())).isTrue();
    assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    assertThat(Files.readAllBytes(disk.resolve("data.bin"))).isEqualTo(content);
  }

  @Test
  void u11_aDiskThatIsReadOnlyIsTold() throws Exception {
    assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();
    List<String> complaint = Ran.tool(get("2")).expect(ExitCode.LOCAL).err().lines().toList();
    assertThat(complaint).last().asString().contains("Read-only file system");
  }
}
