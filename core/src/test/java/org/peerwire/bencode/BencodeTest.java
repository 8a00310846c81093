package org.peerwire.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Allocation;
import org.peerwire.bencode.BencodeDict.Entry;

class BencodeTest {
  private static final BencodeLimits WIRE = BencodeLimits.WIRE;

  private static BencodeDocument lenient(String text) throws BencodeException {
    return Bencode.parse(text.getBytes(ISO_8859_1), WIRE, BencodeMode.LENIENT);
  }

  private static BencodeDocument strict(String text) throws BencodeException {
    return Bencode.parse(text.getBytes(ISO_8859_1), WIRE, BencodeMode.STRICT);
  }

  private static void refused(String text, BencodeFault fault, int offset) {
    for (BencodeMode mode : BencodeMode.values()) {
      BencodeException e =
          catchThrowableOfType(
              BencodeException.class, () -> Bencode.parse(text.getBytes(ISO_8859_1), WIRE, mode));
      assertThat(e).as(text).isNotNull();
      assertThat(e.fault()).as(text).isEqualTo(fault);
      assertThat(e.offset()).as(text).isEqualTo(offset);
    }
  }

  @Test
  void examplesOfBep52() throws Exception {
    assertThat(((BencodeString) strict("4:spam").root()).text()).isEqualTo("spam");
    assertThat(((BencodeInteger) strict("i3e").root()).value()).isEqualTo(3);
    assertThat(((BencodeInteger) strict("i-3e").root()).value()).isEqualTo(-3);
    assertThat(((BencodeInteger) strict("i0e").root()).value()).isZero();
    assertThat(strict("l4:spam4:eggse").root()).hasToString("[\"spam\", \"eggs\"]");
    BencodeDict dict = strict("d3:cow3:moo4:spam4:eggse").rootDict();
    assertThat(dict.text("cow")).isEqualTo("moo");
    assertThat(dict.text("spam")).isEqualTo("eggs");
    assertThat(strict("d4:spaml1:a1:bee").root()).hasToString("{\"spam\": [\"a\", \"b\"]}");
    assertThat(strict("i-9223372036854775808e").root()).hasToString("-9223372036854775808");
    assertThat(strict("i9223372036854775807e").root()).hasToString("9223372036854775807");
  }

  @Test
  void exampleOfBep10() throws Exception {
    byte[] payload =
        "d1:md11:LT_metadatai1e6:µT_PEXi2ee1:pi6881e1:v13:µTorrent 1.2e".getBytes(UTF_8);
    // "6:µT_PEX" counts characters in the BEP's text; as UTF-8 it is seven bytes.
    payload = new String(payload, UTF_8).replace("6:µ", "7:µ").getBytes(UTF_8);
    BencodeDict handshake = Bencode.parse(payload, WIRE, BencodeMode.STRICT).rootDict();
    BencodeDict ids = requireNonNull(handshake.dict("m"));
    assertThat(ids.integer("LT_metadata")).hasValue(1);
    assertThat(ids.integer("µT_PEX")).hasValue(2);
    assertThat(handshake.integer("p")).hasValue(6881);
    assertThat(handshake.text("v")).isEqualTo("µTorrent 1.2");
  }

  @Test
  void aValueOfAnotherTypeIsAsGoodAsNone() throws Exception {
    BencodeDict dict = strict("d1:ai1e1:b1:x1:cle1:ddee").rootDict();
    assertThat(dict.integer("b")).isEmpty();
    assertThat(dict.integer("nothing")).isEmpty();
    assertThat(dict.string("a")).isNull();
    assertThat(dict.text("c")).isNull();
    assertThat(dict.list("d")).isNull();
    assertThat(dict.dict("c")).isNull();
    assertThat(dict.has("a")).isTrue();
    assertThat(dict.get("nothing")).isNull();
    assertThat(dict.size()).isEqualTo(4);
    assertThat(strict("le").rootDict().isEmpty()).isTrue();
    assertThat(strict("4:spam").rootDict()).isEmpty();
  }

