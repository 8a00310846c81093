package org.peerwire.bencode;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary. Keys are looked up by walking through them, in their UTF-8 form; of equal keys the
 * first counts. A value of another type than the one asked for is as good as none: peers are free
 * to send anything, and a reader that wants to tell the two apart asks {@link #get}.
 */
public final class BencodeDict extends BencodeValue implements Iterable<BencodeDict.Entry> {
  /** The dictionary with nothing in it. */
  public static final BencodeDict EMPTY =
      new BencodeDict(
          new Tape(ByteBuffer.wrap(new byte[] {'d', 'e'}).asReadOnlyBuffer(), new int[] {0, 2, 1}),
          0);

  BencodeDict(Tape tape, int token) {
    super(tape, token);
  }

  /**
   * One key and its value.
   *
   * @param key the key
   * @param value its value
   */
  public record Entry(BencodeString key, BencodeValue value) {}

  /** Whether there is nothing in it. */
  public boolean isEmpty() {
    return tape.link(token) == token + 1;
  }

  /** The number of entries, counted by walking through them; equal keys count each. */
  public int size() {
    int count = 0;
    for (int at = token + 1; at < tape.link(token); at = tape.next(at + 1)) {
      count++;
    }
    return count;
  }

  /** The first value under this key, of any type, or null. */
  public @Nullable BencodeValue get(String key) {
    for (int at = token + 1; at < tape.link(token); at = tape.next(at + 1)) {
      if (BencodeString.matches(tape, at, key)) {
        return tape.value(at + 1);
      }
    }
    return null;
  }

  /** Whether there is a value under this key, of any type. */
  public boolean has(String key) {
    return get(key) != null;
  }

  /** The integer under this key, if there is one. */
  public OptionalLong integer(String key) {
    return get(key) instanceof BencodeInteger integer
        ? OptionalLong.of(integer.value())
        : OptionalLong.empty();
  }

  /** The string under this key, or null. */
  public @Nullable BencodeString string(String key) {
    return get(key) instanceof BencodeString string ? string : null;
  }

  /** The string under this key as {@link BencodeString#text() text}, or null. */
  public @Nullable String text(String key) {
    return get(key) instanceof BencodeString string ? string.text() : null;
  }

  /** The list under this key, or null. */
  public @Nullable BencodeList list(String key) {
    return get(key) instanceof BencodeList list ? list : null;
  }

  /** The dictionary under this key, or null. */
  public @Nullable BencodeDict dict(String key) {
    return get(key) instanceof BencodeDict dict ? dict : null;
  }

  /** All entries as they lie in the input, equal keys included. */
  @Override
  public Iterator<Entry> iterator() {
    return new Iterator<>() {
      private int at = token + 1;

      @Override
      public boolean hasNext() {
        return at < tape.link(token);
      }

      @Override
      public Entry next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Entry entry = new Entry(new BencodeString(tape, at), tape.value(at + 1));
        at = tape.next(at + 1);
        return entry;
      }
    };
  }
}
