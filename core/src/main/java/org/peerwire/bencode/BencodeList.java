package org.peerwire.bencode;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** A list. It is walked through, not indexed: the place of the n-th value is not known. */
public final class BencodeList extends BencodeValue implements Iterable<BencodeValue> {
  BencodeList(Tape tape, int token) {
    super(tape, token);
  }

  /** Whether there is nothing in it. */
  public boolean isEmpty() {
    return tape.link(token) == token + 1;
  }

  /** The number of values, counted by walking through them. */
  public int size() {
    int count = 0;
    for (int at = token + 1; at < tape.link(token); at = tape.next(at)) {
      count++;
    }
    return count;
  }

  @Override
  public Iterator<BencodeValue> iterator() {
    return new Iterator<>() {
      private int at = token + 1;

      @Override
      public boolean hasNext() {
        return at < tape.link(token);
      }

      @Override
      public BencodeValue next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        BencodeValue value = tape.value(at);
        at = tape.next(at);
        return value;
      }
    };
  }
}
