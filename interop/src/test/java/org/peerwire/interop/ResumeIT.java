package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.interop.RealClient.Kind;

/** A run that was killed half-way is taken up where it was. */
@ExtendWith(Scene.Extension.class)
@Timeout(180)
class ResumeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int BYTES_PER_SECOND = 16_000_000;

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_FILE", "MANY_FILES"})
  void verifiedPiecesAreNotFetchedAgain(TestData data, Scene scene) throws Exception {
    Kind.LIBTORRENT.require();
    Path folder = scene.newFolder("download");
    RealClient slow = Kind.LIBTORRENT.seed(scene, data.torrent(), data.folder(), BYTES_PER_SECOND);
    PeerwireTool killed = PeerwireTool.get(scene, data, folder, slow.address());
    Await.until(
        "half of it was sent",
        PATIENCE,
        () -> {
          killed.process().requireAlive();
          return slow.status().uploaded() > data.length() / 2;
        });
    killed.killNow();
    slow.close();

    long verified = Folders.verifiedBytes(data, folder);
    scene.note("killed with " + verified + " of " + data.length() + " bytes verified on disk");
    assertThat(verified)
        .as("what a run that was sent half has on disk")
        .isBetween(data.length() / 4, data.length() - 1);

    RealClient seeder = Kind.LIBTORRENT.seed(scene, data.torrent(), data.folder());
    PeerwireTool.Summary summary =
        PeerwireTool.get(scene, data, folder, seeder.address()).await(PATIENCE).expect(0).summary();

    Folders.assertSame(data.folder(), folder);
    scene.note("then " + summary);
    long onePiecePerPeer = data.pieceLength();
    long atMost = data.length() - verified + onePiecePerPeer;
    assertThat(summary.resumed()).as("what it found").isGreaterThanOrEqualTo(verified);
    assertThat(summary.downloaded()).as("what it says it downloaded").isLessThanOrEqualTo(atMost);
    assertThat(seeder.status().uploaded()).as("what it was sent").isLessThanOrEqualTo(atMost);
    seeder.assertNoComplaints();
  }
}
