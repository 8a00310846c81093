package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Z10: the tool in processes that may have few descriptors, by the system's own limit. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class FewDescriptorsTest {
  private static final int FILES = 120;
  private static final int LIMIT = 64;

  @TempDir Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private String torrent = "";

  @BeforeEach
  void make() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/limits")), "there is no limit to be seen");
    for (int i = 0; i < FILES; i++) {
      TestTorrents.content(folder.resolve("have/many"), "file" + i, 20_000 + i);
    }
    torrent = folder.resolve("many.torrent").toString();
    Ran.tool("create", folder.resolve("have/many").toString(), "-o", torrent).expect(ExitCode.DONE);
  }

  @AfterEach
  void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private Process start(int limit, String... arguments) throws IOException {
    Process process =
        new ProcessBuilder(ToolProcess.commandWith(limit, arguments))
            .redirectErrorStream(true)
            .start();
    open.push(process::destroyForcibly);
    return process;
  }

  @Test
  void z10_filesAndACrowdOfPeersAreMoreThanMayBeOpen() throws Exception {
    Process seed =
        start(LIMIT, "seed", torrent, folder + "/have", "--listen", "127.0.0.1:0", "--quiet");
    String listening = seed.inputReader().readLine();
    assertThat(listening).startsWith("listening on 127.0.0.1:");
    int port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
    crowd(port);

    Process get =
        start(
            LIMIT,
            "get",
            torrent,
            "--peer",
            "127.0.0.1:" + port,
            "-o",
            folder + "/want",
            "--timeout",
            "20");
    String said = new String(get.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(get.waitFor()).as(said).isZero();
    Ran.tool("verify", torrent, folder + "/want").expect(ExitCode.DONE);

    assertThat(seed.isAlive()).isTrue();
    // Not the process itself, whose output would be closed with it.
    seed.toHandle().destroy();
    assertThat(seed.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(seed.exitValue()).isZero();
    // No piece was given up for want of a descriptor.
    assertThat(seed.inputReader().lines()).noneMatch(line -> line.contains("can't"));
  }

  /** Peers that connect and say nothing, from many machines. */
  private void crowd(int port) throws IOException {
    for (int i = 0; i < 100; i++) {
      SocketChannel channel = SocketChannel.open();
      open.push(channel);
      channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.1." + (1 + i)), 0));
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
  }

  @Test
  void z10_theLimitIsNamed() {
    assertThat(Failure.local(new IOException("can't read a: Too many open files")).line())
        .startsWith("can't read a: Too many open files; 'ulimit -n' tells");
  }
}