  @Test
  void keysAreComparedAsUtf8() throws Exception {
    BencodeDict dict = strict("d2:aai1e3:a\u00c3\u00bci2e1:bi3ee").rootDict();
    assertThat(dict.integer("aü")).hasValue(2);
    for (String other : List.of("", "a", "aa\u00fc", "aÃ", "aüb", "ü", "bb")) {
      assertThat(dict.has(other)).as(other).isFalse();
    }
    assertThat(((BencodeString) strict("0:").root()).is("")).isTrue();
  }

  @Test
  void valuesKeepTheirOriginalBytes() throws Exception {
    String text = "d4:infod4:name1:x5:otherli1ei2eeee";
    BencodeDict root = strict(text).rootDict();
    BencodeDict info = requireNonNull(root.dict("info"));
    assertThat(info.offset()).isEqualTo(7);
    assertThat(info.end()).isEqualTo(text.length() - 1);
    assertThat(text(info.span())).isEqualTo("d4:name1:x5:otherli1ei2eee");
    BencodeList list = requireNonNull(info.list("other"));
    assertThat(text(list.span())).isEqualTo("li1ei2ee");
    assertThat(list.size()).isEqualTo(2);
    assertThat(list).extracting(v -> text(v.span())).containsExactly("i1e", "i2e");
  }

  @Test
  void theEndOfAPrefixIsExact() throws Exception {
    byte[] message = "d8:msg_typei1e5:piecei0e10:total_sizei4eeBLOCK".getBytes(UTF_8);
    BencodeDocument document =
        Bencode.parsePrefix(ByteBuffer.wrap(message), WIRE, BencodeMode.LENIENT);
    assertThat(new String(message, document.end(), 5, UTF_8)).isEqualTo("BLOCK");
  }

  @Test
  void anyKindOfBufferIsReadFromItsPositionAndLeftAsItIs() throws Exception {
    byte[] bytes = "xxl4:spami7eeyy".getBytes(UTF_8);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    for (ByteBuffer buffer :
        List.of(ByteBuffer.wrap(bytes), direct, ByteBuffer.wrap(bytes).asReadOnlyBuffer())) {
      buffer.position(2).limit(13);
      BencodeDocument document = Bencode.parse(buffer, WIRE, BencodeMode.STRICT);
      assertThat(document.root()).hasToString("[\"spam\", 7]");
      assertThat(document.root().offset()).isZero();
      assertThat(document.root().span().isReadOnly()).isTrue();
      assertThat(buffer.position()).isEqualTo(2);
      assertThat(buffer.limit()).isEqualTo(13);
    }
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    String whole = "d1:ad1:bi-12e1:cl2:xyee1:zl1:qli3eeee";
    assertThat(strict(whole).isCanonical()).isTrue();
    for (int end = 0; end < whole.length(); end++) {
      String cut = whole.substring(0, end);
      BencodeException e = catchThrowableOfType(BencodeException.class, () -> lenient(cut));
      assertThat(e).as(cut).isNotNull();
      assertThat(e.fault()).as(cut).isIn(BencodeFault.TRUNCATED, BencodeFault.STRING_LENGTH);
    }
  }

  @Test
  void syntax() {
    refused("", BencodeFault.TRUNCATED, 0);
    refused("x", BencodeFault.SYNTAX, 0);
    refused("e", BencodeFault.SYNTAX, 0);
    refused("l:e", BencodeFault.SYNTAX, 1);
    refused("di1ei2ee", BencodeFault.KEY_NOT_STRING, 1);
    refused("dlei2ee", BencodeFault.KEY_NOT_STRING, 1);
    refused("dde1:ae", BencodeFault.KEY_NOT_STRING, 1);
    refused("d1:ae", BencodeFault.KEY_WITHOUT_VALUE, 4);
  }

  @Test
  void limitsAreExact() throws Exception {
    BencodeLimits limits = new BencodeLimits(10, 2, 3);
    Bencode.parse("llelee".getBytes(UTF_8), limits, BencodeMode.STRICT);
    assertFault("llleeee", limits, BencodeFault.DEPTH, 2);
    assertFault("lleleleee", limits, BencodeFault.TOKENS, 5);
    assertFault("9:123456789", limits, BencodeFault.TOO_LARGE, 10);
    Bencode.parse("8:12345678".getBytes(UTF_8), limits, BencodeMode.STRICT);
  }

