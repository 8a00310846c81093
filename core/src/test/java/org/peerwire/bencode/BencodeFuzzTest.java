package org.peerwire.bencode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** Any bytes: a value or a {@link BencodeException}, and the modes and the ways in agree. */
class BencodeFuzzTest {
  private static int arrived;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(arrived > 0, "no input was a value");
  }

  @FuzzTest(maxDuration = "20s")
  void anyBytesAreAValueOrAnException(byte[] data) throws BencodeException {
    BencodeDocument strict = read(data, BencodeMode.STRICT);
    BencodeDocument lenient = read(data, BencodeMode.LENIENT);
    if (lenient == null) {
      check(strict == null, "strict takes what lenient refuses");
      return;
    }
    check(lenient.end() >= 2 && lenient.end() <= data.length, "it ends at " + lenient.end());
    check(lenient.tokens() <= BencodeLimits.WIRE.maxTokens(), lenient.tokens() + " tokens");
    String printed = lenient.root().toString();
    check(printed.length() <= 200_000, "it prints " + printed.length() + " characters");
    if (strict != null) {
      check(strict.end() == lenient.end(), "the modes end in different places");
      check(strict.root().toString().equals(printed), "the modes read different values");
      check(lenient.isCanonical(), "strict takes what is not canonical");
    }
    // What follows the value makes no difference, and without it the value stands alone.
    ByteBuffer alone = ByteBuffer.wrap(data, 0, lenient.end());
    BencodeDocument again = Bencode.parse(alone, BencodeLimits.WIRE, BencodeMode.LENIENT);
    check(again.root().toString().equals(printed), "what follows changes the value");
    arrived++;
  }

  private static @Nullable BencodeDocument read(byte[] data, BencodeMode mode) {
    try {
      return Bencode.parsePrefix(ByteBuffer.wrap(data), BencodeLimits.WIRE, mode);
    } catch (BencodeException notAValue) {
      check(notAValue.fault() != null && notAValue.getMessage() != null, "it does not say why");
      return null;
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
