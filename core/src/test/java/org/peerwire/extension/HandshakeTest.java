package org.peerwire.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.peerwire.IpAddress;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.bencode.BencodeWriter;

class HandshakeTest {
  static ExtensionHandshake read(byte[] message) {
    try {
      return ExtensionHandshake.read(
          Bencode.parsePrefix(ByteBuffer.wrap(message), BencodeLimits.WIRE, BencodeMode.LENIENT)
              .rootDict());
    } catch (BencodeException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * The example of BEP 10. Its µ is two bytes of UTF-8, C2 B5, in "v13:"; in the name the
   * specification counts it as one, B5, which is Latin-1 and no UTF-8.
   */
  @Test
  void theSpecificationsExample() {
    byte[] literal =
        Wired.latin(
            "d1:md11:LT_metadatai1e6:\u00b5T_PEXi2ee1:pi6881e1:v13:\u00c2\u00b5Torrent 1.2e");
    assertThat(read(literal).m()).containsOnlyKeys("LT_metadata", "\ufffdT_PEX");
    assertThat(read(literal).v()).isEqualTo("\u00b5Torrent 1.2");

    byte[] example =
        "d1:md11:LT_metadatai1e7:\u00b5T_PEXi2ee1:pi6881e1:v13:\u00b5Torrent 1.2e"
            .getBytes(StandardCharsets.UTF_8);
    ExtensionHandshake read = read(example);
    assertThat(read.id("LT_metadata")).isEqualTo(1);
    assertThat(read.id("\u00b5T_PEX")).isEqualTo(2);
    assertThat(read.id("ut_pex")).isZero();
    assertThat(read.p()).isEqualTo(6881);
    assertThat(read.v()).isEqualTo("\u00b5Torrent 1.2");
    assertThat(read.reqq()).isNull();
    assertThat(read.requests()).isEqualTo(250);
    assertThat(read.encode()).isEqualTo(example);
  }

  @Test
  void everyFieldComesBack() {
    ExtensionHandshake all =
        ExtensionHandshake.builder()
            .m("ut_metadata", 3)
            .m("ut_pex", 1)
            .v("peerwire 0.1")
            .p(51413)
            .reqq(500)
            .yourip(IpAddress.parse("192.0.2.1"))
            .ipv4(IpAddress.parse("192.0.2.2"))
            .ipv6(IpAddress.parse("2001:db8::1"))
            .metadataSize(31235)
            .uploadOnly(true)
            .e(false)
            .completeAgo(-1)
            .shareMode(false)
            .other("my_number", 7)
            .other("my_text", "x")
            .other("my_list", ByteBuffer.wrap("li1ei2ee".getBytes(StandardCharsets.US_ASCII)))
            .build();
    assertThat(read(all.encode())).isEqualTo(all);
    assertThat(all.other("my_number")).hasToString("7");
    assertThat(all.other("nothing")).isNull();
    assertThat(new String(all.encode(), StandardCharsets.ISO_8859_1))
        .startsWith("d12:complete_agoi-1e1:ei0e4:ipv44:");
  }

  @Test
  void aLaterOneChangesOnlyWhatItNames() {
    ExtensionHandshake first = read(Wired.latin("d1:md1:ai1e1:bi2ee1:pi6881e1:v1:xe"));
    ExtensionHandshake both = first.plus(read(Wired.latin("d1:md1:ai0e1:ci3ee4:reqqi9ee")));
    assertThat(both.m()).containsOnlyKeys("b", "c");
    assertThat(both.p()).isEqualTo(6881);
    assertThat(both.v()).isEqualTo("x");
    assertThat(both.reqq()).isEqualTo(9);
    // Two ids change places.
    ExtensionHandshake swapped = first.plus(read(Wired.latin("d1:md1:ai2e1:bi1eee")));
    assertThat(swapped.id("a")).isEqualTo(2);
    assertThat(swapped.id("b")).isEqualTo(1);
  }

  @Test
  void whatIsOfAnotherTypeCountsAsNotSaid() {
    byte[] odd = Wired.latin("d1:e1:x1:m1:x1:p1:x4:reqqle1:vi7e6:youripi1ee");
    assertThat(read(odd)).isEqualTo(ExtensionHandshake.EMPTY);
    assertThat(read(new BencodeWriter().beginDict().end().toByteArray()))
        .isEqualTo(ExtensionHandshake.EMPTY);
  }

  @Test
  void ourOwnMistakesAreRefused() {
    ExtensionHandshake.Builder builder = ExtensionHandshake.builder();
    assertThatThrownBy(() -> builder.p(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.m("x", 256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.reqq(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.other("p", 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
