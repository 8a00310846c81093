package org.peerwire.bencode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Writes canonical bencode. Entries of a dictionary may be put in any order; they are sorted as raw
 * bytes when it ends. Misuse (a value without a key, a key twice, an end too many) is an {@link
 * IllegalStateException}. For one thread at a time.
 */
public final class BencodeWriter {
  private byte[] bytes = new byte[128];
  private int size;
  private final StringBuilder digits = new StringBuilder(20);

  // The open lists and dictionaries, innermost at the end, and the keys of the open dictionaries:
  // where each key's
  // string starts and where its content starts and ends.
  private Open[] open = new Open[8];
  private int depth;

  /** A writer of one value. */
  public BencodeWriter() {}

  /** A list or dictionary that has begun: for a dictionary, KEY numbers for each of its keys. */
  private static final class Open {
    static final int KEY = 3;
    final boolean dict;
    final int start;
    int[] keys = new int[0];
    int keyCount;
    boolean valueDue;

    Open(boolean dict, int start) {
      this.dict = dict;
      this.start = start;
    }

    void addKey(int start, int contentStart, int contentEnd) {
      int at = keyCount * KEY;
      if (at == keys.length) {
        keys = Arrays.copyOf(keys, Math.max(8 * KEY, 2 * at));
      }
      keys[at] = start;
      keys[at + 1] = contentStart;
      keys[at + 2] = contentEnd;
      keyCount++;
    }
  }

  /** Begins a dictionary, as the next value. */
  public BencodeWriter beginDict() {
    return begin(true);
  }

  /** Begins a list, as the next value. */
  public BencodeWriter beginList() {
    return begin(false);
  }

  private BencodeWriter begin(boolean dict) {
    startValue();
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    append(dict ? 'd' : 'l');
    open[depth++] = new Open(dict, size);
    return this;
  }

  /** Ends the innermost list or dictionary. */
  public BencodeWriter end() {
    if (depth == 0) {
      throw new IllegalStateException("nothing to end");
    }
    Open ended = open[depth - 1];
    if (ended.valueDue) {
      throw new IllegalStateException("a key without a value");
    }
    sort(ended);
    depth--;
    append('e');
    return this;
  }

  /** The key of the next value, in UTF-8. */
  public BencodeWriter key(String key) {
    return key(key.getBytes(StandardCharsets.UTF_8));
  }

  /** The key of the next value. */
  public BencodeWriter key(byte[] key) {
    if (depth == 0 || !open[depth - 1].dict || open[depth - 1].valueDue) {
      throw new IllegalStateException("no key belongs here");
    }
    int start = size;
    appendString(ByteBuffer.wrap(key));
    open[depth - 1].addKey(start, size - key.length, size);
    open[depth - 1].valueDue = true;
    return this;
  }

  /** An integer, as the next value. */
  public BencodeWriter integer(long value) {
    startValue();
    append('i');
    appendNumber(value);
    append('e');
    return this;
  }

  /** A string in UTF-8, as the next value. */
  public BencodeWriter string(String value) {
    return string(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A string, as the next value. */
  public BencodeWriter string(byte[] value) {
    return string(ByteBuffer.wrap(value));
  }

  /**
   * A string of the remaining bytes of {@code value}, as the next value. Its position is not
   * changed.
   */
  public BencodeWriter string(ByteBuffer value) {
    startValue();
    appendString(value);
    return this;
  }

  /**
   * The remaining bytes of {@code encoded}, unchanged, as the next value: how an info dictionary
   * gets into a .torrent with its hash intact. They must be exactly one bencoded value, which is
   * not checked. The position is not changed.
   */
  public BencodeWriter encoded(ByteBuffer encoded) {
    startValue();
    append(encoded);
    return this;
  }

  /** A key and an integer. */
  public BencodeWriter put(String key, long value) {
    return key(key).integer(value);
  }

  /** A key and a string in UTF-8. */
  public BencodeWriter put(String key, String value) {
    return key(key).string(value);
  }

  /** A key and a string. */
  public BencodeWriter put(String key, byte[] value) {
    return key(key).string(value);
  }

  /** A copy of what was written, which must be one whole value. */
  public byte[] toByteArray() {
    if (depth > 0 || size == 0) {
      throw new IllegalStateException("the value is not finished");
    }
    return Arrays.copyOf(bytes, size);
  }

  private void startValue() {
    if (depth == 0) {
      if (size > 0) {
        throw new IllegalStateException("the value is finished");
      }
      return;
    }
    Open in = open[depth - 1];
    if (in.dict && !in.valueDue) {
      throw new IllegalStateException("a value without a key");
    }
    in.valueDue = false;
  }

  private void sort(Open dict) {
    boolean sorted = true;
    for (int i = 1; i < dict.keyCount && sorted; i++) {
      sorted = compareKeys(dict, i - 1, i) < 0;
    }
    if (sorted) {
      return;
    }
    Integer[] order = new Integer[dict.keyCount];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, comparator(dict));
    byte[] entries = new byte[size - dict.start];
    int at = 0;
    for (int i = 0; i < order.length; i++) {
      if (i > 0 && compareKeys(dict, order[i - 1], order[i]) == 0) {
        throw new IllegalStateException("a key twice in one dictionary");
      }
      int next = order[i] + 1;
      int start = dict.keys[order[i] * Open.KEY];
      int end = next == dict.keyCount ? size : dict.keys[next * Open.KEY];
      System.arraycopy(bytes, start, entries, at, end - start);
      at += end - start;
    }
    System.arraycopy(entries, 0, bytes, dict.start, entries.length);
  }

  private Comparator<Integer> comparator(Open dict) {
    return (a, b) -> compareKeys(dict, a, b);
  }

  private int compareKeys(Open dict, int a, int b) {
    int[] keys = dict.keys;
    int i = a * Open.KEY;
    int j = b * Open.KEY;
    return Arrays.compareUnsigned(bytes, keys[i + 1], keys[i + 2], bytes, keys[j + 1], keys[j + 2]);
  }

  private void appendString(ByteBuffer value) {
    appendNumber(value.remaining());
    append(':');
    append(value);
  }

  private void appendNumber(long value) {
    digits.setLength(0);
    digits.append(value);
    for (int i = 0; i < digits.length(); i++) {
      append(digits.charAt(i));
    }
  }

  private void append(char ascii) {
    ensure(1);
    bytes[size++] = (byte) ascii;
  }

  private void append(ByteBuffer more) {
    int length = more.remaining();
    ensure(length);
    more.get(more.position(), bytes, size, length);
    size += length;
  }

  /** Twice as much each time, but for what alone is more: behind that little will come. */
  private void ensure(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      long room = Math.max(2L * bytes.length, needed + needed / 16L);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(room, Integer.MAX_VALUE - 8)));
    }
  }
}
