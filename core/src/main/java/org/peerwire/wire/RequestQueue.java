package org.peerwire.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;

/**
 * Pending requests of one side, oldest first, without an object each. Answers come mostly in order,
 * so a search from the head is short.
 */
final class RequestQueue {
  private static final int[] NO_FIELDS = {};
  private static final @Nullable Object[] NO_CALLBACKS = {};
  private static final int WIDTH = 3;

  /** Piece, begin and length of each request. */
  private int[] fields = NO_FIELDS;

  private @Nullable Object[] callbacks = NO_CALLBACKS;
  private int head;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int piece(int index) {
    return fields[(head + index) * WIDTH];
  }

  int begin(int index) {
    return fields[(head + index) * WIDTH + 1];
  }

  int length(int index) {
    return fields[(head + index) * WIDTH + 2];
  }

  /** The callback given with the request, if any. */
  @Nullable BlockCallback callback(int index) {
    int at = head + index;
    return at < callbacks.length && callbacks[at] instanceof BlockCallback callback
        ? callback
        : null;
  }

  void add(int piece, int begin, int length, @Nullable BlockCallback callback) {
    if ((head + size + 1) * WIDTH > fields.length) {
      makeRoom();
    }
    int at = head + size;
    fields[at * WIDTH] = piece;
    fields[at * WIDTH + 1] = begin;
    fields[at * WIDTH + 2] = length;
    if (callback != null) {
      if (at >= callbacks.length) {
        callbacks = Arrays.copyOf(callbacks, fields.length / WIDTH);
      }
      callbacks[at] = callback;
    }
    size++;
  }

  /** The index of the first request for a block that begins here, or -1. */
  int find(int piece, int begin) {
    int at = head * WIDTH;
    for (int i = 0; i < size; i++) {
      if (fields[at] == piece && fields[at + 1] == begin) {
        return i;
      }
      at += WIDTH;
    }
    return -1;
  }

  /** The index of the request for exactly this block, or -1. */
  int find(int piece, int begin, int length) {
    int at = head * WIDTH;
    for (int i = 0; i < size; i++) {
      if (fields[at] == piece && fields[at + 1] == begin && fields[at + 2] == length) {
        return i;
      }
      at += WIDTH;
    }
    return -1;
  }

  void remove(int index) {
    int at = head + index;
    if (at < callbacks.length) {
      callbacks[at] = null;
    }
    size--;
    if (index == 0) {
      head = size == 0 ? 0 : head + 1;
      return;
    }
    int behind = size - index;
    System.arraycopy(fields, (at + 1) * WIDTH, fields, at * WIDTH, behind * WIDTH);
    if (at + 1 < callbacks.length) {
      int moved = Math.min(behind, callbacks.length - at - 1);
      System.arraycopy(callbacks, at + 1, callbacks, at, moved);
      callbacks[at + moved] = null;
    }
  }

  /** Gives memory back while the queue is empty. */
  void trim() {
    if (size == 0) {
      fields = NO_FIELDS;
      callbacks = NO_CALLBACKS;
      head = 0;
    }
  }

  List<Block> toList() {
    List<Block> blocks = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      blocks.add(new Block(piece(i), begin(i), length(i)));
    }
    return List.copyOf(blocks);
  }

  private void makeRoom() {
    int[] target = fields;
    if (size * WIDTH > fields.length / 2) {
      target = new int[2 * fields.length];
    } else if (fields.length == 0) {
      target = new int[8 * WIDTH];
    }
    System.arraycopy(fields, head * WIDTH, target, 0, size * WIDTH);
    fields = target;
    if (callbacks.length > 0) {
      @Nullable Object[] moved = new Object[target.length / WIDTH];
      int known = Math.max(0, Math.min(size, callbacks.length - head));
      System.arraycopy(callbacks, head, moved, 0, known);
      callbacks = moved;
    }
    head = 0;
  }
}
