package org.peerwire.bencode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.peerwire.Allocation;

class BencodeWriterTest {
  private static String text(BencodeWriter writer) {
    return new String(writer.toByteArray(), UTF_8);
  }

  @Test
  void keysAreSortedAsRawBytes() {
    BencodeWriter writer = new BencodeWriter().beginDict();
    writer.key(new byte[] {(byte) 0x80}).integer(4);
    writer.put("b", "x").key("a").beginDict().put("z", 1).put("y", -2).end();
    writer.key("ab").beginList().integer(Long.MIN_VALUE).string("").end();
    byte[] bytes = writer.end().toByteArray();
    byte[] expected =
        "d1:ad1:yi-2e1:zi1ee2:abli-9223372036854775808e0:e1:b1:x1:?i4ee".getBytes(UTF_8);
    expected[expected.length - 5] = (byte) 0x80;
    assertThat(bytes).isEqualTo(expected);
  }

  @Test
  void encodedBytesStayAsTheyAre() {
    ByteBuffer info = ByteBuffer.wrap("d1:bi1e1:ai2ee".getBytes(UTF_8));
    BencodeWriter writer = new BencodeWriter().beginDict().key("info").encoded(info).end();
    assertThat(text(writer)).isEqualTo("d4:infod1:bi1e1:ai2eee");
    assertThat(info.position()).isZero();
  }

  /** The pieces of a .torrent are most of it: once into the writer, and once out of it. */
  @Test
  void whatIsMostOfTheDocumentIsNotCopiedForTheLittleBehindIt() throws Exception {
    byte[] pieces = new byte[200_000];
    long allocated =
        Allocation.of(
            () -> {
              BencodeWriter writer = new BencodeWriter().beginDict().key("info").beginDict();
              writer.put("name", "x").put("pieces", pieces).end().put("z", 1).end();
              assertThat(writer.toByteArray()).hasSizeGreaterThan(pieces.length);
            });
    assertThat(allocated).isLessThan(pieces.length * 22L / 10);
  }

  @Test
  void misuseIsToldAtOnce() {
    assertThatIllegalStateException().isThrownBy(() -> new BencodeWriter().end());
    assertThatIllegalStateException().isThrownBy(() -> new BencodeWriter().key("a"));
    assertThatIllegalStateException().isThrownBy(() -> new BencodeWriter().beginList().key("a"));
    assertThatIllegalStateException().isThrownBy(() -> new BencodeWriter().beginDict().integer(1));
    assertThatIllegalStateException()
        .isThrownBy(() -> new BencodeWriter().beginDict().key("a").key("b"));
    assertThatIllegalStateException()
        .isThrownBy(() -> new BencodeWriter().beginDict().key("a").end());
    assertThatIllegalStateException()
        .isThrownBy(() -> new BencodeWriter().beginDict().put("a", 1).put("a", 2).end());
    assertThatIllegalStateException()
        .isThrownBy(
            () -> new BencodeWriter().beginDict().put("b", 1).put("a", 1).put("b", 2).end());
    assertThatIllegalStateException().isThrownBy(() -> new BencodeWriter().integer(1).integer(2));
    assertThatIllegalStateException().isThrownBy(() -> new BencodeWriter().toByteArray());
    assertThatIllegalStateException()
        .isThrownBy(() -> new BencodeWriter().beginList().toByteArray());
  }
}
