package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.DataCheck;
import org.peerwire.client.Progress;
import org.peerwire.client.Transfer;
import org.peerwire.client.TransferOptions;
import org.peerwire.swarm.metainfo.Metainfo;

/** {@code get}, killed and started again, in a process of its own. */
@Timeout(900)
@Execution(ExecutionMode.CONCURRENT)
class KilledTest {
  /** How often it is killed; a soak does it more often: {@code -Dpeerwire.kills=200}. */
  private static final int KILLS = Integer.getInteger("peerwire.kills", 20);

  private static final long SEED = Long.getLong("peerwire.seed", System.nanoTime());
  private static final int LENGTH = 12 << 20;
  private static final int BYTES_PER_SECOND = 24 << 20;

  @TempDir Path folder;
  private final Random random = new Random(SEED);

  @Test
  void z06_killedAtAnyMomentItGoesOnFromWhatIsThere() throws Exception {
    Path have = folder.resolve("have");
    byte[] content = TestTorrents.content(have, "data.bin", LENGTH);
    Path file = TestTorrents.write(folder.resolve("a.torrent"), "data.bin", content);
    Metainfo torrent = Metainfo.parse(Files.readAllBytes(file));
    ClientOptions options =
        ClientOptions.builder()
            .maxUpload(BYTES_PER_SECOND)
            .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    try (Client client = Client.open(options)) {
      Transfer seed = client.seed(torrent, have, TransferOptions.DEFAULT);
      seed.completion().get(30, TimeUnit.SECONDS);
      int port = client.listenAddress().orElseThrow().getPort();
      int kills = 0;
      int rounds = 0;
      while (kills < KILLS) {
        Path want = Files.createDirectory(folder.resolve("want" + rounds++));
        kills += download(torrent, file, want, port, seed, KILLS - kills);
        assertThat(Files.readAllBytes(want.resolve("data.bin"))).as(replay()).isEqualTo(content);
        assertThat(want.toFile().list()).as(replay()).containsExactly("data.bin");
      }
      assertThat(kills).isEqualTo(KILLS);
    }
  }

  /** Downloads once, with as many kills as it takes, and returns how many that were. */
  private int download(
      Metainfo torrent, Path file, Path want, int port, Transfer seed, int maxKills)
      throws Exception {
    Pieces before = new PieceSet(torrent.pieceCount());
    int kills = 0;
    while (true) {
      long sentBefore = seed.status().uploaded();
      Process get = get(file, want, port);
      boolean killed = kills < maxKills && killSomewhen(get, seed, sentBefore);
      if (!killed) {
        assertThat(get.waitFor(60, TimeUnit.SECONDS)).as(replay()).isTrue();
        assertThat(get.exitValue()).as(replay()).isZero();
      }
      long sent = settled(seed) - sentBefore;
      // What was right on disk is not sent again, not a block of it.
      assertThat(sent).as(replay()).isLessThanOrEqualTo(LENGTH - bytesOf(torrent, before));
      Pieces after = DataCheck.verify(torrent, want, Progress.NONE).verified();
      for (int piece = before.next(0); piece >= 0; piece = before.next(piece + 1)) {
        assertThat(after.contains(piece)).as("piece %s, %s", piece, replay()).isTrue();
      }
      if (!killed) {
        return kills;
      }
      kills++;
      before = after;
    }
  }

  /** Kills it at a random moment: of its life, or of the transfer. Returns whether it lived. */
  private boolean killSomewhen(Process get, Transfer seed, long sentBefore) throws Exception {
    boolean early = random.nextInt(4) == 0;
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(700));
    long bytes = 1L + random.nextInt(LENGTH / 5);
    while (get.isAlive()
        && (early
            ? System.nanoTime() - until < 0
            : seed.status().uploaded() - sentBefore < bytes)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    boolean alive = get.isAlive();
    get.destroyForcibly();
    assertThat(get.waitFor(30, TimeUnit.SECONDS)).isTrue();
    // It may have ended by itself in between.
    return alive && get.exitValue() != ExitCode.DONE;
  }

  /** How much the seed has sent, once the connection is gone. */
  private static long settled(Transfer seed) {
    // What is told first may be what was a while ago.
    for (int looks = 0; looks < 20 || !seed.status().peers().isEmpty(); looks++) {
      seed.status();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    return seed.status().uploaded();
  }

  private static Process get(Path torrent, Path want, int port) throws IOException {
    List<String> command =
        ToolProcess.command(
            "get",
            torrent.toString(),
            "--output",
            want.toString(),
            "--quiet",
            "--peer",
            "127.0.0.1:" + port,
            "--encryption",
            "off");
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static long bytesOf(Metainfo torrent, Pieces pieces) {
    long bytes = 0;
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      bytes += torrent.pieceMap().pieceSize(piece);
    }
    return bytes;
  }

  private static String replay() {
    return "replay with -Dpeerwire.seed=" + SEED;
  }
}
