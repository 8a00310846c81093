package org.peerwire.bencode;

/** An integer, of 64 bits at most. */
public final class BencodeInteger extends BencodeValue {
  BencodeInteger(Tape tape, int token) {
    super(tape, token);
  }

  /** The number. */
  public long value() {
    int at = tape.link(token);
    int last = tape.end(token) - 1;
    boolean negative = tape.input().get(at) == '-';
    long value = 0;
    for (int i = negative ? at + 1 : at; i < last; i++) {
      value = value * 10 - (tape.input().get(i) - '0');
    }
    return negative ? value : -value;
  }
}
