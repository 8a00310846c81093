package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peerwire.interop.RealClient.Kind;

/**
 * The real clients among themselves, without peerwire: where these pass and others fail, the
 * drivers are not to blame.
 */
@ExtendWith(Scene.Extension.class)
@Timeout(120)
class DriversIT {
  private static final TestData DATA = TestData.SMALL;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void libtorrentSeedsToLibtorrent(Scene scene) throws Exception {
    seedsToOneThatDials(scene, Kind.LIBTORRENT, Kind.LIBTORRENT);
  }

  @Test
  void libtorrentSeedsToAria2ThroughTheTracker(Scene scene) throws Exception {
    seedsToOneThatDials(scene, Kind.LIBTORRENT, Kind.ARIA2);
  }

  @Test
  void libtorrentSeedsToTransmissionByDiallingIt(Scene scene) throws Exception {
    Kind.LIBTORRENT.require();
    Path folder = scene.newFolder("download");
    RealClient leecher = Kind.TRANSMISSION.download(scene, DATA.torrent(), folder);
    RealClient seeder = Kind.LIBTORRENT.seed(scene, DATA.torrent(), DATA.folder());
    seeder.connect(leecher.address());
    complete(Kind.TRANSMISSION, leecher, folder, seeder);
  }

  @Test
  void transmissionSeedsToLibtorrent(Scene scene) throws Exception {
    seedsToOneThatDials(scene, Kind.TRANSMISSION, Kind.LIBTORRENT);
  }

  @Test
  void aria2SeedsToLibtorrent(Scene scene) throws Exception {
    seedsToOneThatDials(scene, Kind.ARIA2, Kind.LIBTORRENT);
  }

  @Test
  void libtorrentReportsWhoBreaksTheRules(Scene scene) throws Exception {
    LibtorrentPeer seeder =
        (LibtorrentPeer) Kind.LIBTORRENT.seed(scene, DATA.torrent(), DATA.folder());
    String handshake =
        "13"
            + HexFormat.of().formatHex("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII))
            + "0000000000000000"
            + seeder.infoHash()
            + "2d50573030303100".repeat(3).substring(0, 40);
    String chokeOfTwoBytes = "0000000200ff";
    try (Socket socket = new Socket(seeder.address().getAddress(), seeder.address().getPort())) {
      socket.getOutputStream().write(HexFormat.of().parseHex(handshake + chokeOfTwoBytes));
      Await.until("libtorrent complains", PATIENCE, () -> !seeder.peerErrors().isEmpty());
    }
    assertThatThrownBy(seeder::assertNoComplaints).hasMessageContaining("invalid choke message");
  }

  private static void seedsToOneThatDials(Scene scene, Kind from, Kind to) throws Exception {
    Kind.LIBTORRENT.require(); // it makes the torrents
    to.require();
    RealClient seeder = from.seed(scene, DATA.torrent(), DATA.folder());
    Path folder = scene.newFolder("download");
    RealClient leecher = to.download(scene, DATA.torrent(), folder, seeder.address());
    complete(to, leecher, folder, seeder);
  }

  private static void complete(Kind to, RealClient leecher, Path folder, RealClient seeder)
      throws Exception {
    leecher.awaitComplete(PATIENCE);
    leecher.close();
    Folders.assertSame(DATA.folder(), folder, to.createsEmptyFiles());
    // it may count what it sent a moment after the other side has counted what it got
    Await.until(
        seeder.process().name() + " says that it uploaded everything",
        PATIENCE,
        () -> seeder.status().uploaded() >= DATA.length());
    seeder.assertNoComplaints();
  }
}
