package org.peerwire.swarm.metainfo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetainfoBuilderTest {
  @Test
  void aSingleFileByteForByte() {
    byte[] file =
        new MetainfoBuilder("a", 16_384)
            .singleFile(3)
            .createdBy("")
            .build("h".repeat(20).getBytes(UTF_8));
    assertThat(new String(file, UTF_8))
        .isEqualTo(
            "d4:infod6:lengthi3e4:name1:a12:piece lengthi16384e6:pieces20:hhhhhhhhhhhhhhhhhhhhee");
  }

  @Test
  void whatIsBuiltReadsBack() throws Exception {
    MetainfoBuilder builder =
        new MetainfoBuilder("ordner", 16_384)
            .file(List.of("sub", "ü"), 20_000)
            .file(List.of("empty"), 0)
            .file(List.of("b"), 1)
            .tier(List.of("http://a/announce", "udp://b:1"))
            .tier(List.of("https://c/"))
            .isPrivate(true)
            .comment("hello")
            .creationDate(7);
    assertThat(builder.totalLength()).isEqualTo(20_001);
    assertThat(builder.pieceCount()).isEqualTo(2);
    byte[] hashes = new byte[40];
    hashes[39] = 5;
    Metainfo torrent = Metainfo.parse(builder.build(hashes));
    assertThat(torrent.notices()).isEmpty();
    assertThat(torrent.files())
        .extracting(FileEntry::toString)
        .containsExactly(
            "ordner/sub/ü (20000 bytes at 0)",
            "ordner/empty (0 bytes at 20000)",
            "ordner/b (1 bytes at 20000)");
    assertThat(torrent.announceTiers())
        .containsExactly(List.of("http://a/announce", "udp://b:1"), List.of("https://c/"));
    assertThat(torrent.isPrivate()).isTrue();
    assertThat(torrent.comment()).hasValue("hello");
    assertThat(torrent.createdBy()).hasValue("peerwire");
    assertThat(torrent.creationDate()).hasValue(7);
    assertThat(torrent.pieces().orElseThrow().bytes()).isEqualTo(ByteBuffer.wrap(hashes));
    assertThat(torrent.infoBytes()).isEqualTo(ByteBuffer.wrap(builder.buildInfo(hashes)));
  }

  @Test
  void namesThatReadersWouldChangeAreRefused() {
    for (String name : List.of("", ".", "..", "a/b", "a\0b", "x".repeat(300), "a\u202eb")) {
      assertThatIllegalArgumentException().isThrownBy(() -> new MetainfoBuilder(name, 16_384));
      MetainfoBuilder builder = new MetainfoBuilder("a", 16_384);
      assertThatIllegalArgumentException().isThrownBy(() -> builder.file(List.of("a", name), 1));
    }
  }

  @Test
  void nonsenseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new MetainfoBuilder("a", 0));
    MetainfoBuilder builder = new MetainfoBuilder("a", 16_384);
    assertThatIllegalArgumentException().isThrownBy(() -> builder.singleFile(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.file(List.of(), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.build(new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.tier(List.of("file:///x")));
    builder.singleFile(1);
    assertThatIllegalArgumentException().isThrownBy(() -> builder.file(List.of("b"), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.build(new byte[19]));
  }

  @Test
  void suggestedPieceLengths() {
    assertThat(MetainfoBuilder.suggestedPieceLength(0)).isEqualTo(16 << 10);
    assertThat(MetainfoBuilder.suggestedPieceLength(256 << 20)).isEqualTo(256 << 10);
    assertThat(MetainfoBuilder.suggestedPieceLength(5L << 40)).isEqualTo(16 << 20);
  }
}
