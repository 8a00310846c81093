package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peerwire.interop.RealClient.Kind;

/** A seeder that stands still for a while, with its connections open. */
@ExtendWith(Scene.Extension.class)
@Timeout(180)
class StalledSeederIT {
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final TestData DATA = TestData.ONE_FILE;
  private static final int BYTES_PER_SECOND = 8_000_000;

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
  }

  /** The other seeder does it alone, and the one that comes back is used again. */
  @Test
  void isDoneWithoutAndUsedAgainWhenItComesBack(Scene scene) throws Exception {
    Kind.LIBTORRENT.require();
    Path folder = scene.newFolder("download");
    RealClient steady =
        Kind.LIBTORRENT.seed(scene, DATA.torrent(), DATA.folder(), BYTES_PER_SECOND / 4);
    RealClient stalls =
        Kind.LIBTORRENT.seed(scene, DATA.torrent(), DATA.folder(), BYTES_PER_SECOND);
    PeerwireTool get = PeerwireTool.get(scene, DATA, folder, steady.address(), stalls.address());
    Await.until(
        "both give",
        PATIENCE,
        () -> steady.status().uploaded() > 0 && stalls.status().uploaded() > 0);

    stalls.process().pause();
    long before = steady.status().uploaded();
    Await.until(
        "the other goes on alone",
        PATIENCE,
        () -> {
          get.process().requireAlive();
          return steady.status().uploaded() > before + (DATA.length() >> 3);
        });
    stalls.process().resume();
    long back = stalls.status().uploaded();
    PeerwireTool.Summary summary = get.await(PATIENCE).expect(0).summary();

    Folders.assertSame(DATA.folder(), folder);
    long after = stalls.status().uploaded() - back;
    scene.note("after it came back it gave " + after + " bytes; in all " + summary.peers());
    assertThat(after).as("given after it came back").isGreaterThan(DATA.length() >> 4);
    // What was asked of the one that stood still is asked of the other, and may come twice.
    assertThat(summary.downloaded()).isLessThan(DATA.length() + (DATA.length() >> 3));
    assertThat(List.of(steady, stalls)).allSatisfy(RealClient::assertNoComplaints);
  }
}
