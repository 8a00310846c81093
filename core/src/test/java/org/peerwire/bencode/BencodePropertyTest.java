package org.peerwire.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.peerwire.SplitMix64;

/** Random values and random bytes. A failure names the seed that repeats it. */
class BencodePropertyTest {
  private static final int ROUNDS = 3_000;

  /** Up to 5 deep; strings as ISO 8859-1 text, whose order is that of its bytes. */
  private static Object randomValue(SplitMix64 random, int depth) {
    int kind = random.below(depth == 0 ? 2 : 4);
    if (kind == 0) {
      return random.nextLong() >> random.below(64);
    }
    if (kind == 1) {
      return randomString(random);
    }
    if (kind == 2) {
      List<Object> list = new ArrayList<>();
      for (int i = random.below(5); i > 0; i--) {
        list.add(randomValue(random, depth - 1));
      }
      return list;
    }
    Map<String, Object> dict = new TreeMap<>();
    for (int i = random.below(5); i > 0; i--) {
      dict.put(randomString(random), randomValue(random, depth - 1));
    }
    return dict;
  }

  private static String randomString(SplitMix64 random) {
    return new String(random.bytes(random.below(random.below(8) == 0 ? 300 : 4)), ISO_8859_1);
  }

  /** Dictionaries are written backwards, for the writer to sort. */
  private static void write(BencodeWriter writer, Object value) {
    if (value instanceof Long number) {
      writer.integer(number);
    } else if (value instanceof String string) {
      writer.string(string.getBytes(ISO_8859_1));
    } else if (value instanceof List<?> list) {
      writer.beginList();
      list.forEach(element -> write(writer, element));
      writer.end();
    } else if (value instanceof TreeMap<?, ?> dict) {
      writer.beginDict();
      dict.descendingMap()
          .forEach(
              (key, element) -> write(writer.key(((String) key).getBytes(ISO_8859_1)), element));
      writer.end();
    }
  }

  private static Object read(BencodeValue value) {
    if (value instanceof BencodeInteger integer) {
      return integer.value();
    } else if (value instanceof BencodeString string) {
      return new String(string.toByteArray(), ISO_8859_1);
    } else if (value instanceof BencodeList list) {
      List<Object> all = new ArrayList<>();
      list.forEach(element -> all.add(read(element)));
      return all;
    }
    Map<String, Object> all = new TreeMap<>();
    for (BencodeDict.Entry entry : (BencodeDict) value) {
      all.putIfAbsent((String) read(entry.key()), read(entry.value()));
    }
    return all;
  }

  /** Every value inside, parsed alone from its span, is the same value. */
  private static void checkSpans(BencodeValue value, byte[] input) throws BencodeException {
    byte[] span = new byte[value.end() - value.offset()];
    value.span().get(span);
    assertThat(ByteBuffer.wrap(input, value.offset(), span.length))
        .isEqualTo(ByteBuffer.wrap(span));
    BencodeValue alone = Bencode.parse(span, BencodeLimits.WIRE, BencodeMode.LENIENT).root();
    assertThat(alone.equals(value)).isTrue();
    assertThat(alone.hashCode()).isEqualTo(value.hashCode());
    if (value instanceof BencodeList list) {
      for (BencodeValue element : list) {
        checkSpans(element, input);
      }
    } else if (value instanceof BencodeDict dict) {
      for (BencodeDict.Entry entry : dict) {
        checkSpans(entry.key(), input);
        checkSpans(entry.value(), input);
      }
    }
  }

  @Test
  void whatIsWrittenReadsBackTheSame() throws Exception {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      try {
        Object value = randomValue(new SplitMix64(seed), 5);
        BencodeWriter writer = new BencodeWriter();
        write(writer, value);
        byte[] bytes = writer.toByteArray();
        BencodeDocument document = Bencode.parse(bytes, BencodeLimits.WIRE, BencodeMode.STRICT);
        assertThat(document.isCanonical()).isTrue();
        assertThat(document.end()).isEqualTo(bytes.length);
        Object back = read(document.root());
        assertThat(back).isEqualTo(value);
        BencodeWriter again = new BencodeWriter();
        write(again, back);
        assertThat(again.toByteArray()).isEqualTo(bytes);
        checkSpans(document.root(), bytes);
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void anyBytesAreAValueOrABencodeException() {
    int accepted = 0;
    String alphabet = "dlie0123456789:-abc";
    for (long seed = 1; seed <= 20 * ROUNDS; seed++) {
      try {
        SplitMix64 random = new SplitMix64(seed);
        byte[] bytes;
        if (seed % 2 == 0) {
          bytes = random.bytes(random.below(64));
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) alphabet.charAt((bytes[i] & 0xff) % alphabet.length());
          }
        } else {
          BencodeWriter writer = new BencodeWriter();
          write(writer, randomValue(random, 4));
          bytes = writer.toByteArray();
          for (int i = random.below(4); i > 0; i--) {
            bytes[random.below(bytes.length)] =
                random.below(2) == 0
                    ? (byte) random.nextLong()
                    : (byte) alphabet.charAt(random.below(alphabet.length()));
          }
        }
        accepted += look(bytes) ? 1 : 0;
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    // The test has seen both sides of the parser.
    assertThat(accepted).isBetween(ROUNDS, 19 * ROUNDS);
  }

  private static boolean look(byte[] bytes) throws BencodeException {
    BencodeDocument document;
    try {
      document =
          Bencode.parsePrefix(ByteBuffer.wrap(bytes), BencodeLimits.WIRE, BencodeMode.LENIENT);
    } catch (BencodeException e) {
      assertThat(e.offset()).isBetween(0, bytes.length);
      return false;
    }
    assertThat(document.end()).isBetween(1, bytes.length);
    assertThat(document.tokens()).isLessThanOrEqualTo(bytes.length);
    assertThat(document.root().toString()).hasSizeLessThan(2_000);
    checkSpans(document.root(), bytes);
    boolean strict = true;
    try {
      Bencode.parsePrefix(ByteBuffer.wrap(bytes), BencodeLimits.WIRE, BencodeMode.STRICT);
    } catch (BencodeException e) {
      assertThat(e.fault()).isEqualTo(BencodeFault.NOT_CANONICAL);
      strict = false;
    }
    assertThat(document.isCanonical()).isEqualTo(strict);
    return true;
  }
}
