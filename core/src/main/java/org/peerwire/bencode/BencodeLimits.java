package org.peerwire.bencode;

/**
 * What one parse may cost. Memory for the result is 12 bytes a token, at most six times the input,
 * and is allocated only after all of the input was found to be well-formed.
 *
 * @param maxBytes the largest input, in bytes, 1 or more
 * @param maxDepth how many lists and dictionaries may contain each other, 1 or more; scalars do not
 *     count
 * @param maxTokens how many values there may be, dictionary keys included, 1 or more
 */
public record BencodeLimits(int maxBytes, int maxDepth, int maxTokens) {
  /**
   * For messages of peers: 1 MiB (frames are bounded lower than that before they get here), depth
   * 16, 4,096 tokens. No known extension needs more than depth 3 and a few hundred tokens.
   */
  public static final BencodeLimits WIRE = new BencodeLimits(1 << 20, 16, 4_096);

  /** For .torrent files and info dictionaries: 10 MB, depth 100, 3 million tokens. */
  public static final BencodeLimits FILE = new BencodeLimits(10_000_000, 100, 3_000_000);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is less than 1
   */
  public BencodeLimits {
    if (maxBytes < 1 || maxDepth < 1 || maxTokens < 1) {
      throw new IllegalArgumentException(
          "a limit below 1: " + maxBytes + ", " + maxDepth + ", " + maxTokens);
    }
  }

  /** These limits with another size of input, in bytes. */
  public BencodeLimits withMaxBytes(int bytes) {
    return new BencodeLimits(bytes, maxDepth, maxTokens);
  }

  /** These limits with another depth. */
  public BencodeLimits withMaxDepth(int depth) {
    return new BencodeLimits(maxBytes, depth, maxTokens);
  }

  /** These limits with another count of tokens. */
  public BencodeLimits withMaxTokens(int tokens) {
    return new BencodeLimits(maxBytes, maxDepth, tokens);
  }
}
