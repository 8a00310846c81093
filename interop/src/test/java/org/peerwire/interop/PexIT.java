package org.peerwire.interop;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peerwire.interop.RealClient.Job;
import org.peerwire.interop.RealClient.Kind;

/** Peers that know each other only through one peer find each other. */
@ExtendWith(Scene.Extension.class)
@Timeout(120)
class PexIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TestData DATA = TestData.SMALL;

  /** Bytes a second: so few that nobody is done before they have met. */
  private static final int SLOW = 30_000;

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
    Kind.LIBTORRENT.require(); // it makes the torrents
  }

  @Test
  void ourSeedBringsAMemberOfOursAndLibtorrentTogether(Scene scene) throws Exception {
    LibtorrentPeer other = thatDoesNotDial(scene);
    PeerwireTool hub =
        PeerwireTool.seed(
            scene, DATA, List.of("--max-up", Integer.toString(SLOW)), other.address());

    PeerwireTool member = member(scene, hub.awaitListening());

    Await.until("they meet", PATIENCE, () -> isConnected(member, other.address()));
    Await.until("libtorrent gets blocks from it", PATIENCE, () -> other.status().have() > 0);
    other.assertNoComplaints();
    hub.stop().expect(0);
  }

  @Test
  void libtorrentBringsTwoMembersOfOursTogether(Scene scene) throws Exception {
    RealClient hub = Kind.LIBTORRENT.seed(scene, DATA.torrent(), DATA.folder(), SLOW);

    PeerwireTool one = member(scene, hub.address());
    PeerwireTool two = member(scene, hub.address());

    InetSocketAddress ofOne = one.awaitListening();
    InetSocketAddress ofTwo = two.awaitListening();
    Await.until("they meet", PATIENCE, () -> isConnected(one, ofTwo) || isConnected(two, ofOne));
    hub.assertNoComplaints();
  }

  /** libtorrent that is told of others by PEX and calls nobody, as its addresses are ours. */
  private static LibtorrentPeer thatDoesNotDial(Scene scene) throws Exception {
    Job job = new Job(false, DATA.torrent(), scene.newFolder("libtorrent"), 0, Optional.empty());
    return LibtorrentPeer.thatDoesNotDial(scene, job, SLOW / 2);
  }

  private static boolean isConnected(PeerwireTool tool, InetSocketAddress peer) {
    String address = "\"" + Loopback.text(peer) + "\"";
    return tool.output().stream()
        .anyMatch(line -> line.contains(address) && line.contains("\"connected\""));
  }

  private static PeerwireTool member(Scene scene, InetSocketAddress hub) throws Exception {
    Path folder = scene.newFolder("download");
    return PeerwireTool.start(
        scene,
        List.of(
            "get",
            DATA.torrent().toString(),
            "--peer",
            Loopback.text(hub),
            "--listen",
            Loopback.HOST + ":0",
            "--output",
            folder.toString(),
            "--json"));
  }
}
