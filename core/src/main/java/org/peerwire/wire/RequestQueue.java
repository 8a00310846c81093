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
  private static final long[] NO_PLACES = {};
  private static final int[] NO_LENGTHS = {};
  private static final @Nullable BlockCallback[] NO_CALLBACKS = {};
  private static final int SMALLEST = 8;

  /** Piece and begin of each request as one number, so that a search compares once. */
  private long[] places = NO_PLACES;

  private int[] lengths = NO_LENGTHS;

  /** As long as the places are, or empty while no request has one. */
  private @Nullable BlockCallback[] callbacks = NO_CALLBACKS;

  private int head;
  private int end;

  int size() {
    return end - head;
  }

  boolean isEmpty() {
    return end == head;
  }

  int piece(int index) {
    return (int) (places[head + index] >>> Integer.SIZE);
  }

  int begin(int index) {
    return (int) places[head + index];
  }

  int length(int index) {
    return lengths[head + index];
  }

  /** The callback given with the request, if any. */
  @Nullable BlockCallback callback(int index) {
    return callbacks.length > 0 ? callbacks[head + index] : null;
  }

  void add(int piece, int begin, int length, @Nullable BlockCallback callback) {
    if (end == places.length) {
      makeRoom();
    }
    int at = end++;
    places[at] = place(piece, begin);
    lengths[at] = length;
    if (callback != null) {
      remember(at, callback);
    }
  }

  /** The index of the first request for a block that begins here, or -1. */
  int find(int piece, int begin) {
    long place = place(piece, begin);
    for (int at = head; at < end; at++) {
      if (places[at] == place) {
        return at - head;
      }
    }
    return -1;
  }

  /** The index of the request for exactly this block, or -1. */
  int find(int piece, int begin, int length) {
    if (isEmpty()) {
      return -1;
    }
    long place = place(piece, begin);
    boolean isHead = places[head] == place && lengths[head] == length;
    return isHead ? 0 : findBehind(place, length);
  }

  private int findBehind(long place, int length) {
    for (int at = head + 1; at < end; at++) {
      if (places[at] == place && lengths[at] == length) {
        return at - head;
      }
    }
    return -1;
  }

  void remove(int index) {
    int at = head + index;
    if (callbacks.length > 0) {
      callbacks[at] = null;
    }
    if (index == 0) {
      head++;
    } else {
      moveUp(at);
    }
    if (isEmpty()) {
      head = 0;
      end = 0;
    }
  }

  /** Gives memory back while the queue is empty. */
  void trim() {
    if (isEmpty()) {
      places = NO_PLACES;
      lengths = NO_LENGTHS;
      callbacks = NO_CALLBACKS;
    }
  }

  List<Block> toList() {
    List<Block> blocks = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      blocks.add(new Block(piece(i), begin(i), length(i)));
    }
    return List.copyOf(blocks);
  }

  private static long place(int piece, int begin) {
    return ((long) piece << Integer.SIZE) | Integer.toUnsignedLong(begin);
  }

  private void remember(int at, BlockCallback callback) {
    if (callbacks.length == 0) {
      callbacks = new BlockCallback[places.length];
    }
    callbacks[at] = callback;
  }

  /** Closes the gap that one leaves. */
  private void moveUp(int at) {
    end--;
    int behind = end - at;
    System.arraycopy(places, at + 1, places, at, behind);
    System.arraycopy(lengths, at + 1, lengths, at, behind);
    if (callbacks.length > 0) {
      System.arraycopy(callbacks, at + 1, callbacks, at, behind);
      callbacks[end] = null;
    }
  }

  /** Moves all to the front, or into larger arrays if that would not make room for long. */
  private void makeRoom() {
    int size = size();
    if (size > places.length / 2 || places.length == 0) {
      int upTo = head + Math.max(SMALLEST, 2 * places.length);
      places = Arrays.copyOfRange(places, head, upTo);
      lengths = Arrays.copyOfRange(lengths, head, upTo);
      if (callbacks.length > 0) {
        callbacks = Arrays.copyOfRange(callbacks, head, upTo);
      }
    } else {
      System.arraycopy(places, head, places, 0, size);
      System.arraycopy(lengths, head, lengths, 0, size);
      if (callbacks.length > 0) {
        System.arraycopy(callbacks, head, callbacks, 0, size);
        Arrays.fill(callbacks, size, end, null);
      }
    }
    head = 0;
    end = size;
  }
}
