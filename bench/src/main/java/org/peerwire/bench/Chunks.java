package org.peerwire.bench;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A stream in the chunks in which a socket might hand it over. */
final class Chunks {
  private final ByteBuffer bytes;
  private final int length;
  private final int chunk;

  Chunks(Streams stream, int chunk) {
    byte[] all = stream.bytes();
    bytes = ByteBuffer.allocateDirect(all.length).put(all).flip();
    length = all.length;
    this.chunk = chunk;
  }

  /** The same again, in the memory that Java manages itself. */
  Chunks onHeap() {
    return new Chunks(ByteBuffer.allocate(length).put(bytes.duplicate()).flip(), chunk);
  }

  private Chunks(ByteBuffer bytes, int chunk) {
    this.bytes = bytes;
    length = bytes.limit();
    this.chunk = chunk;
  }

  /** Hands over one after the other; each is a view that is used again. */
  void forEach(Consumer<ByteBuffer> taker) {
    ByteBuffer view = bytes;
    for (int at = 0; at < length; at += chunk) {
      taker.accept(view.limit(Math.min(at + chunk, length)).position(at));
    }
  }
}