  private static void assertFault(
      String text, BencodeLimits limits, BencodeFault fault, int offset) {
    BencodeException e =
        catchThrowableOfType(
            BencodeException.class,
            () -> Bencode.parse(text.getBytes(UTF_8), limits, BencodeMode.LENIENT));
    assertThat(e.fault()).isEqualTo(fault);
    assertThat(e.offset()).isEqualTo(offset);
    assertThat(e).hasMessageContaining("at byte " + offset);
  }

  @Test
  void x04_nestedListsAreRefusedAtDepth17() throws Exception {
    assertThat(lenient("l".repeat(16) + "e".repeat(16)).tokens()).isEqualTo(16);
    refused("l".repeat(17) + "e".repeat(17), BencodeFault.DEPTH, 16);
    refused("d1:m" + "l".repeat(50_000), BencodeFault.DEPTH, 4 + 15);
    refused("d1:a".repeat(100_000), BencodeFault.DEPTH, 16 * 4);
  }

  @Test
  void x04_nestingCostsNoStackWhateverTheLimit() throws Exception {
    int depth = 1_000_000;
    byte[] bytes = ("l".repeat(depth) + "e".repeat(depth)).getBytes(UTF_8);
    BencodeLimits limits = new BencodeLimits(bytes.length, depth, depth);
    BencodeValue first = Bencode.parse(bytes, limits, BencodeMode.STRICT).root();
    BencodeValue second = Bencode.parse(bytes, limits, BencodeMode.STRICT).root();
    assertThat(first.equals(second)).isTrue();
    assertThat(first.hashCode()).isEqualTo(second.hashCode());
    assertThat(first.toString()).startsWith("[[[[").endsWith("...").hasSizeLessThan(500);
    BencodeWriter writer = new BencodeWriter();
    for (int i = 0; i < depth; i++) {
      writer.beginList();
    }
    for (int i = 0; i < depth; i++) {
      writer.end();
    }
    assertThat(writer.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void x05_moreThan4096TokensAreRefused() throws Exception {
    assertThat(lenient("l" + "le".repeat(4_095) + "e").tokens()).isEqualTo(4_096);
    refused("l" + "le".repeat(4_096) + "e", BencodeFault.TOKENS, 1 + 2 * 4_095);
    StringBuilder keys = new StringBuilder("d");
    for (int i = 0; i < 80_000; i++) {
      keys.append("7:k").append(100_000 + i).append("0:");
    }
    refused(keys.append('e').toString(), BencodeFault.TOKENS, 1 + 2_047 * 11 + 9);
  }

  @Test
  void x06_lengthsOfStrings() {
    refused("d1:v2147483647:xe", BencodeFault.STRING_LENGTH, 4);
    refused("d1:v99999999999999999999:xe", BencodeFault.STRING_LENGTH, 4);
    refused("d1:v4294967297:xe", BencodeFault.STRING_LENGTH, 4);
    refused("d1:v-1:e", BencodeFault.STRING_LENGTH, 4);
    refused("d1:v05:helloe", BencodeFault.STRING_LENGTH, 4);
    refused("d1:v00:e", BencodeFault.STRING_LENGTH, 4);
    refused("d1:v3xabce", BencodeFault.STRING_LENGTH, 4);
    refused("d-1:v1:xe", BencodeFault.STRING_LENGTH, 1);
    refused("2:x", BencodeFault.STRING_LENGTH, 0);
  }

  @Test
  void x07_integers() throws Exception {
    for (String wrong :
        List.of(
            "i-0e",
            "i03e",
            "i-03e",
            "ie",
            "i-e",
            "i+1e",
            "i1.0e",
            "i 1e",
            "i--1e",
            "i1-e",
            "i-00e",
            "i9223372036854775808e",
            "i-9223372036854775809e",
            "i99999999999999999999e",
            "i" + "1".repeat(1_000) + "e",
            "i" + "0".repeat(1_000) + "e")) {
      refused("l" + wrong + "e", BencodeFault.INTEGER, 1);
    }
    refused("i12", BencodeFault.TRUNCATED, 3);
  }

  @Test
  void x08_unsortedAndRepeatedKeysAreAcceptedAndTheFirstWins() throws Exception {
    BencodeDocument unsorted = lenient("d1:bi1e1:ai2ee");
    assertThat(unsorted.isCanonical()).isFalse();
    assertThat(unsorted.rootDict().integer("a")).hasValue(2);
    assertThat(unsorted.rootDict().integer("b")).hasValue(1);

    BencodeDocument repeated = lenient("d1:ai1e1:ai2e1:ai3ee");
    assertThat(repeated.isCanonical()).isFalse();
    assertThat(repeated.rootDict().integer("a")).hasValue(1);
    assertThat(repeated.rootDict())
        .extracting(Entry::key)
        .extracting(BencodeString::text)
        .containsExactly("a", "a", "a");

    assertThat(lenient("d1:ali1ee1:bi1ee").isCanonical()).isTrue();
    for (String text : List.of("d1:bi1e1:ai2ee", "d1:ai1e1:ai2ee", "d2:abi1e1:ai1ee")) {
      BencodeException e = catchThrowableOfType(BencodeException.class, () -> strict(text));
      assertThat(e.fault()).isEqualTo(BencodeFault.NOT_CANONICAL);
    }
    // As raw bytes, 0x7f comes before 0x80.
    assertThat(strict("d1:\177i1e1:\u0080i1ee").isCanonical()).isTrue();
  }

  @Test
  void x08_severalZerosAreZero() throws Exception {
    BencodeDocument document = lenient("d7:privatei00ee");
    assertThat(document.rootDict().integer("private")).hasValue(0);
    assertThat(document.isCanonical()).isFalse();
    BencodeException e = catchThrowableOfType(BencodeException.class, () -> strict("i00e"));
    assertThat(e.fault()).isEqualTo(BencodeFault.NOT_CANONICAL);
  }

  @Test
  void x09_whatFollowsIsToldOrLeftAlone() throws Exception {
    refused("deX", BencodeFault.TRAILING, 2);
    byte[] bytes = "deX".getBytes(UTF_8);
    assertThat(Bencode.parsePrefix(ByteBuffer.wrap(bytes), WIRE, BencodeMode.STRICT).end())
        .isEqualTo(2);
  }

  @Test
  void b8_refusedInputCostsNearlyNothing() throws Exception {
    List<byte[]> hostile = new ArrayList<>();
    for (String text :
        List.of(
            "d1:m" + "l".repeat(50_000),
            "d1:a".repeat(100_000),
            "l" + "le".repeat(100_000) + "e",
            "1:v2147483647:x",
            "2147483647:x",
            "i" + "1".repeat(100_000) + "e")) {
      hostile.add(text.getBytes(UTF_8));
    }
    for (byte[] input : hostile) {
      long allocated =
          Allocation.of(
              () -> {
                try {
                  Bencode.parse(input, WIRE, BencodeMode.LENIENT);
                  throw new AssertionError("accepted");
                } catch (BencodeException expected) {
                  // As it should be.
                }
              });
      assertThat(allocated).isLessThanOrEqualTo(1_024);
    }
  }

  @Test
  void b8_acceptedInputCostsAtMostEightTimesItsSize() throws Exception {
    for (String text :
        List.of(
            "l" + "le".repeat(4_095) + "e",
            "d" + "0:0:".repeat(2_047) + "e",
            "l" + "0:".repeat(4_095) + "e",
            "l".repeat(16) + "e".repeat(16),
            "le",
            "100000:" + "x".repeat(100_000))) {
      byte[] input = text.getBytes(UTF_8);
      long allocated =
          Allocation.of(() -> Bencode.parse(input, WIRE, BencodeMode.LENIENT).rootDict());
      assertThat(allocated).as(text.substring(0, 2)).isLessThanOrEqualTo(8L * input.length + 1_024);
    }
  }

  private static String text(ByteBuffer bytes) {
    return ISO_8859_1.decode(bytes).toString();
  }
}
