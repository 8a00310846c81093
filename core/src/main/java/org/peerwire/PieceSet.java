package org.peerwire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A set of piece indices, kept as the wire shows it: one bit a piece, and no bit at all while it is
 * empty or full. The number of pieces may be unknown at first (a magnet link has no metadata) and
 * be told later.
 *
 * <p>Not thread-safe.
 */
public final class PieceSet implements Pieces {
  /**
   * The largest number of pieces of a torrent that this library accepts. Torrents of 3.8 million
   * exist.
   */
  public static final int MAX_SIZE = 4_194_304;

  private static final byte[] NO_BITS = {};

  /** The count of a full set, which keeps no bits. */
  private static final int ALL = Integer.MAX_VALUE;

  private int size;
  private int count;
  private byte[] bits = NO_BITS;

  /** An empty set of a torrent whose number of pieces is not known yet. */
  public PieceSet() {
    size = UNKNOWN;
  }

  /**
   * An empty set.
   *
   * @param size the number of pieces of the torrent, 0 to {@link #MAX_SIZE}
   */
  public PieceSet(int size) {
    checkSize(size);
    this.size = size;
  }

  @Override
  public boolean contains(int piece) {
    if (piece < 0) {
      return false;
    }
    if (isFull()) {
      return piece < end();
    }
    int index = piece >>> 3;
    return index < bits.length && (bits[index] & bit(piece)) != 0;
  }

