package org.peerwire.swarm.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;

/** B9: what a torrent file may cost, at each bound and one above. */
class FileLimitsTest {
  private static MetainfoFault fault(byte[] file, MetainfoOptions options) {
    MetainfoException e =
        catchThrowableOfType(MetainfoException.class, () -> Metainfo.parse(file, options));
    assertThat(e).isNotNull();
    return e.fault();
  }

  private static MetainfoFault fault(byte[] file) {
    return fault(file, MetainfoOptions.DEFAULT);
  }

  private static MetainfoOptions options(int pieces, int files, int renames) {
    return new MetainfoOptions(BencodeLimits.FILE, pieces, files, 100, renames, true);
  }

  @Test
  void b9_theDefaults() {
    assertThat(BencodeLimits.FILE).isEqualTo(new BencodeLimits(10_000_000, 100, 3_000_000));
    assertThat(MetainfoOptions.DEFAULT)
        .isEqualTo(new MetainfoOptions(BencodeLimits.FILE, 4_194_304, 1_000_000, 100, 500, true));
  }

  @Test
  void b9_bytes() throws Exception {
    assertThat(Metainfo.parse(ofLength(10_000_000)).pieceCount()).isEqualTo(1);
    assertThat(fault(ofLength(10_000_001))).isEqualTo(MetainfoFault.TOO_LARGE);
  }

  private static byte[] ofLength(int length) {
    String rest = "4:infod" + Torrents.single("a", 1) + "ee";
    int comment = length - "d7:comment1234567:".length() - rest.length();
    byte[] file =
        ("d7:comment" + comment + ":" + "x".repeat(comment) + rest)
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(file).hasSize(length);
    return file;
  }

  @Test
  void b9_depth() throws Exception {
    // The file and the info dictionary are two of the hundred.
    assertThat(Metainfo.parse(nested(98)).pieceCount()).isEqualTo(1);
    assertThat(fault(nested(99))).isEqualTo(MetainfoFault.BENCODE);
    assertThat(fault(nested(2_000_000))).isEqualTo(MetainfoFault.BENCODE);
  }

  private static byte[] nested(int lists) {
    return Torrents.torrent(
        Torrents.single("a", 1) + "1:x" + "l".repeat(lists) + "e".repeat(lists));
  }

  @Test
  void b9_tokens() throws Exception {
    int own = Bencode.parse(withEmptyStrings(0), BencodeLimits.FILE, BencodeMode.STRICT).tokens();
    assertThat(Metainfo.parse(withEmptyStrings(3_000_000 - own)).pieceCount()).isEqualTo(1);
    assertThat(fault(withEmptyStrings(3_000_001 - own))).isEqualTo(MetainfoFault.BENCODE);
  }

  private static byte[] withEmptyStrings(int count) {
    return Torrents.torrent(Torrents.single("a", 1) + "1:xl" + "0:".repeat(count) + "e");
  }

  @Test
  void b9_pieces() throws Exception {
    MetainfoOptions ten = options(10, 10, 10);
    byte[] right = Torrents.torrent(Torrents.single("a", 10 * 16_384));
    assertThat(Metainfo.parse(right, ten).pieceCount()).isEqualTo(10);
    assertThat(fault(Torrents.torrent(Torrents.single("a", 10 * 16_384 + 1)), ten))
        .isEqualTo(MetainfoFault.TOO_MANY_PIECES);
    String most =
        "6:lengthi9223372036854775807e4:name1:a12:piece lengthi1e" + Torrents.pieces(1, 1);
    assertThat(fault(Torrents.torrent(most))).isEqualTo(MetainfoFault.TOO_MANY_PIECES);
  }

  @Test
  void b9_files() throws Exception {
    MetainfoOptions three = options(10, 3, 10);
    assertThat(Torrents.withPaths(names(3), three).files()).hasSize(3);
    MetainfoException e =
        catchThrowableOfType(MetainfoException.class, () -> Torrents.withPaths(names(4), three));
    assertThat(e.fault()).isEqualTo(MetainfoFault.TOO_MANY_FILES);
  }

  private static List<List<String>> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> List.of("f" + i)).toList();
  }

  @Test
  void b9_pathDepth() throws Exception {
    List<String> deep = Collections.nCopies(100, "a");
    assertThat(Torrents.withPaths(List.of(deep)).files().get(0).path()).hasSize(101);
    List<String> deeper = Collections.nCopies(101, "a");
    MetainfoException e =
        catchThrowableOfType(MetainfoException.class, () -> Torrents.withPaths(List.of(deeper)));
    assertThat(e.fault()).isEqualTo(MetainfoFault.PATH_DEPTH);
  }

  @Test
  void b9_renames() throws Exception {
    // One keeps its name; the others get new ones.
    assertThat(Torrents.withPaths(Collections.nCopies(501, List.of("a"))).files()).hasSize(501);
    MetainfoException e =
        catchThrowableOfType(
            MetainfoException.class,
            () -> Torrents.withPaths(Collections.nCopies(502, List.of("a"))));
    assertThat(e.fault()).isEqualTo(MetainfoFault.DUPLICATE_NAMES);
  }
}
