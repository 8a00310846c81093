package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.swarm.metainfo.Metainfo;

/**
 * More files than a process may open, many to a piece: made, checked, served and fetched. {@code
 * -Dpeerwire.files=100000} takes more of them.
 */
@Timeout(600)
@DisabledOnOs(OS.WINDOWS)
class ManyFilesTest {
  private static final int FILES = Integer.getInteger("peerwire.files", 1_500);
  private static final int IN_A_FOLDER = 100;

  /** 64 files for each side's storage, and what sockets, folders and the virtual machine take. */
  private static final long MORE_DESCRIPTORS = 64 + 64 + 100;

  @TempDir Path temp;

  @Test
  void manySmallFilesTakeFewDescriptors() throws Exception {
    Path root = temp.resolve("from/many");
    for (int i = 0; i < FILES; i++) {
      Path file = root.resolve("d" + i / IN_A_FOLDER).resolve("f" + i);
      if (i % IN_A_FOLDER == 0) {
        Files.createDirectories(file.getParent());
      }
      Files.write(file, Samples.bytes(i % 10 == 0 ? 0 : i % 97, i));
    }
    Metainfo torrent = Samples.torrentOf(root, 16 << 10);
    assertThat(torrent.files()).hasSize(FILES);
    long before = descriptors();
    long most = before;
    ClientOptions listening =
        ClientOptions.builder()
            .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    try (Client seeder = Client.open(listening);
        Client client = Client.open(ClientOptions.builder().build())) {
      Transfer seed = seeder.seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT);
      seed.completion().get(100, TimeUnit.SECONDS);
      Transfer get = client.download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
      get.addPeer(seeder.listenAddress().orElseThrow());
      while (!get.completion().isDone()) {
        assertThat(Thread.interrupted()).as("the time is up").isFalse();
        most = Math.max(most, descriptors());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
      assertThat(get.completion().get().isComplete()).isTrue();
    }
    assertThat(most - before).isBetween(64L, MORE_DESCRIPTORS);
    DataCheck.Result found = DataCheck.verify(torrent, temp.resolve("to"), Progress.NONE);
    assertThat(found.isComplete()).isTrue();
    assertThat(found.files()).hasSize(FILES);
  }

  private static long descriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }
}
