package org.peerwire.mse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * RC4, as one running key stream. By hand, because the JDK's can't forget its key, and is slower:
 * its state is an array of bytes, and an array of chars needs no sign cut off.
 */
final class Rc4 {
  private static final int SIZE = 256;

  /** Eight bytes of an array, the first of them lowest. */
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final char[] state = new char[SIZE];
  private int i;
  private int j;
  private boolean wiped;

  /** Begins at the first byte of the key stream. */
  Rc4(byte[] key) {
    for (int n = 0; n < SIZE; n++) {
      state[n] = (char) n;
    }
    int k = 0;
    for (int n = 0; n < SIZE; n++) {
      k = (k + state[n] + key[n % key.length]) & 0xff;
      char swapped = state[n];
      state[n] = state[k];
      state[k] = swapped;
    }
  }

  /** Encrypts or decrypts, which is the same, in place. */
  void apply(byte[] bytes, int offset, int length) {
    checkNotWiped();
    char[] s = state;
    int x = i;
    int y = j;
    int at = offset;
    int end = offset + length;
    // Eight bytes of the key stream at a time, for one read and one write of the data.
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long key = 0;
      for (int bit = 0; bit < Long.SIZE; bit += Byte.SIZE) {
        x = (x + 1) & 0xff;
        char a = s[x];
        y = (y + a) & 0xff;
        char b = s[y];
        s[x] = b;
        s[y] = a;
        key |= (long) s[(a + b) & 0xff] << bit;
      }
      EIGHT.set(bytes, at, (long) EIGHT.get(bytes, at) ^ key);
    }
    for (; at < end; at++) {
      x = (x + 1) & 0xff;
      char a = s[x];
      y = (y + a) & 0xff;
      char b = s[y];
      s[x] = b;
      s[y] = a;
      bytes[at] ^= (byte) s[(a + b) & 0xff];
    }
    i = x;
    j = y;
  }

  /** Encrypts or decrypts in place what remains of a buffer in the heap; its position stays. */
  void apply(ByteBuffer bytes) {
    apply(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  /** Leaves out that many bytes of the key stream. */
  void skip(int count) {
    checkNotWiped();
    for (int n = 0; n < count; n++) {
      i = (i + 1) & 0xff;
      char a = state[i];
      j = (j + a) & 0xff;
      state[i] = state[j];
      state[j] = a;
    }
  }

  /**
   * Forgets the key. Nothing can be encrypted any more, which a state of zeros would leave as it
   * is.
   */
  void wipe() {
    wiped = true;
    Arrays.fill(state, '\0');
  }

  boolean isWiped() {
    return wiped && state[0] == 0 && state[1] == 0;
  }

  private void checkNotWiped() {
    if (wiped) {
      throw new IllegalStateException("the key is gone");
    }
  }
}
