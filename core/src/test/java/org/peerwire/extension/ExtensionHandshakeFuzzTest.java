package org.peerwire.extension;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;

/**
 * Any bytes as an extension handshake: what is understood of it is said again in the same words.
 */
class ExtensionHandshakeFuzzTest {
  private static int arrived;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(arrived > 0, "no input was an extension handshake");
  }

  @FuzzTest(maxDuration = "20s")
  void whatAHandshakeSaysIsSaidAgain(byte[] data) throws BencodeException {
    ExtensionHandshake first;
    try {
      first =
          ExtensionHandshake.read(
              Bencode.parsePrefix(ByteBuffer.wrap(data), BencodeLimits.WIRE, BencodeMode.LENIENT)
                  .rootDict());
    } catch (BencodeException notAValue) {
      return;
    }
    // Of a name that does not fit for a terminal the escapes make it longer, and it is cut again.
    byte[] said = again(again(first.plus(first).encode()));
    check(Arrays.equals(said, again(said)), "it says something else");
    check(first.m().values().stream().allMatch(id -> id >= 0 && id <= 255), "an id");
    arrived++;
  }

  private static byte[] again(byte[] said) throws BencodeException {
    return ExtensionHandshake.read(
            Bencode.parse(said, BencodeLimits.WIRE, BencodeMode.STRICT).rootDict())
        .encode();
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
