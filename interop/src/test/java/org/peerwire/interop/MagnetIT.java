package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.interop.RealClient.Kind;
import org.peerwire.swarm.metainfo.Metainfo;

/** A magnet link and the address of a peer are enough, on either side. */
@ExtendWith(Scene.Extension.class)
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class MagnetIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TestData DATA = TestData.SMALL;

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
    Kind.LIBTORRENT.require(); // it makes the torrents
  }

  private static String magnet() throws Exception {
    Metainfo torrent = Metainfo.parse(Files.readAllBytes(DATA.torrent()));
    return "magnet:?xt=urn:btih:" + torrent.infoHash() + "&dn=it";
  }

  @ParameterizedTest(name = "{0} seeds, peerwire gets it by its magnet link")
  @EnumSource(Kind.class)
  void clientSeedsAndPeerwireGets(Kind client, Scene scene) throws Exception {
    Path folder = scene.newFolder("download");
    RealClient seeder = client.seed(scene, DATA.torrent(), DATA.folder());

    PeerwireTool.getMagnet(scene, magnet(), folder, seeder.address()).await(PATIENCE).expect(0);

    Folders.assertSame(DATA.folder(), folder);
    seeder.assertNoComplaints();
  }

  @ParameterizedTest(name = "{0} gives the metadata, peerwire makes a .torrent file")
  @EnumSource(Kind.class)
  void clientGivesMetadata(Kind client, Scene scene) throws Exception {
    Path file = scene.newFolder("torrent").resolve("made.torrent");
    RealClient seeder = client.seed(scene, DATA.torrent(), DATA.folder());

    PeerwireTool.run(
            scene,
            PATIENCE,
            List.of(
                "metadata", Loopback.text(seeder.address()), magnet(), "--output", file.toString()))
        .expect(0);

    assertThat(Metainfo.parse(Files.readAllBytes(file)).infoBytes())
        .isEqualTo(Metainfo.parse(Files.readAllBytes(DATA.torrent())).infoBytes());
    seeder.assertNoComplaints();
  }

  @Test
  void libtorrentGetsItFromPeerwireByItsMagnetLink(Scene scene) throws Exception {
    Path folder = scene.newFolder("download");
    PeerwireTool seeder = PeerwireTool.seed(scene, DATA);
    InetSocketAddress address = seeder.awaitListening();

    LibtorrentPeer leecher = LibtorrentPeer.ofMagnet(scene, magnet(), folder, address);
    leecher.awaitComplete(PATIENCE);

    leecher.assertNoComplaints();
    leecher.close();
    Folders.assertSame(DATA.folder(), folder);
    seeder.stop().expect(0);
  }

  @Test
  void aria2GetsItFromPeerwireByItsMagnetLink(Scene scene) throws Exception {
    Kind.ARIA2.require();
    Path folder = scene.newFolder("download");
    PeerwireTool seeder = PeerwireTool.seed(scene, DATA);
    RealClient.Job job =
        new RealClient.Job(
            false, Path.of(magnet()), folder, 0, Optional.of(seeder.awaitListening()));
    Aria2Peer leecher = scene.own(new Aria2Peer(scene, job));
    leecher.awaitComplete(PATIENCE);

    leecher.close();
    Folders.assertSame(DATA.folder(), folder, Kind.ARIA2.createsEmptyFiles());
    seeder.stop().expect(0);
  }

  @Test
  void transmissionGetsItFromPeerwireByItsMagnetLink(Scene scene) throws Exception {
    Kind.TRANSMISSION.require();
    Path folder = scene.newFolder("download");
    // What it takes for a file's name may as well be a link.
    RealClient.Job job = new RealClient.Job(false, Path.of(magnet()), folder, 0, Optional.empty());
    TransmissionPeer leecher = scene.own(new TransmissionPeer(scene, job));
    PeerwireTool seeder = PeerwireTool.seed(scene, DATA, leecher.address());
    seeder.awaitListening();

    leecher.awaitComplete(PATIENCE);

    leecher.close();
    Folders.assertSame(DATA.folder(), folder, Kind.TRANSMISSION.createsEmptyFiles());
    seeder.stop().expect(0);
  }
}
