package org.peerwire.wire;

import java.nio.ByteBuffer;

/** A message of a kind that nobody knows here, as its payload streams through. */
final class UnknownMessage {
  private final int id;
  private final int length;
  private int offset;

  UnknownMessage(int id, int length) {
    this.id = id;
    this.length = length;
  }

  /** Raises a part of its payload. Returns whether it was the last one. */
  boolean raise(PeerWire wire, ByteBuffer part) {
    int from = offset;
    offset += part.remaining();
    wire.listener.onUnknownMessage(wire, id, length, from, part);
    return offset == length;
  }
}
