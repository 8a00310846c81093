package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peerwire.interop.RealClient.Kind;

/** Two seeders at once are both used. */
@ExtendWith(Scene.Extension.class)
@Timeout(180)
class TwoSeedersIT {
  private static final TestData DATA = TestData.ONE_FILE;

  // Slow enough that neither is done before the other has had its turn: aria2 and libtorrent
  // unchoke within two seconds.
  private static final int BYTES_PER_SECOND = 8_000_000;

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
  }

  @Test
  void bothSeedersAreUsed(Scene scene) throws Exception {
    Kind.LIBTORRENT.require();
    Kind.ARIA2.require();
    Path folder = scene.newFolder("download");
    RealClient one = Kind.LIBTORRENT.seed(scene, DATA.torrent(), DATA.folder(), BYTES_PER_SECOND);
    RealClient two = Kind.ARIA2.seed(scene, DATA.torrent(), DATA.folder(), BYTES_PER_SECOND);

    PeerwireTool.Summary summary =
        PeerwireTool.get(scene, DATA, folder, one.address(), two.address())
            .await(Duration.ofSeconds(90))
            .expect(0)
            .summary();

    Folders.assertSame(DATA.folder(), folder);
    scene.note("downloaded from libtorrent and aria2: " + summary.peers());
    assertThat(summary.length()).isEqualTo(DATA.length());
    long fairEnough = DATA.length() / 8;
    assertThat(summary.from(one.address())).as("bytes from libtorrent").isGreaterThan(fairEnough);
    assertThat(summary.from(two.address())).as("bytes from aria2").isGreaterThan(fairEnough);
    assertThat(one.status().uploaded()).as("libtorrent's own count").isGreaterThan(fairEnough);
    assertThat(two.status().uploaded()).as("aria2's own count").isGreaterThan(fairEnough);
    one.assertNoComplaints();
  }
}
