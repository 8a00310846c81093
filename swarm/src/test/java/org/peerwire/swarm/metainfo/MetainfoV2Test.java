package org.peerwire.swarm.metainfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.bencode.BencodeLimits;

/** v2 and hybrid torrents: T11, T14, T17 to T19, V08, V11. */
class MetainfoV2Test {
  private static final int PIECE = 32_768;
  private static final String PIECE_LENGTH = "12:piece lengthi32768e";
  private static final String ROOT = "r".repeat(32);

  private static String leaf(long length, String root) {
    return "d0:d6:lengthi" + length + "e" + (length == 0 ? "" : "11:pieces root32:" + root) + "ee";
  }

  private static String v2(String tree) {
    return "9:file treed" + tree + "e12:meta versioni2e4:name4:root" + PIECE_LENGTH;
  }

  private static MetainfoFault fault(String infoEntries) {
    return fault(Torrents.torrent(infoEntries));
  }

  private static MetainfoFault fault(byte[] file) {
    MetainfoException e = catchThrowableOfType(MetainfoException.class, () -> Metainfo.parse(file));
    assertThat(e).isNotNull();
    return e.fault();
  }

  /** The root of a tree over these hashes, filled up with {@code pad}, by the plainest of ways. */
  private static String root(List<String> hashes, String pad) throws Exception {
    List<String> row = new ArrayList<>(hashes);
    while (Integer.bitCount(row.size()) != 1) {
      row.add(pad);
    }
    while (row.size() > 1) {
      List<String> parents = new ArrayList<>();
      for (int i = 0; i < row.size(); i += 2) {
        parents.add(sha256(row.get(i) + row.get(i + 1)));
      }
      row = parents;
    }
    return row.get(0);
  }

