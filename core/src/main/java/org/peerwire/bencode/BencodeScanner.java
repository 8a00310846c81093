package org.peerwire.bencode;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows bencode's grammar. It walks over the bytes with a stack of its own, so
 * depth is a number and not a matter of the thread's stack; it fills a tape if it is given one.
 */
final class BencodeScanner {
  /** Any 64-bit number has at most 19 digits. */
  private static final int MAX_INTEGER_DIGITS = 19;

  /** Enough for any length that fits an int. */
  private static final int MAX_LENGTH_DIGITS = 10;

  // One open list or dictionary takes LEVEL numbers on the stack.
  private static final int LEVEL = 4;
  private static final int TOKEN = 0;
  private static final int STATE = 1;
  private static final int KEY_START = 2;
  private static final int KEY_END = 3;

  private static final int IN_LIST = 0;
  private static final int KEY_DUE = 1;
  private static final int VALUE_DUE = 2;

  private final ByteBuffer input;
  private final int size;
  private final BencodeLimits limits;
  private final BencodeMode mode;

  private int[] stack = new int[4 * LEVEL];
  private int depth;
  private int position;
  private int tokens;
  private int contentStart;
  private boolean canonical = true;

  BencodeScanner(ByteBuffer input, BencodeLimits limits, BencodeMode mode) {
    this.input = input;
    this.size = input.remaining();
    this.limits = limits;
    this.mode = mode;
  }

  /** Where the value ends, after a scan. */
  int position() {
    return position;
  }

  int tokens() {
    return tokens;
  }

  boolean isCanonical() {
    return canonical;
  }

  void scan(int @Nullable [] tape) throws BencodeException {
    position = 0;
    tokens = 0;
    depth = 0;
    do {
      byte first = byteAt(position);
      int level = (depth - 1) * LEVEL;
      int state = depth == 0 ? IN_LIST : stack[level + STATE];
      if (first == 'e' && depth > 0) {
        if (state == VALUE_DUE) {
          throw fault(BencodeFault.KEY_WITHOUT_VALUE, position);
        }
        position++;
        depth--;
        if (tape != null) {
          int entry = stack[level + TOKEN] * Tape.STRIDE;
          tape[entry + Tape.END] = position;
          tape[entry + Tape.LINK] = tokens;
        }
        continue;
      }
      if (tokens == limits.maxTokens()) {
        throw fault(BencodeFault.TOKENS, position);
      }
      int token = tokens++;
      int start = position;
      if (state == KEY_DUE) {
        scanKey(first, level);
        stack[level + STATE] = VALUE_DUE;
      } else {
        if (state == VALUE_DUE) {
          stack[level + STATE] = KEY_DUE;
        }
        scanValue(first, token);
      }
      if (tape != null) {
        int entry = token * Tape.STRIDE;
        tape[entry + Tape.START] = start;
        tape[entry + Tape.END] = position;
        tape[entry + Tape.LINK] = contentStart;
      }
    } while (depth > 0);
  }

  private void scanKey(byte first, int level) throws BencodeException {
    if (first == 'i' || first == 'l' || first == 'd') {
      throw fault(BencodeFault.KEY_NOT_STRING, position);
    }
    int start = position;
    scanString(first);
    int previous = stack[level + KEY_START];
    if (previous >= 0 && compare(previous, stack[level + KEY_END], contentStart, position) >= 0) {
      notCanonical(start);
    }
    stack[level + KEY_START] = contentStart;
    stack[level + KEY_END] = position;
  }

  private void scanValue(byte first, int token) throws BencodeException {
    switch (first) {
      case 'i' -> scanInteger();
      case 'l' -> open(token, IN_LIST);
      case 'd' -> open(token, KEY_DUE);
      default -> scanString(first);
    }
  }

  private void open(int token, int state) throws BencodeException {
    if (depth == limits.maxDepth()) {
      throw fault(BencodeFault.DEPTH, position);
    }
    int level = depth * LEVEL;
    if (level == stack.length) {
      stack = Arrays.copyOf(stack, 2 * level);
    }
    stack[level + TOKEN] = token;
    stack[level + STATE] = state;
    stack[level + KEY_START] = -1;
    depth++;
    position++;
  }

  private void scanInteger() throws BencodeException {
    int start = position;
    int at = start + 1;
    boolean negative = byteAt(at) == '-';
    if (negative) {
      at++;
    }
    contentStart = start + 1;
    int firstDigit = at;
    // Summed up below zero, where there is room for one more than above it.
    long value = 0;
    byte b;
    while ((b = byteAt(at)) != 'e') {
      if (!isDigit(b) || at - firstDigit == MAX_INTEGER_DIGITS) {
        throw fault(BencodeFault.INTEGER, start);
      }
      int digit = b - '0';
      if (value < (Long.MIN_VALUE + digit) / 10) {
        throw fault(BencodeFault.INTEGER, start);
      }
      value = value * 10 - digit;
      at++;
    }
    int digits = at - firstDigit;
    boolean outOfRange = !negative && value == Long.MIN_VALUE;
    boolean zeroTooMany = digits > 1 && input.get(firstDigit) == '0';
    boolean minusZero = negative && value == 0;
    if (digits == 0 || outOfRange || minusZero || (zeroTooMany && value != 0)) {
      throw fault(BencodeFault.INTEGER, start);
    }
    if (zeroTooMany) {
      notCanonical(start);
    }
    position = at + 1;
  }

  private void scanString(byte first) throws BencodeException {
    int start = position;
    if (!isDigit(first)) {
      // A negative length is the one wrong beginning whose meaning is clear.
      throw fault(first == '-' ? BencodeFault.STRING_LENGTH : BencodeFault.SYNTAX, start);
    }
    long length = 0;
    int at = start;
    byte b;
    while ((b = byteAt(at)) != ':') {
      if (!isDigit(b) || at - start == MAX_LENGTH_DIGITS) {
        throw fault(BencodeFault.STRING_LENGTH, start);
      }
      length = length * 10 + (b - '0');
      at++;
    }
    boolean zeroTooMany = first == '0' && at - start > 1;
    at++;
    if (zeroTooMany || length > size - at) {
      throw fault(BencodeFault.STRING_LENGTH, start);
    }
    contentStart = at;
    position = at + (int) length;
  }

  /** Compares keys as BEP 3 wants them sorted: as raw bytes. */
  private int compare(int aStart, int aEnd, int bStart, int bEnd) {
    int common = Math.min(aEnd - aStart, bEnd - bStart);
    for (int i = 0; i < common; i++) {
      int order = Byte.compareUnsigned(input.get(aStart + i), input.get(bStart + i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(aEnd - aStart, bEnd - bStart);
  }

  private void notCanonical(int at) throws BencodeException {
    if (mode == BencodeMode.STRICT) {
      throw fault(BencodeFault.NOT_CANONICAL, at);
    }
    canonical = false;
  }

  private byte byteAt(int at) throws BencodeException {
    if (at >= size) {
      throw fault(BencodeFault.TRUNCATED, size);
    }
    return input.get(at);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static BencodeException fault(BencodeFault fault, int offset) {
    return new BencodeException(fault, offset);
  }
}
