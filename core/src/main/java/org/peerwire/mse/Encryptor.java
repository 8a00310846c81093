package org.peerwire.mse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;
import org.peerwire.frame.OutputSink;
import org.peerwire.wire.Transport;

/**
 * Encrypts what leaves a wire. Blocks belong to the application and must not change, so they are
 * copied; regions are read.
 */
final class Encryptor implements OutputSink {
  private static final int CHUNK = 16 << 10;

  private final Rc4 cipher;
  private final Scratch scratch;

  // Only while drain() runs.
  private @Nullable Consumer<ByteBuffer> target;
  private long handedOver;

  private @Nullable String failure;

  Encryptor(Rc4 cipher, Scratch scratch) {
    this.cipher = cipher;
    this.scratch = scratch;
  }

  /**
   * Hands over what waits in the wire, encrypted.
   *
   * @param to takes the bytes before it returns
   * @param max how many bytes at the most
   * @return how many were handed over
   */
  long drain(Transport wire, Consumer<ByteBuffer> to, long max) {
    if (failure != null) {
      return 0;
    }
    target = to;
    handedOver = 0;
    try {
      wire.drainTo(this, max);
    } finally {
      target = null;
    }
    return handedOver;
  }

  @Override
  public void control(ByteBuffer bytes) {
    encrypt(bytes);
  }

  @Override
  public void block(ByteBuffer block) {
    encrypt(block);
  }

  @Override
  public void region(BlockRegion region, int offset, int length) {
    int end = offset + length;
    ByteBuffer chunk = scratch.take(Math.min(length, CHUNK));
    try {
      int at = offset;
      while (at < end && read(region, at, chunk.clear().limit(Math.min(end - at, CHUNK)))) {
        at += chunk.position();
        handOver(chunk.flip());
      }
    } finally {
      scratch.give(chunk);
      if (end == region.length()) {
        region.release();
      }
    }
  }

  /**
   * Why a region could not be read, or null. Nothing is handed over any more then: the key stream
   * has a hole.
   */
  @Nullable String failure() {
    return failure;
  }

  void wipe() {
    cipher.wipe();
  }

  /** Returns whether the chunk was filled: never may leave what it had in it before. */
  private boolean read(BlockRegion region, int at, ByteBuffer chunk) {
    if (failure != null) {
      return false;
    }
    try {
      region.read(at, chunk);
      if (chunk.hasRemaining()) {
        failure = "a region gave " + chunk.remaining() + " bytes too few";
      }
    } catch (IOException | RuntimeException e) {
      failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
    return failure == null;
  }

  private void encrypt(ByteBuffer bytes) {
    ByteBuffer chunk = scratch.take(Math.min(bytes.remaining(), CHUNK));
    try {
      while (bytes.hasRemaining() && failure == null) {
        int part = Math.min(bytes.remaining(), CHUNK);
        chunk.clear().put(0, bytes, bytes.position(), part).limit(part);
        bytes.position(bytes.position() + part);
        handOver(chunk);
      }
    } finally {
      scratch.give(chunk);
    }
  }

  private void handOver(ByteBuffer chunk) {
    cipher.apply(chunk);
    handedOver += chunk.remaining();
    Negotiation.known(target).accept(chunk);
  }
}
