package org.peerwire.bencode;

/** What can be wrong with bencoded input. */
public enum BencodeFault {
  /** The input is larger than {@link BencodeLimits#maxBytes()}. */
  TOO_LARGE("the input is too large"),
  /** Lists and dictionaries nest deeper than {@link BencodeLimits#maxDepth()}. */
  DEPTH("it nests too deeply"),
  /** There are more keys and values than {@link BencodeLimits#maxTokens()}. */
  TOKENS("it has too many values"),
  /** The input ends inside a value. */
  TRUNCATED("it ends too early"),
  /** A string's length is negative, not a plain number, or more than what is left of the input. */
  STRING_LENGTH("a string's length is not valid"),
  /**
   * An integer is empty, has a sign or a zero too many, is not decimal, or does not fit 64 bits.
   */
  INTEGER("an integer is not valid"),
  /** A key of a dictionary is not a string. */
  KEY_NOT_STRING("a dictionary's key is not a string"),
  /** The last key of a dictionary has no value. */
  KEY_WITHOUT_VALUE("a dictionary's key has no value"),
  /** A byte that starts no value. */
  SYNTAX("it is not bencode"),
  /**
   * Strict mode: valid, but not the one encoding that BEP 3 allows, as keys are not sorted or not
   * unique.
   */
  NOT_CANONICAL("a dictionary's keys are not sorted or not unique"),
  /** Bytes follow the value where none may. */
  TRAILING("something follows the value");

  private final String sentence;

  BencodeFault(String sentence) {
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }
}
