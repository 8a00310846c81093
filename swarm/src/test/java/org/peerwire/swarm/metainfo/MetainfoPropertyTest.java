package org.peerwire.swarm.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.peerwire.SafeText;

/**
 * Whatever a torrent or a link holds, it is refused by name or is safe. A failure names the seed
 * that repeats it.
 */
class MetainfoPropertyTest {
  private static final List<String> PARTS =
      List.of(
          "..",
          ".",
          "/",
          "\\",
          " ",
          "a",
          "A",
          "é",
          "e\u0301",
          "\0",
          "\u202e",
          "CON",
          ".txt",
          ":",
          "x".repeat(250),
          "%2e",
          "\uff0e",
          "\uD83D\uDE00",
          "");

  @Test
  void anyNamesAreMadeSafeAndStayApart() {
    int accepted = 0;
    for (long seed = 1; seed <= 3_000; seed++) {
      try {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<String>> paths =
            random.ints(1 + random.nextInt(6), 1, 4).boxed().toList().stream()
                .map(
                    depth ->
                        random.ints(depth, 0, 4).mapToObj(parts -> name(random, parts)).toList())
                .toList();
        boolean portable = random.nextBoolean();
        Metainfo torrent;
        try {
          torrent = Torrents.withPaths(paths, MetainfoOptions.DEFAULT.withPortableNames(portable));
        } catch (MetainfoException e) {
          assertThat(e.fault()).isEqualTo(MetainfoFault.PATH_CONFLICT);
          continue;
        }
        accepted++;
        Set<String> seen = new HashSet<>();
        for (FileEntry file : torrent.files()) {
          for (String name : file.path()) {
            assertThat(SafeNames.isSafe(name)).isTrue();
            assertThat(name.codePoints().noneMatch(SafeText::isHidden)).isTrue();
            assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(256);
          }
          assertThat(seen.add(file.pathText().toLowerCase(Locale.ROOT))).isTrue();
        }
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(accepted).isBetween(500, 2_999);
  }

  private static String name(SplittableRandom random, int parts) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      name.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return name.toString();
  }

  @Test
  void anyBytesAreATorrentOrAMetainfoException() {
    String v2 =
        "9:file treed1:ad0:d6:lengthi5e11:pieces root32:"
            + "r".repeat(32)
            + "eee6:lengthi5e12:meta versioni2e4:name1:a12:piece lengthi16384e"
            + Torrents.pieces(5, 16_384);
    List<byte[]> originals =
        List.of(
            Torrents.torrent(Torrents.single("name", 20_000)),
            Torrents.torrent(
                "5:filesld6:lengthi5e4:pathl1:a1:beed6:lengthi0e4:pathl1:ceee4:name1:r12:piece"
                    + " lengthi16384e"
                    + Torrents.pieces(5, 16_384)),
            Torrents.torrent(v2));
    int accepted = 0;
    for (long seed = 1; seed <= 60_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = originals.get(random.nextInt(originals.size())).clone();
      for (int i = random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) random.nextInt(random.nextBoolean() ? 128 : 256);
      }
      try {
        Metainfo torrent = Metainfo.parse(bytes);
        int last = torrent.pieceCount() - 1;
        torrent.pieceMap().spans(last, 0, torrent.pieceMap().pieceSize(last));
        accepted++;
      } catch (MetainfoException e) {
        assertThat(e.getMessage().codePoints().noneMatch(SafeText::isHidden)).isTrue();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(accepted).isBetween(15_000, 59_000);
  }

  @Test
  void anyTextIsALinkOrAMetainfoException() {
    String original =
        "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=a%20b&tr=udp://t:1&x.pe=[::1]:6881&so=1-5";
    int accepted = 0;
    for (long seed = 1; seed <= 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder link = new StringBuilder(original);
      for (int i = random.nextInt(4); i > 0; i--) {
        link.setCharAt(
            8 + random.nextInt(link.length() - 8),
            (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
      }
      try {
        MagnetLink parsed = MagnetLink.parse(link.toString());
        assertThat(parsed.toString().codePoints().noneMatch(SafeText::isHidden)).isTrue();
        accepted++;
      } catch (MetainfoException expected) {
        // Refused by name.
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(accepted).isBetween(5_000, 19_000);
  }
}
