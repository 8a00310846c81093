package org.peerwire.bencode;

/** One parsed value and what was noticed about its encoding. Immutable as long as its input is. */
public final class BencodeDocument {
  private final Tape tape;
  private final int end;
  private final boolean canonical;

  BencodeDocument(Tape tape, int end, boolean canonical) {
    this.tape = tape;
    this.end = end;
    this.canonical = canonical;
  }

  /** The value. */
  public BencodeValue root() {
    return tape.value(0);
  }

  /**
   * The value, which ought to be a dictionary; an empty dictionary if it is of another type, so
   * that what a peer sends instead of one is read as having nothing in it.
   */
  public BencodeDict rootDict() {
    return root() instanceof BencodeDict dict ? dict : BencodeDict.EMPTY;
  }

  /** Where the value ends: bytes from the start of the input. */
  public int end() {
    return end;
  }

  /** Whether the input is the one encoding that BEP 3 allows for this value. */
  public boolean isCanonical() {
    return canonical;
  }

  /** How many values there are inside, keys and the root included. */
  public int tokens() {
    return tape.tokens();
  }
}