  @Override
  public int count() {
    return isFull() && size != UNKNOWN ? size : count;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean isEmpty() {
    return count() == 0;
  }

  @Override
  public boolean isFull() {
    return count == ALL;
  }

  @Override
  public int next(int from) {
    if (from < 0) {
      throw new IllegalArgumentException("piece " + from);
    }
    if (isFull()) {
      return from < end() ? from : -1;
    }
    int index = from >>> 3;
    if (index >= bits.length) {
      return -1;
    }
    int current = bits[index] & 0xff >>> (from & 7);
    while (current == 0) {
      if (++index == bits.length) {
        return -1;
      }
      current = bits[index] & 0xff;
    }
    return (index << 3) + Integer.numberOfLeadingZeros(current) - 24;
  }

  @Override
  public void writeBitfield(ByteBuffer target) {
    if (size == UNKNOWN) {
      throw new IllegalStateException("the number of pieces is not known");
    }
    int length = bitfieldLength(size);
    if (isFull()) {
      for (int i = 0; i < length - 1; i++) {
        target.put((byte) 0xff);
      }
      if (length > 0) {
        target.put((byte) ~spareMask(size));
      }
    } else {
      target.put(bits, 0, Math.min(length, bits.length));
      for (int i = bits.length; i < length; i++) {
        target.put((byte) 0);
      }
    }
  }

  /**
   * Adds a piece.
   *
   * @param piece below the size, or below {@link #MAX_SIZE} while that is unknown
   * @return whether it was not there before
   * @throws IllegalArgumentException if it is out of range
   */
  public boolean add(int piece) {
    if (contains(piece)) {
      return false;
    }
    int end = end();
    if (piece < 0 || piece >= end) {
      throw new IllegalArgumentException("piece " + piece + " of " + end);
    }
    if (count + 1 == size) {
      addAll();
      return true;
    }
    int index = piece >>> 3;
    if (index >= bits.length) {
      int length = size == UNKNOWN ? Math.max(index + 1, 2 * bits.length) : bitfieldLength(size);
      bits = Arrays.copyOf(bits, Math.min(length, bitfieldLength(end)));
    }
    bits[index] |= (byte) bit(piece);
    count++;
    return true;
  }

  /**
   * Takes a piece out.
   *
   * @return whether it was there
   * @throws IllegalStateException if the set holds all of an unknown number of pieces
   */
  public boolean remove(int piece) {
    if (!contains(piece)) {
      return false;
    }
    if (isFull()) {
      if (size == UNKNOWN) {
        throw new IllegalStateException("the number of pieces is not known");
      }
      ByteBuffer all = ByteBuffer.allocate(bitfieldLength(size));
      writeBitfield(all);
      bits = all.array();
      count = size;
    }
    bits[piece >>> 3] &= (byte) ~bit(piece);
    if (--count == 0) {
      clear();
    }
    return true;
  }

  /** Adds every piece, also those of an unknown number. */
  public void addAll() {
    count = size == 0 ? 0 : ALL;
    bits = NO_BITS;
  }

  /** Takes every piece out. */
  public void clear() {
    count = 0;
    bits = NO_BITS;
  }

  /**
   * Replaces the set by what a bitfield message says. Spare bits are masked out, bytes beyond the
   * size are not read.
   *
   * @param bitfield read from its position to its limit; its position stays
   * @return whether a spare bit was set
   */
  public boolean set(ByteBuffer bitfield) {
    clear();
    int from = bitfield.position();
    int length = bitfield.remaining();
    if (size != UNKNOWN) {
      length = Math.min(length, bitfieldLength(size));
    }
    int total = 0;
    for (int i = 0; i < length; i++) {
      total += Integer.bitCount(bitfield.get(from + i) & 0xff);
    }
    boolean spare = false;
    int last = 0;
    if (size != UNKNOWN && length > 0 && length == bitfieldLength(size)) {
      last = bitfield.get(from + length - 1) & spareMask(size);
      spare = last != 0;
      total -= Integer.bitCount(last);
    }
    if (total == 0) {
      return spare;
    }
    if (total == size) {
      addAll();
      return spare;
    }
    byte[] copy = new byte[size == UNKNOWN ? length : bitfieldLength(size)];
    bitfield.get(from, copy, 0, length);
    copy[length - 1] &= (byte) ~last;
    bits = copy;
    count = total;
    return spare;
  }

  /**
   * Whether a bitfield holds every piece of this set, and more.
   *
   * @param bitfield read from its position to its limit; its position stays
   */
  public boolean growsTo(ByteBuffer bitfield) {
    int from = bitfield.position();
    int length = bitfield.remaining();
    if (isFull() || (size != UNKNOWN && length != bitfieldLength(size))) {
      return false;
    }
    int total = 0;
    for (int i = 0; i < Math.max(length, bits.length); i++) {
      int theirs = i < length ? bitfield.get(from + i) & 0xff : 0;
      if (size != UNKNOWN && i == length - 1) {
        theirs &= ~spareMask(size);
      }
      int ours = i < bits.length ? bits[i] & 0xff : 0;
      if ((ours & ~theirs) != 0) {
        return false;
      }
      total += Integer.bitCount(theirs);
    }
    return total > count;
  }

  /**
   * Tells the number of pieces, once it is known.
   *
   * @param newSize 0 to {@link #MAX_SIZE}
   * @throws IllegalStateException if it was known already and is another
   * @throws IllegalArgumentException if the set holds a piece at or above it
   */
  public void resize(int newSize) {
    checkSize(newSize);
    if (size != UNKNOWN) {
      if (size != newSize) {
        throw new IllegalStateException("there are " + size + " pieces");
      }
      return;
    }
    if (!isFull() && next(newSize) >= 0) {
      throw new IllegalArgumentException("the set holds a piece beyond " + newSize);
    }
    size = newSize;
    if (isFull() || count == size) {
      addAll();
    } else if (count > 0) {
      bits = Arrays.copyOf(bits, bitfieldLength(size));
    }
  }

  /** The length in bytes of the bitfield of a torrent of {@code size} pieces. */
  public static int bitfieldLength(int size) {
    return (size + 7) >>> 3;
  }

  @Override
  public String toString() {
    return count() + " of " + (size == UNKNOWN ? "?" : size) + " pieces";
  }

  private int end() {
    return size == UNKNOWN ? MAX_SIZE : size;
  }

  private static int bit(int piece) {
    return 0x80 >>> (piece & 7);
  }

  private static int spareMask(int size) {
    return (size & 7) == 0 ? 0 : 0xff >>> (size & 7);
  }

  private static void checkSize(int size) {
    if (size < 0 || size > MAX_SIZE) {
      throw new IllegalArgumentException(size + " pieces; at most " + MAX_SIZE);
    }
  }
}