  private static String sha256(String text) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(ISO_8859_1));
    return new String(digest, ISO_8859_1);
  }

  private static String padOfOnePiece() throws Exception {
    String zero = "\0".repeat(32);
    return sha256(zero + zero);
  }

  private static List<String> layer(int pieces) throws Exception {
    List<String> hashes = new ArrayList<>();
    for (int i = 0; i < pieces; i++) {
      hashes.add(sha256("piece " + i));
    }
    return hashes;
  }

  private static byte[] withLayers(String info, String layers) {
    return Torrents.bytes("d4:infod" + info + "e12:piece layersd" + layers + "ee");
  }

  private static String entry(String root, String layer) {
    return "32:" + root + layer.length() + ":" + layer;
  }

  @Test
  void filesStartPiecesOfTheirOwn() throws Exception {
    String tree =
        "1:a"
            + leaf(40_000, ROOT)
            + "1:bd1:x"
            + leaf(0, "")
            + "1:y"
            + leaf(1, ROOT)
            + "e1:c"
            + leaf(PIECE, ROOT);
    Metainfo torrent = Torrents.parse(v2(tree));
    assertThat(torrent.version()).isEqualTo(MetaVersion.V2);
    assertThat(torrent.files())
        .extracting(FileEntry::toString)
        .containsExactly(
            "root/a (40000 bytes at 0)",
            "root/b/x (0 bytes at 40000)",
            "root/b/y (1 bytes at 65536)",
            "root/c (32768 bytes at 98304)");
    assertThat(torrent.pieceCount()).isEqualTo(4);
    assertThat(torrent.totalLength()).isEqualTo(40_000 + 1 + PIECE);
    PieceMap map = torrent.pieceMap();
    assertThat(List.of(map.pieceSize(0), map.pieceSize(1), map.pieceSize(2), map.pieceSize(3)))
        .containsExactly(PIECE, 40_000 - PIECE, 1, PIECE);
    assertThat(map.spans(1, 0, 10))
        .containsExactly(new FileSpan(torrent.files().get(0), PIECE, 10));
    assertThat(map.spans(2, 0, 1)).containsExactly(new FileSpan(torrent.files().get(2), 0, 1));
    assertThat(torrent.pieces()).isEmpty();
    String info = "d" + v2(tree) + "e";
    assertThat(new String(torrent.infoHashV2().orElseThrow().toBytes(), ISO_8859_1))
        .isEqualTo(sha256(info));
    assertThat(torrent.infoHash()).isEqualTo(torrent.infoHashV2().orElseThrow().truncated());
    assertThat(torrent.infoHashV1()).isEmpty();
  }

  @Test
  void aSingleFileHasNoFolder() throws Exception {
    Metainfo torrent = Torrents.parse(v2("5:a.txt" + leaf(5, ROOT)));
    assertThat(torrent.files().get(0).path()).containsExactly("a.txt");
    assertThat(torrent.files().get(0).piecesRoot().orElseThrow().remaining()).isEqualTo(32);
    assertThat(Torrents.parse(v2("1:dd1:x" + leaf(5, ROOT) + "e")).files().get(0).path())
        .containsExactly("root", "d", "x");
  }

  @Test
  void t01_namesInATreeAreMadeSafe() throws Exception {
    Metainfo torrent = Torrents.parse(v2("2:..d11:/etc/passwd" + leaf(5, ROOT) + "e"));
    assertThat(torrent.files().get(0).path()).containsExactly("root", "_", "etcpasswd");
  }

  @Test
  void t05_deepTreesAreRefused() {
    MetainfoOptions shallow = new MetainfoOptions(BencodeLimits.FILE, 10, 10, 3, 10, true);
    byte[] tree = Torrents.torrent(v2("1:ad1:bd1:cd1:d" + leaf(1, ROOT) + "eee"));
    MetainfoException e =
        catchThrowableOfType(MetainfoException.class, () -> Metainfo.parse(tree, shallow));
    assertThat(e.fault()).isEqualTo(MetainfoFault.PATH_DEPTH);
    assertThat(fault(v2("1:ad".repeat(10_000) + "e".repeat(10_000))))
        .isEqualTo(MetainfoFault.BENCODE);
  }

  @Test
  void t09_aTreeHasNoPadFiles() {
    assertThat(fault(v2("1:ad0:d4:attr1:p6:lengthi5e11:pieces root32:" + ROOT + "ee")))
        .isEqualTo(MetainfoFault.FILES);
  }

  @Test
  void t11_pieceLengthsArePowersOfTwo() {
    for (long length : new long[] {0, 1, 3, 8_192, 16_383, 16_385, 49_152, 1L << 30, 1L << 31}) {
      assertThat(
              fault(
                  "9:file treed1:a"
                      + leaf(1, ROOT)
                      + "e12:meta versioni2e4:name1:a12:piece lengthi"
                      + length
                      + "e"))
          .isEqualTo(MetainfoFault.PIECE_LENGTH);
    }
  }

  @Test
  void t14_aV2InfoDictionaryIsCanonical() throws Exception {
    String unsorted =
        "12:meta versioni2e9:file treed1:a" + leaf(1, ROOT) + "e4:name1:a" + PIECE_LENGTH;
    assertThat(fault(unsorted)).isEqualTo(MetainfoFault.NOT_CANONICAL);
    assertThat(fault(v2("1:b" + leaf(1, ROOT) + "1:a" + leaf(1, ROOT))))
        .isEqualTo(MetainfoFault.NOT_CANONICAL);
    assertThat(fault(v2("1:a" + leaf(1, ROOT) + "1:a" + leaf(1, ROOT))))
        .isEqualTo(MetainfoFault.NOT_CANONICAL);
    // Outside the info dictionary, order is nobody's hash.
    byte[] outside = Torrents.bytes("d4:infod" + v2("1:a" + leaf(1, ROOT)) + "e1:ai1ee");
    assertThat(Metainfo.parse(outside).notices()).contains(MetainfoNotice.NOT_CANONICAL);
  }

  @Test
  void t17_pieceLayersAreChecked() throws Exception {
    for (int pieces : new int[] {2, 3, 4, 5, 7, 8, 9, 33}) {
      List<String> layer = layer(pieces);
      String root = root(layer, padOfOnePiece());
      String hashes = String.join("", layer);
      String info = v2("1:a" + leaf((pieces - 1L) * PIECE + 1, root));
      Metainfo torrent = Metainfo.parse(withLayers(info, entry(root, hashes)));
      assertThat(torrent.notices()).isEmpty();
      PieceHashes found = torrent.pieceLayer(torrent.files().get(0)).orElseThrow();
      assertThat(found.count()).isEqualTo(pieces);
      assertThat(found.matches(pieces - 1, layer.get(pieces - 1).getBytes(ISO_8859_1))).isTrue();

      assertThat(fault(withLayers(info, entry("x".repeat(32), hashes))))
          .isEqualTo(MetainfoFault.PIECE_LAYERS);
      assertThat(fault(withLayers(info, entry(root, hashes.substring(1)))))
          .isEqualTo(MetainfoFault.PIECE_LAYERS);
      assertThat(fault(withLayers(info, entry(root, hashes + padOfOnePiece()))))
          .isEqualTo(MetainfoFault.PIECE_LAYERS);
      assertThat(fault(withLayers(info, entry(root, "x" + hashes.substring(1)))))
          .isEqualTo(MetainfoFault.PIECE_LAYERS);
      assertThat(fault(withLayers(info, "32:" + root + "i1e")))
          .isEqualTo(MetainfoFault.PIECE_LAYERS);
      assertThat(Torrents.parse(info).notices())
          .containsExactly(MetainfoNotice.PIECE_LAYERS_MISSING);
    }
    byte[] noDictionary =
        Torrents.bytes("d4:infod" + v2("1:a" + leaf(1, ROOT)) + "e12:piece layersi1ee");
    assertThat(fault(noDictionary)).isEqualTo(MetainfoFault.PIECE_LAYERS);
  }

  @Test
  void v08_piecesAtTheBoundaries() throws Exception {
    long[] lengths = {
      0,
      1,
      16_383,
      16_384,
      16_385,
      PIECE - 1,
      PIECE,
      PIECE + 1,
      511L * PIECE,
      512L * PIECE,
      512L * PIECE + 1
    };
    int[] pieces = {0, 1, 1, 1, 1, 1, 1, 2, 511, 512, 513};
    for (int i = 0; i < lengths.length; i++) {
      String info = v2("1:a" + leaf(lengths[i], ROOT) + "1:b" + leaf(1, ROOT));
      Metainfo torrent = Torrents.parse(info);
      assertThat(torrent.pieceCount()).isEqualTo(pieces[i] + 1);
      assertThat(torrent.notices().contains(MetainfoNotice.PIECE_LAYERS_MISSING))
          .isEqualTo(pieces[i] > 1);
      assertThat(torrent.pieceMap().firstPiece(torrent.files().get(1))).isEqualTo(pieces[i]);
    }
    assertThat(fault(v2("1:a" + leaf(0, "")))).isEqualTo(MetainfoFault.PIECES);
  }

  @Test
  void v11_rootsOfFiles() {
    for (String root :
        List.of(
            "",
            "11:pieces root31:" + "r".repeat(31),
            "11:pieces root33:" + "r".repeat(33),
            "11:pieces root32:" + "\0".repeat(32),
            "11:pieces rooti1e")) {
      assertThat(fault(v2("1:ad0:d6:lengthi5e" + root + "ee")))
          .isEqualTo(MetainfoFault.PIECES_ROOT);
    }
  }

  private static String hybrid(String files, String tree, long total) {
    return "9:file treed"
        + tree
        + "e5:filesl"
        + files
        + "e12:meta versioni2e4:name4:root"
        + PIECE_LENGTH
        + Torrents.pieces(total, PIECE);
  }

  private static String file(String name, long length) {
    return "d6:lengthi" + length + "e4:pathl" + Torrents.string(name) + "ee";
  }

  private static String pad(long length) {
    return "d4:attr1:p6:lengthi" + length + "e4:pathl4:.padee";
  }

  @Test
  void aHybridIsOneTorrentWithTwoHashes() throws Exception {
    String tree = "1:a" + leaf(100, ROOT) + "1:b" + leaf(7, ROOT);
    long total = PIECE + 7;
    Metainfo torrent =
        Torrents.parse(hybrid(file("a", 100) + pad(PIECE - 100) + file("b", 7), tree, total));
    assertThat(torrent.version()).isEqualTo(MetaVersion.HYBRID);
    assertThat(torrent.infoHash()).isEqualTo(torrent.infoHashV1().orElseThrow());
    assertThat(torrent.infoHashV2()).isPresent();
    assertThat(torrent.files()).hasSize(3);
    assertThat(torrent.files().get(2).piecesRoot()).isPresent();
    assertThat(torrent.files().get(1).piecesRoot()).isEmpty();
    assertThat(torrent.pieceMap().pieceSize(0)).isEqualTo(PIECE);
    assertThat(torrent.pieces().orElseThrow().count()).isEqualTo(2);

    String single =
        "9:file treed1:a"
            + leaf(5, ROOT)
            + "e6:lengthi5e12:meta versioni2e4:name1:a"
            + PIECE_LENGTH;
    assertThat(Torrents.parse(single + Torrents.pieces(5, PIECE)).files().get(0).path())
        .containsExactly("a");
  }

  @Test
  void t18_theHalvesOfAHybridDescribeTheSameFiles() {
    String tree = "1:a" + leaf(100, ROOT) + "1:b" + leaf(7, ROOT);
    long total = PIECE + 7;
    String gap = pad(PIECE - 100);
    List<String> wrong =
        List.of(
            hybrid(file("a", 100) + gap + file("c", 7), tree, total),
            hybrid(file("a", 100) + gap + file("b", 8), tree, total + 1),
            hybrid(file("a", 100) + file("b", 7), tree, 107),
            hybrid(file("a", 100), tree, 100),
            hybrid(
                file("a", 100) + gap + file("b", 7) + pad(PIECE - 7) + file("c", 1),
                tree,
                2 * PIECE + 1),
            hybrid(file("b", 7) + pad(PIECE - 7) + file("a", 100), tree, PIECE + 100),
            "9:file treed1:b"
                + leaf(5, ROOT)
                + "e6:lengthi5e12:meta versioni2e4:name1:a"
                + PIECE_LENGTH
                + Torrents.pieces(5, PIECE));
    for (String info : wrong) {
      assertThat(fault(info)).as(info).isEqualTo(MetainfoFault.HYBRID_MISMATCH);
    }
  }

  @Test
  void t19_otherVersionsAreNotSupported() {
    // Before anything else: nothing else in these is right.
    for (String version : List.of("i3e", "i0e", "i1e", "i-2e", "1:2", "le")) {
      assertThat(fault("12:meta version" + version)).isEqualTo(MetainfoFault.UNSUPPORTED_VERSION);
    }
    assertThat(fault("9:file treed1:a" + leaf(1, ROOT) + "e" + Torrents.single("a", 1)))
        .isEqualTo(MetainfoFault.UNSUPPORTED_VERSION);
  }

  @Test
  void t19_treesAreWellFormed() {
    String file = "d6:lengthi5e11:pieces root32:" + ROOT + "e";
    for (String tree :
        List.of(
            "",
            "1:ai1e",
            "1:ad0:i1ee",
            "1:ad0:" + file + "1:b" + leaf(5, ROOT) + "e",
            "0:" + file,
            "1:ade")) {
      assertThat(fault(v2(tree))).as(tree).isEqualTo(MetainfoFault.FILES);
    }
    assertThat(fault("12:meta versioni2e4:name1:a" + PIECE_LENGTH)).isEqualTo(MetainfoFault.FILES);
    assertThat(fault(v2("1:ad0:d11:pieces root32:" + ROOT + "ee"))).isEqualTo(MetainfoFault.LENGTH);
  }
}
