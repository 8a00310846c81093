package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.interop.RealClient.Kind;

/** Each client, each torrent, both ways; two cases at a time, as they mostly wait for a client. */
@ExtendWith(Scene.Extension.class)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class RealClientsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  static Stream<Arguments> clientsAndTorrents() {
    return Stream.of(Kind.values())
        .flatMap(
            client ->
                Stream.of(TestData.ONE_FILE, TestData.MANY_FILES)
                    .map(data -> Arguments.of(client, data)));
  }

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
  }

  @ParameterizedTest(name = "{0} seeds {1}, peerwire gets it")
  @MethodSource("clientsAndTorrents")
  void clientSeedsAndPeerwireGets(Kind client, TestData data, Scene scene) throws Exception {
    Kind.LIBTORRENT.require(); // it makes the torrents
    Path folder = scene.newFolder("download");
    RealClient seeder = client.seed(scene, data.torrent(), data.folder());

    PeerwireTool.get(scene, data, folder, seeder.address()).await(PATIENCE).expect(0);

    Folders.assertSame(data.folder(), folder);
    seeder.assertNoComplaints();
  }

  @ParameterizedTest(name = "peerwire seeds {1}, {0} gets it")
  @MethodSource("clientsAndTorrents")
  void peerwireSeedsAndClientGets(Kind client, TestData data, Scene scene) throws Exception {
    Kind.LIBTORRENT.require();
    Path folder = scene.newFolder("download");
    PeerwireTool seeder;
    RealClient leecher;
    if (client.dialsLoopback()) {
      seeder = PeerwireTool.seed(scene, data);
      InetSocketAddress address = seeder.awaitListening();
      leecher = client.download(scene, data.torrent(), folder, address);
    } else {
      leecher = client.download(scene, data.torrent(), folder);
      seeder = PeerwireTool.seed(scene, data, leecher.address());
      seeder.awaitListening();
    }

    leecher.awaitComplete(PATIENCE);

    assertThat(seeder.process().isAlive()).as("the seeder seeds on").isTrue();
    leecher.assertNoComplaints();
    leecher.close();
    Folders.assertSame(data.folder(), folder, client.createsEmptyFiles());
    seeder.stop().expect(0);
  }
}
