package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.interop.RealClient.Kind;

/** Peers that know each other from a tracker alone. */
@ExtendWith(Scene.Extension.class)
@Timeout(120)
class TrackersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TestData DATA = TestData.SMALL;

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
    Kind.LIBTORRENT.require(); // it makes the torrents
  }

  private static PeerwireTool get(Scene scene, String what, Path folder, String... options)
      throws Exception {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("get", what, "--output", folder.toString(), "--timeout", "30", "--json"));
    arguments.addAll(List.of(options));
    return PeerwireTool.start(scene, arguments);
  }

  /** The torrent says where the tracker is, and a transmission peer is in the swarm. */
  @ParameterizedTest(name = "over {0}, beside transmission")
  @ValueSource(strings = {"http", "udp"})
  void seedAnnouncesAndGetFindsIt(String scheme, Scene scene) throws Exception {
    Kind.TRANSMISSION.require();
    OpenTracker tracker = scene.own(new OpenTracker(scene, DATA.infoHash()));
    Path torrent = DATA.torrentWith(scene, tracker.over(scheme));
    PeerwireTool seeder =
        PeerwireTool.start(
            scene,
            List.of(
                "seed",
                torrent.toString(),
                DATA.folder().toString(),
                "--listen",
                Loopback.HOST + ":0",
                "--json"));
    InetSocketAddress address = seeder.awaitListening();
    RealClient transmission = Kind.TRANSMISSION.seed(scene, torrent, DATA.folder());
    awaitWorking(seeder);
    Await.until(
        "transmission has announced itself", PATIENCE, () -> tracker.knows(DATA.infoHash()) >= 2);
    Path folder = scene.newFolder("download");

    // So slow that there is time to find both.
    PeerwireTool.Result result =
        get(scene, torrent.toString(), folder, "--max-down", "400K").await(PATIENCE).expect(0);

    Folders.assertSame(DATA.folder(), folder);
    scene.note("over " + scheme + ": " + result.summary().peers());
    assertThat(result.summary().peers().keySet())
        .contains(Loopback.text(address), Loopback.text(transmission.address()));
    seeder.stop().expect(0);
    assertThat(tracker.knows(DATA.infoHash())).as("the seeder took its leave").isEqualTo(1);
  }

  @Test
  void aMagnetLinkFindsItsPeersToo(Scene scene) throws Exception {
    OpenTracker tracker = scene.own(new OpenTracker(scene, DATA.infoHash()));
    PeerwireTool seeder =
        PeerwireTool.seed(scene, DATA, List.of("--tracker", tracker.overHttp(), "--json"));
    awaitWorking(seeder);
    Path folder = scene.newFolder("download");

    get(scene, "magnet:?xt=urn:btih:" + DATA.infoHash() + "&tr=" + tracker.overUdp(), folder)
        .await(PATIENCE)
        .expect(0);

    Folders.assertSame(DATA.folder(), folder);
    seeder.stop().expect(0);
  }

  /** The first tier does not answer; the user's own tracker is asked beside. */
  @Test
  void whereOneTrackerFailsAnotherHelps(Scene scene) throws Exception {
    OpenTracker tracker = scene.own(new OpenTracker(scene, DATA.infoHash()));
    String dead = "http://" + Loopback.HOST + ":" + Loopback.freePort() + "/announce";
    PeerwireTool seeder =
        PeerwireTool.seed(scene, DATA, List.of("--tracker", tracker.overUdp(), "--json"));
    awaitWorking(seeder);
    Path tiers = scene.newFolder("download");
    Path named = scene.newFolder("download");

    PeerwireTool first =
        get(scene, DATA.torrentWith(scene, dead, tracker.overUdp()).toString(), tiers);
    PeerwireTool second =
        get(
            scene,
            DATA.torrentWith(scene, dead).toString(),
            named,
            "--tracker",
            tracker.overHttp());
    first.await(PATIENCE).expect(0);
    second.await(PATIENCE).expect(0);

    Folders.assertSame(DATA.folder(), tiers);
    Folders.assertSame(DATA.folder(), named);
    assertThat(first.output())
        .anyMatch(line -> line.contains(dead) && line.contains("\"state\":\"failed\""));
  }

  @Test
  void whoseTrackersAllFailIsToldWhy(Scene scene) throws Exception {
    OpenTracker tracker = scene.own(new OpenTracker(scene, "00".repeat(20)));
    Path folder = scene.newFolder("download");
    PeerwireTool.Result result =
        PeerwireTool.run(
            scene,
            PATIENCE,
            List.of(
                "get",
                DATA.torrentWith(scene, tracker.overHttp()).toString(),
                "--output",
                folder.toString(),
                "--timeout",
                "10",
                "--quiet"));
    result.expect(1);
    assertThat(String.join("\n", result.complaints()))
        .contains("no peer is known; tracker " + tracker.overHttp() + ": it says: Requested");
  }

  private static void awaitWorking(PeerwireTool seeder) {
    String line =
        Await.value(
            "the seeder has announced itself",
            PATIENCE,
            () -> {
              seeder.process().requireAlive();
              return OpenTracker.announced(seeder);
            });
    assertThat(line).contains("\"state\":\"working\"");
  }
}
