package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peerwire.interop.RealClient.Kind;

/** A swarm in which nobody has everything at first. */
@ExtendWith(Scene.Extension.class)
@Timeout(180)
class SwarmIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final TestData DATA = TestData.SWARM;
  private static final int OURS = 5;
  private static final List<Kind> OTHERS = List.of(Kind.LIBTORRENT, Kind.TRANSMISSION);

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
  }

  /**
   * Five of ours and two others, each with a seventh of the pieces that nobody else has, know each
   * other from a tracker. All of them end with all of it.
   */
  @Test
  void sevenPartsBecomeSevenWholes(Scene scene) throws Exception {
    OTHERS.forEach(Kind::require);
    OpenTracker tracker = scene.own(new OpenTracker(scene, DATA.infoHash()));
    Path torrent = DATA.torrentWith(scene, tracker.overHttp());
    int all = OURS + OTHERS.size();
    List<Path> folders = new ArrayList<>();
    for (int part = 0; part < all; part++) {
      folders.add(part(scene, part, all));
    }

    List<RealClient> others = new ArrayList<>();
    for (int i = 0; i < OTHERS.size(); i++) {
      others.add(OTHERS.get(i).download(scene, torrent, folders.get(OURS + i)));
    }
    Await.until(
        "the others have announced themselves",
        PATIENCE,
        () -> tracker.knows(DATA.infoHash()) >= OTHERS.size());
    List<PeerwireTool> ours = new ArrayList<>();
    for (int i = 0; i < OURS; i++) {
      ours.add(
          PeerwireTool.start(
              scene,
              List.of(
                  "get",
                  torrent.toString(),
                  "--output",
                  folders.get(i).toString(),
                  "--listen",
                  Loopback.HOST + ":0",
                  "--seed",
                  "--timeout",
                  "100",
                  "--json")));
    }

    for (RealClient other : others) {
      other.awaitComplete(PATIENCE);
    }
    for (PeerwireTool tool : ours) {
      Await.until(
          tool.process().name() + " has it all",
          PATIENCE,
          () -> {
            tool.process().requireAlive();
            return tool.output().stream().anyMatch(line -> line.contains("\"phase\":\"seeding\""));
          });
    }
    for (PeerwireTool tool : ours) {
      PeerwireTool.Summary summary = tool.stop().expect(0).summary();
      scene.note(
          "resumed "
              + summary.resumed()
              + ", then "
              + summary.peers().size()
              + " peers and "
              + summary.downloaded());
      assertThat(summary.resumed()).as("its part").isBetween(1L, DATA.length() / 4);
      assertThat(summary.peers().values().stream().filter(bytes -> bytes > 0).count())
          .as("peers that gave something")
          .isGreaterThan(1);
    }
    for (RealClient other : others) {
      other.assertNoComplaints();
      other.close();
    }
    for (Path folder : folders) {
      Folders.assertSame(DATA.folder(), folder);
    }
  }

  /** A folder with one part in so many of the pieces, and zeros where the others go. */
  private static Path part(Scene scene, int part, int parts) throws IOException {
    Path folder = scene.newFolder("part");
    byte[] whole = Files.readAllBytes(DATA.folder().resolve(DATA.torrentName()));
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve(DATA.torrentName()).toFile(), "rw")) {
      file.setLength(whole.length);
      for (int piece = part; piece * DATA.pieceLength() < whole.length; piece += parts) {
        int begin = piece * DATA.pieceLength();
        file.seek(begin);
        file.write(whole, begin, Math.min(DATA.pieceLength(), whole.length - begin));
      }
    }
    return folder;
  }
}
