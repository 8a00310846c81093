package org.peerwire.bencode;

import java.nio.ByteBuffer;

/**
 * Reads bencode. Neither the position nor the limit of a buffer is changed, and its bytes are not
 * copied: they must stay as they are while values of the result are in use.
 */
public final class Bencode {
  private Bencode() {}

  /**
   * Reads {@code input}, which must be one value and nothing else.
   *
   * @throws BencodeException if it is not, or is beyond {@code limits}
   */
  public static BencodeDocument parse(byte[] input, BencodeLimits limits, BencodeMode mode)
      throws BencodeException {
    return parse(ByteBuffer.wrap(input), limits, mode);
  }

  /**
   * Reads the remaining bytes of {@code input}, which must be one value and nothing else.
   *
   * @throws BencodeException if they are not, or are beyond {@code limits}
   */
  public static BencodeDocument parse(ByteBuffer input, BencodeLimits limits, BencodeMode mode)
      throws BencodeException {
    BencodeDocument document = parsePrefix(input, limits, mode);
    if (document.end() != input.remaining()) {
      throw new BencodeException(BencodeFault.TRAILING, document.end());
    }
    return document;
  }

  /**
   * Reads the value at the start of {@code input}; whatever follows it is not looked at. {@link
   * BencodeDocument#end()} tells where it ends, which is how the block behind a ut_metadata message
   * is found (<a href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>).
   *
   * @throws BencodeException if there is no value, or it is beyond {@code limits}
   */
  public static BencodeDocument parsePrefix(
      ByteBuffer input, BencodeLimits limits, BencodeMode mode) throws BencodeException {
    if (input.remaining() > limits.maxBytes()) {
      throw new BencodeException(BencodeFault.TOO_LARGE, limits.maxBytes());
    }
    // Two passes over the bytes: the first allocates nothing that grows with the input, so refused
    // input costs no
    // memory, and the second gets a tape of exactly the right size. Strings are jumped over in
    // both.
    BencodeScanner scanner = new BencodeScanner(input.slice(), limits, mode);
    scanner.scan(null);
    int[] tape = new int[Math.multiplyExact(scanner.tokens(), Tape.STRIDE)];
    int end = scanner.position();
    boolean canonical = scanner.isCanonical();
    scanner.scan(tape);
    return new BencodeDocument(new Tape(input.slice().asReadOnlyBuffer(), tape), end, canonical);
  }
}
