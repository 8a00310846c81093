package org.peerwire.extension.metadata;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.peerwire.Violation;

/**
 * One peer as the fetch sees it: what it claims, what it was asked for, and until when it is left
 * alone.
 */
final class Source {
  /** How many blocks are asked of one peer at a time. */
  static final int PIPELINE = 4;

  private static final int[] NONE = {};

  final UtMetadata handle;
  private final MetadataFetch fetch;

  /** What the peer claims, in bytes; 0 while it claims nothing that is believed. */
  int size;

  /** It lied, or left: never asked again. */
  boolean excluded;

  /** Whether it was named a liar, which is done once. */
  boolean named;

  /** Whether it is left alone until a time, because it had no answer. */
  boolean resting;

  long restsUntil;

  /** How often it had no answer: those that had fewer are asked first. */
  int failures;

  private boolean joined;
  private boolean gaveBlock;

  /** The blocks it was asked for and has not answered. */
  private int[] asked = NONE;

  /** When the oldest of them is overdue. */
  private long overdueAt;

  /** How many blocks were asked for and given up, whose data may still come. */
  private int withdrawn;

  Source(UtMetadata handle, MetadataFetch fetch) {
    this.handle = handle;
    this.fetch = fetch;
  }

  /** The peer claims a size, perhaps another one than before. */
  void told(int claimed) {
    int believed = claimed <= fetch.maxSize() ? claimed : 0;
    if (gaveBlock && believed != size) {
      excluded = true;
      handle.warn(Violation.METADATA_SIZE_CHANGED, claimed + " after " + size + " bytes");
    }
    boolean changed = believed != size;
    size = believed;
    if (!joined) {
      joined = true;
      fetch.join(this);
    } else if (changed) {
      fetch.sourceChanged(this, handle.time());
      return;
    }
    fetch.step(handle.time());
  }

  void received(long piece, long total, ByteBuffer block, long now) {
    int index = indexOf(piece);
    if (index < 0) {
      if (withdrawn > 0) {
        withdrawn--;
      } else {
        handle.warn(Violation.METADATA_UNREQUESTED, "block " + piece);
      }
      return;
    }
    remove(index);
    int expected = Math.min(UtMetadata.BLOCK_LENGTH, size - (int) piece * UtMetadata.BLOCK_LENGTH);
    if (total != size || block.remaining() != expected) {
      excluded = true;
      String detail =
          block.remaining()
              + " bytes instead of "
              + expected
              + ", of "
              + total
              + " instead of "
              + size;
      handle.blame(Violation.METADATA_BLOCK_LENGTH, detail);
      fetch.lied(this, Violation.METADATA_BLOCK_LENGTH, now);
      return;
    }
    gaveBlock = true;
    overdueAt = now + fetch.timeoutNanos();
    fetch.received(this, (int) piece, block, now);
  }

  void rejected(long piece, long now) {
    int index = indexOf(piece);
    if (index >= 0) {
      remove(index);
      fetch.failed(this, now);
    } else if (withdrawn > 0) {
      withdrawn--;
    } else {
      handle.warn(Violation.METADATA_UNREQUESTED, "reject of block " + piece);
    }
  }

  void closed(long now) {
    excluded = true;
    if (joined) {
      fetch.leave(this, now);
    }
  }

  void timeout(long now) {
    if (!joined) {
      return;
    }
    rest(now);
    if (asked.length > 0 && overdueAt - now <= 0) {
      fetch.failed(this, now);
    } else {
      fetch.step(now);
    }
  }

  long nanosUntilTimeout(long now) {
    if (asked.length > 0) {
      return Math.max(0, overdueAt - now);
    }
    return joined ? fetch.nanosUntilStep(this, now) : Long.MAX_VALUE;
  }

  /** Whether it may be asked now. */
  boolean isReady(long now) {
    rest(now);
    return size > 0 && !excluded && !resting && handle.isSupported();
  }

  private void rest(long now) {
    if (resting && restsUntil - now <= 0) {
      resting = false;
    }
  }

  boolean canAsk() {
    return asked.length < PIPELINE;
  }

  boolean isAsked() {
    return asked.length > 0;
  }

  boolean ask(int piece, long now) {
    if (asked.length == 0) {
      overdueAt = now + fetch.timeoutNanos();
    }
    asked = Arrays.copyOf(asked, asked.length + 1);
    asked[asked.length - 1] = piece;
    if (!handle.ask(piece)) {
      remove(asked.length - 1);
      return false;
    }
    return true;
  }

  /** Whatever it was asked for is not waited for any more. */
  int[] withdraw() {
    int[] given = asked;
    withdrawn += given.length;
    asked = NONE;
    return given;
  }

  private int indexOf(long piece) {
    for (int i = 0; i < asked.length; i++) {
      if (asked[i] == piece) {
        return i;
      }
    }
    return -1;
  }

  private void remove(int index) {
    int[] left = Arrays.copyOf(asked, asked.length - 1);
    System.arraycopy(asked, index + 1, left, index, left.length - index);
    asked = left;
  }
}
