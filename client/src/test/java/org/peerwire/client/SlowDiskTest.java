package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.client.storage.FaultyDisk;
import org.peerwire.swarm.metainfo.Metainfo;

/**
 * A disk that is slower than the network: {@code -Dpeerwire.slow.seconds=100} lets it stand still
 * for so long.
 */
@Timeout(200)
class SlowDiskTest {
  private static final int SECONDS = Integer.getInteger("peerwire.slow.seconds", 1);

  /** More than all that may lie between the seeder and the disk. */
  private static final long LENGTH = 96L << 20;

  /** What may be held is 24 MiB; the rest is the sockets'. */
  private static final long MOST_ON_THE_WAY = 64L << 20;

  @TempDir Path temp;
  private final CountDownLatch moves = new CountDownLatch(1);

  @Test
  void z11_s17_b15_readingPausesAndNobodyIsBlamedForIt() throws Exception {
    Path from = Files.createDirectory(temp.resolve("from"));
    try (RandomAccessFile file = new RandomAccessFile(from.resolve("a.bin").toFile(), "rw")) {
      file.setLength(LENGTH);
    }
    Metainfo torrent = Samples.torrentOf(from.resolve("a.bin"), 1 << 20);
    FaultyDisk disk = FaultyDisk.over(temp);
    disk.onWrite(
        file -> {
          if (file.equals("a.bin")) {
            await();
          }
        });
    Path to = disk.path(Files.createDirectory(temp.resolve("to")));
    ClientOptions listening =
        ClientOptions.builder()
            .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    List<String> gone = new CopyOnWriteArrayList<>();
    try (Client seeder = Client.open(listening);
        Client client = Client.open(ClientOptions.builder().diskThreads(2).build())) {
      Transfer seed = seeder.seed(torrent, from, TransferOptions.DEFAULT);
      seed.completion().get(30, TimeUnit.SECONDS);
      Transfer transfer = client.download(torrent, to, TransferOptions.DEFAULT);
      transfer.listen(
          new TransferListener() {
            @Override
            public void peerDisconnected(
                InetSocketAddress peer, long downloaded, long uploaded, String cause) {
              if (!transfer.completion().isDone() && downloaded < LENGTH) {
                gone.add(cause);
              }
            }
          });
      transfer.addPeer(seeder.listenAddress().orElseThrow());
      await(() -> client.blocks().isPressed());
      // A status is as of the call before.
      await(() -> seed.status().uploaded() > 16L << 20);
      long since = System.nanoTime();
      await(() -> System.nanoTime() - since > TimeUnit.SECONDS.toNanos(SECONDS));
      assertThat(client.blocks().isPressed()).isTrue();
      assertThat(seed.status().uploaded()).isLessThan(MOST_ON_THE_WAY);
      moves.countDown();
      TransferStatus done = transfer.completion().get(60, TimeUnit.SECONDS);
      assertThat(done.isComplete()).isTrue();
      assertThat(done.wasted()).as("nothing was asked for again").isZero();
      assertThat(gone).isEmpty();
    } finally {
      moves.countDown();
    }
  }

  private static void await(BooleanSupplier what) {
    while (!what.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("the time is up").isFalse();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private void await() throws IOException {
    try {
      moves.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
