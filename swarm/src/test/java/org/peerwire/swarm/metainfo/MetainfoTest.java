package org.peerwire.swarm.metainfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.bencode.BencodeLimits;

/** v1 torrents as a whole: T09 to T16, T20, T21, T25, T26. */
class MetainfoTest {
  private static MetainfoFault fault(byte[] file) {
    MetainfoException e = catchThrowableOfType(MetainfoException.class, () -> Metainfo.parse(file));
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(200);
    return e.fault();
  }

  private static MetainfoFault fault(String infoEntries) {
    return fault(Torrents.torrent(infoEntries));
  }

  private static InfoHash sha1(String info) throws Exception {
    return InfoHash.of(MessageDigest.getInstance("SHA-1").digest(info.getBytes(ISO_8859_1)));
  }

  @Test
  void aSingleFile() throws Exception {
    String info = Torrents.single("film.mkv", 40_000);
    Metainfo torrent = Torrents.parse(info);
    assertThat(torrent.version()).isEqualTo(MetaVersion.V1);
    assertThat(torrent.name()).isEqualTo("film.mkv");
    assertThat(torrent.infoHash()).isEqualTo(sha1("d" + info + "e"));
    assertThat(torrent.infoHashV1()).hasValue(torrent.infoHash());
    assertThat(torrent.infoHashV2()).isEmpty();
    assertThat(torrent.pieceLength()).isEqualTo(16_384);
    assertThat(torrent.pieceCount()).isEqualTo(3);
    assertThat(torrent.totalLength()).isEqualTo(40_000);
    assertThat(torrent.files()).hasSize(1);
    assertThat(torrent.files().get(0)).hasToString("film.mkv (40000 bytes at 0)");
    assertThat(torrent.isPrivate()).isFalse();
    assertThat(torrent.announceTiers()).isEmpty();
    assertThat(torrent.comment()).isEmpty();
    assertThat(torrent.creationDate()).isEmpty();
    assertThat(torrent.notices()).isEmpty();
    assertThat(ISO_8859_1.decode(torrent.infoBytes()).toString()).isEqualTo("d" + info + "e");
    PieceHashes pieces = torrent.pieces().orElseThrow();
    assertThat(pieces.count()).isEqualTo(3);
    assertThat(pieces.get(2)).isEqualTo(ByteBuffer.wrap("h".repeat(20).getBytes(UTF_8)));
    assertThat(pieces.matches(2, "h".repeat(20).getBytes(UTF_8))).isTrue();
    assertThat(pieces.matches(2, "x".repeat(20).getBytes(UTF_8))).isFalse();
    assertThatThrownBy(() -> pieces.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> pieces.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void severalFiles() throws Exception {
    Metainfo torrent = Torrents.withPaths(List.of(List.of("a"), List.of("sub", "b"), List.of("c")));
    assertThat(torrent.files())
        .extracting(FileEntry::pathText)
        .containsExactly("root/a", "root/sub/b", "root/c");
    assertThat(torrent.files()).extracting(FileEntry::offset).containsExactly(0L, 1L, 2L);
    assertThat(torrent.files()).extracting(FileEntry::index).containsExactly(0, 1, 2);
  }

  @Test
  void aValueDoesNotChangeWithTheCallersArray() throws Exception {
    byte[] file = Torrents.torrent(Torrents.single("a", 1));
    Metainfo torrent = Metainfo.parse(file);
    Arrays.fill(file, (byte) 0);
    assertThat(torrent.pieces().orElseThrow().get(0).get(0)).isEqualTo((byte) 'h');
    assertThat(torrent.infoBytes().isReadOnly()).isTrue();
  }

  @Test
  void anInfoDictionaryAloneIsTheSameTorrent() throws Exception {
    String info = "d" + Torrents.single("a", 1) + "e";
    Metainfo torrent = Metainfo.parseInfo(Torrents.bytes(info));
    assertThat(torrent.infoHash()).isEqualTo(sha1(info));
    MetainfoException e =
        catchThrowableOfType(
            MetainfoException.class, () -> Metainfo.parseInfo(Torrents.bytes(info + " ")));
    assertThat(e.fault()).isEqualTo(MetainfoFault.TRAILING);
    e =
        catchThrowableOfType(
            MetainfoException.class, () -> Metainfo.parseInfo(Torrents.bytes("le")));
    assertThat(e.fault()).isEqualTo(MetainfoFault.NO_INFO);
  }

  @Test
  void trackersComeInTiers() throws Exception {
    byte[] file =
        Torrents.bytes(
            "d8:announce10:udp://x:1/13:announce-listll10:udp://a:1/10:udp://b:1/el10:udp://c:1/10:udp://a:1/ee4:infod"
                + Torrents.single("a", 1)
                + "ee");
    assertThat(Metainfo.parse(file).announceTiers())
        .containsExactly(List.of("udp://a:1/", "udp://b:1/"), List.of("udp://c:1/"));
    byte[] old = Torrents.bytes("d8:announce10:udp://x:1/4:infod" + Torrents.single("a", 1) + "ee");
    assertThat(Metainfo.parse(old).announceTiers()).containsExactly(List.of("udp://x:1/"));
  }

  @Test
  void t09_padFilesAreZerosAndNotWritten() throws Exception {
    String files =
        "d6:lengthi100e4:pathl1:aee"
            + "d4:attr1:p6:lengthi16284e4:pathl4:.pad5:16284ee"
            + "d6:lengthi1e4:pathl1:bee"
            + "d4:attr1:p6:lengthi40000e4:pathl13:important.txtee"
            + "d4:attr1:p6:lengthi7ee"
            + "d6:lengthi2e4:pathl13:important.txtee";
    long total = 100 + 16284 + 1 + 40000 + 7 + 2;
    Metainfo torrent =
        Torrents.parse(
            "5:filesl"
                + files
                + "e4:name1:r12:piece lengthi16384e"
                + Torrents.pieces(total, 16384));
    assertThat(torrent.files())
        .extracting(FileEntry::isWritten)
        .containsExactly(true, false, true, false, false, true);
    assertThat(torrent.files().get(2).offset()).isEqualTo(16384);
    assertThat(torrent.totalLength()).isEqualTo(total);
    // The name of a pad file is nobody's.
    assertThat(torrent.files().get(5).pathText()).isEqualTo("r/important.txt");
    assertThat(
            fault(
                "5:filesld4:attr1:p6:lengthi-1e4:pathl1:aeee4:name1:r12:piece"
                    + " lengthi16384e6:pieces0:"))
        .isEqualTo(MetainfoFault.LENGTH);
  }

  @Test
  void t10_lengths() {
    for (String length : List.of("i-1e", "1:5", "le")) {
      assertThat(
              fault(
                  "6:length"
                      + length
                      + "4:name1:a12:piece lengthi16384e"
                      + Torrents.pieces(1, 16384)))
          .isEqualTo(MetainfoFault.LENGTH);
    }
    assertThat(fault("6:lengthi1.5e4:name1:a12:piece lengthi16384e" + Torrents.pieces(1, 16384)))
        .isEqualTo(MetainfoFault.BENCODE);
    assertThat(
            fault(
                "6:lengthi9223372036854775807e4:name1:a12:piece lengthi16384e"
                    + Torrents.pieces(1, 16384)))
        .isEqualTo(MetainfoFault.TOO_MANY_PIECES);
    String half = "d6:lengthi4611686018427387904e4:pathl1:";
    assertThat(
            fault(
                "5:filesl"
                    + half
                    + "aee"
                    + half
                    + "bee"
                    + "e4:name1:r12:piece lengthi16384e6:pieces0:"))
        .isEqualTo(MetainfoFault.LENGTH);
    assertThat(fault("5:filesld4:pathl1:aeee4:name1:r12:piece lengthi16384e6:pieces0:"))
        .isEqualTo(MetainfoFault.LENGTH);
  }

  @Test
  void t11_pieceLengths() throws Exception {
    for (long length : new long[] {0, -1, 1L << 31, (512L << 20) + 1, Long.MAX_VALUE}) {
      assertThat(
              fault("6:lengthi1e4:name1:a12:piece lengthi" + length + "e" + Torrents.pieces(1, 1)))
          .isEqualTo(MetainfoFault.PIECE_LENGTH);
    }
    assertThat(fault("6:lengthi1e4:name1:a" + Torrents.pieces(1, 1)))
        .isEqualTo(MetainfoFault.PIECE_LENGTH);
    assertThat(fault("6:lengthi1e4:name1:a12:piece length1:x" + Torrents.pieces(1, 1)))
        .isEqualTo(MetainfoFault.PIECE_LENGTH);
    // In v1, any number of bytes will do.
    for (long length : new long[] {1, 3, 512L << 20}) {
      Metainfo torrent =
          Torrents.parse(
              "6:lengthi5e4:name1:a12:piece lengthi" + length + "e" + Torrents.pieces(5, length));
      assertThat(torrent.pieceLength()).isEqualTo((int) length);
    }
  }

  @Test
  void t12_pieceHashes() throws Exception {
    String start = "6:lengthi20000e4:name1:a12:piece lengthi16384e";
    assertThat(Torrents.parse(start + "6:pieces40:" + "h".repeat(40)).pieceCount()).isEqualTo(2);
    for (String pieces :
        List.of(
            "",
            "6:pieces0:",
            "6:pieces39:" + "h".repeat(39),
            "6:pieces41:" + "h".repeat(41),
            "6:pieces20:" + "h".repeat(20),
            "6:pieces60:" + "h".repeat(60),
            "6:piecesi40e",
            "6:piecesle")) {
      assertThat(fault(start + pieces)).isEqualTo(MetainfoFault.PIECES);
    }
    assertThat(fault("6:lengthi0e4:name1:a12:piece lengthi16384e6:pieces0:"))
        .isEqualTo(MetainfoFault.PIECES);
    assertThat(fault("6:lengthi4194305e4:name1:a12:piece lengthi1e6:pieces0:"))
        .isEqualTo(MetainfoFault.TOO_MANY_PIECES);
  }

  @Test
  void t13_fiveTebibytes() throws Exception {
    long total = 5L << 40;
    int pieceLength = 16 << 20;
    Metainfo torrent =
        Metainfo.parse(
            Torrents.multi(
                "big",
                pieceLength,
                total,
                files ->
                    files
                        .beginDict()
                        .put("length", total - 1)
                        .key("path")
                        .beginList()
                        .string("a")
                        .end()
                        .end()
                        .beginDict()
                        .put("length", 1)
                        .key("path")
                        .beginList()
                        .string("b")
                        .end()
                        .end()));
    assertThat(torrent.pieceCount()).isEqualTo(327_680);
    assertThat(torrent.totalLength()).isEqualTo(total);
    assertThat(torrent.pieceMap().spans(327_679, pieceLength - 10, 10))
        .containsExactly(
            new FileSpan(torrent.files().get(0), total - 10, 9),
            new FileSpan(torrent.files().get(1), 0, 1));
    assertThat(torrent.pieceMap().spans(256, 0, 16384))
        .containsExactly(new FileSpan(torrent.files().get(0), 4L << 30, 16384));
  }

  @Test
  void t14_theInfoHashIsOverTheOriginalBytes() throws Exception {
    String sorted = Torrents.single("a", 1);
    String unsorted = "4:name1:a6:lengthi1e12:piece lengthi16384e" + Torrents.pieces(1, 16384);
    String repeated =
        "6:lengthi1e6:lengthi9e4:name1:a4:name1:b12:piece lengthi16384e"
            + Torrents.pieces(1, 16384);
    String zeros =
        "6:lengthi1e4:name1:a12:piece lengthi16384e" + Torrents.pieces(1, 16384) + "7:privatei00e";
    for (String info : List.of(unsorted, repeated, zeros)) {
      Metainfo torrent = Torrents.parse(info);
      assertThat(torrent.infoHash()).isEqualTo(sha1("d" + info + "e"));
      assertThat(torrent.notices()).containsExactly(MetainfoNotice.NOT_CANONICAL);
      assertThat(torrent.name()).isEqualTo("a");
      assertThat(torrent.totalLength()).isEqualTo(1);
      assertThat(torrent.isPrivate()).isFalse();
    }
    assertThat(Torrents.parse(sorted).notices()).isEmpty();
  }

  @Test
  void t15_theInfoDictionaryIsOneAndADictionary() throws Exception {
    String info = "d" + Torrents.single("a", 1) + "e";
    assertThat(fault(Torrents.bytes("d4:info" + info + "4:info" + info + "e")))
        .isEqualTo(MetainfoFault.DUPLICATE_INFO);
    assertThat(fault(Torrents.bytes("d4:info" + info + "1:x0:4:infoi1ee")))
        .isEqualTo(MetainfoFault.DUPLICATE_INFO);
    assertThat(fault(Torrents.bytes("d4:infoi1ee"))).isEqualTo(MetainfoFault.NO_INFO);
    assertThat(fault(Torrents.bytes("d4:infolee"))).isEqualTo(MetainfoFault.NO_INFO);
    assertThat(fault(Torrents.bytes("de"))).isEqualTo(MetainfoFault.NO_INFO);
    assertThat(fault(Torrents.bytes("\u00ef\u00bb\u00bfd4:info" + info + "e")))
        .isEqualTo(MetainfoFault.NOT_A_TORRENT);
    assertThat(fault(Torrents.bytes("d4:info" + info + "eX"))).isEqualTo(MetainfoFault.TRAILING);
    Metainfo edited = Metainfo.parse(Torrents.bytes("d4:info" + info + "e\r\n"));
    assertThat(edited.notices()).containsExactly(MetainfoNotice.TRAILING_SPACE);
  }

  @Test
  void t16_whenInDoubtATorrentIsPrivate() throws Exception {
    for (String yes : List.of("i1e", "i-1e", "i2e", "1:1", "3:i2e", "1:0", "le", "li1ee", "de")) {
      assertThat(Torrents.parse(Torrents.single("a", 1) + "7:private" + yes).isPrivate())
          .as(yes)
          .isTrue();
    }
    for (String no : List.of("i0e", "0:")) {
      assertThat(Torrents.parse(Torrents.single("a", 1) + "7:private" + no).isPrivate())
          .as(no)
          .isFalse();
    }
  }

  @Test
  void filesAreOneOrMany() {
    assertThat(fault("5:filesle" + Torrents.single("a", 1))).isEqualTo(MetainfoFault.FILES);
    assertThat(fault("5:filesle4:name1:a12:piece lengthi1e6:pieces0:"))
        .isEqualTo(MetainfoFault.FILES);
    assertThat(fault("4:name1:a12:piece lengthi1e6:pieces0:")).isEqualTo(MetainfoFault.FILES);
    assertThat(fault("5:filesli1ee4:name1:a12:piece lengthi1e6:pieces0:"))
        .isEqualTo(MetainfoFault.FILES);
    assertThat(fault("5:filesld6:lengthi1eee4:name1:a12:piece lengthi1e6:pieces0:"))
        .isEqualTo(MetainfoFault.PATH);
    assertThat(fault("5:filesld6:lengthi1e4:pathleee4:name1:a12:piece lengthi1e6:pieces0:"))
        .isEqualTo(MetainfoFault.PATH);
    assertThat(fault("5:filesld6:lengthi1e4:pathli1eeee4:name1:a12:piece lengthi1e6:pieces0:"))
        .isEqualTo(MetainfoFault.PATH);
    assertThat(fault("6:lengthi1e12:piece lengthi1e6:pieces0:")).isEqualTo(MetainfoFault.NAME);
    assertThat(fault("4:attr1:l" + Torrents.single("a", 1))).isEqualTo(MetainfoFault.FILES);
  }

  @Test
  void theUtf8FormOfANameIsPreferred() throws Exception {
    Metainfo torrent =
        Torrents.parse(
            "6:lengthi1e4:name1:\u00fc10:name.utf-82:\u00c3\u00bc12:piece lengthi16384e"
                + Torrents.pieces(1, 16384));
    assertThat(torrent.name()).isEqualTo("ü");
  }

  @Test
  void t20_largeTorrentsCostLittle() throws Exception {
    byte[] manyPieces =
        Torrents.torrent(
            "6:lengthi2000001e4:name1:a12:piece lengthi4e" + Torrents.pieces(2_000_001, 4));
    assertThat(manyPieces.length).isGreaterThan(10_000_000);
    assertThat(fault(manyPieces)).isEqualTo(MetainfoFault.TOO_LARGE);
    assertThat(Metainfo.parse(manyPieces, large()).pieceCount()).isEqualTo(500_001);
    // A million empty files, and one that is not.
    StringBuilder files = new StringBuilder("d6:lengthi1e4:pathl1:xee");
    for (int i = 1; i < 1_000_000; i++) {
      files
          .append("d6:lengthi0e4:pathl6:")
          .append(Integer.toString(2_000_000 - i).substring(1))
          .append("ee");
    }
    byte[] manyFiles =
        Torrents.torrent(
            "5:filesl" + files + "e4:name1:r12:piece lengthi16384e" + Torrents.pieces(1, 16384));
    assertThat(Metainfo.parse(manyFiles, large()).files()).hasSize(1_000_000);
    assertThat(fault(Torrents.torrent("1:x" + "l" + "le".repeat(3_000_000) + "e")))
        .isEqualTo(MetainfoFault.BENCODE);
    assertThat(fault(new byte[100 << 20])).isEqualTo(MetainfoFault.NOT_A_TORRENT);
  }

  private static MetainfoOptions large() {
    return MetainfoOptions.DEFAULT.withBencode(new BencodeLimits(64_000_000, 100, 10_000_000));
  }

  @Test
  void t20_moreFilesThanTheLimitAreRefused() {
    MetainfoOptions few = new MetainfoOptions(BencodeLimits.FILE, 10, 2, 10, 10, true);
    MetainfoException e =
        catchThrowableOfType(
            MetainfoException.class,
            () -> Torrents.withPaths(List.of(List.of("a"), List.of("b"), List.of("c")), few));
    assertThat(e.fault()).isEqualTo(MetainfoFault.TOO_MANY_FILES);
  }

  @Test
  void t21_somethingElseIsNotATorrent() {
    for (String text :
        List.of(
            "",
            "<!DOCTYPE html>",
            "  <html>",
            "\u001f\u008b\u0008",
            "PK\u0003\u0004",
            "magnet:?xt=x",
            "hello",
            "dog",
            "le",
            "i1e")) {
      assertThat(fault(Torrents.bytes(text))).as(text).isEqualTo(MetainfoFault.NOT_A_TORRENT);
    }
    assertThatThrownBy(() -> Metainfo.parse(Torrents.bytes("<html>")))
        .hasMessage("not a torrent: it looks like a web page");
    assertThat(fault(Torrents.bytes("d4:infod4:name"))).isEqualTo(MetainfoFault.BENCODE);
  }

  @Test
  void t25_onlyAddressesOfTrackersAreKept() throws Exception {
    for (String url :
        List.of(
            "file:///etc/passwd",
            "gopher://x/",
            "http://a b/",
            "http://a\nHost:x/",
            "//x",
            "http://" + "x".repeat(3_000))) {
      byte[] file =
          Torrents.bytes(
              "d8:announce" + Torrents.string(url) + "4:infod" + Torrents.single("a", 1) + "ee");
      Metainfo torrent = Metainfo.parse(file);
      assertThat(torrent.announceTiers()).isEmpty();
      assertThat(torrent.notices()).containsExactly(MetainfoNotice.TRACKERS_SKIPPED);
    }
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      many.append('l').append(Torrents.string("udp://tracker" + i)).append('e');
    }
    byte[] file =
        Torrents.bytes("d13:announce-listl" + many + "e4:infod" + Torrents.single("a", 1) + "ee");
    assertThat(Metainfo.parse(file).announceTiers()).hasSize(100);
  }

  @Test
  void t26_commentsAreSafeToShow() throws Exception {
    String comment = "\u001b]0;owned\u0007" + "x".repeat(1_000_000);
    byte[] file =
        Torrents.bytes(
            "d7:comment"
                + Torrents.string(comment)
                + "10:created by"
                + Torrents.string("me\r\n\u202e")
                + "13:creation datei-5e4:infod"
                + Torrents.single("a", 1)
                + "ee");
    Metainfo torrent = Metainfo.parse(file);
    assertThat(torrent.comment().orElseThrow())
        .startsWith("\\u{1b}]0;owned\\u{7}xxx")
        .hasSizeLessThan(300);
    assertThat(torrent.createdBy()).hasValue("me\\u{d}\\u{a}\\u{202e}");
    assertThat(torrent.creationDate()).hasValue(-5);
  }
}
