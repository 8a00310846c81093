package org.peerwire.channel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;
import org.peerwire.SplitMix64;

/** A channel that moves a few bytes at a time, or none, as a seed says. */
final class ChoppyChannel implements ByteChannel {
  private final SplitMix64 reads;
  private final SplitMix64 writes;
  private final int most;
  private final ByteBuffer input;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean stalled;

  /**
   * A channel.
   *
   * @param input what is read; then nothing comes until the channel is closed
   * @param most how many bytes at once
   */
  ChoppyChannel(long seed, int most, byte[] input) {
    reads = new SplitMix64(seed);
    writes = new SplitMix64(seed + 1);
    this.most = most;
    this.input = ByteBuffer.wrap(input);
  }

  /** Takes nothing at all from now on, and does not wait. */
  ChoppyChannel stalled() {
    stalled = true;
    return this;
  }

  byte[] written() {
    return written.toByteArray();
  }

  @Override
  public int read(ByteBuffer target) throws ClosedChannelException {
    if (!input.hasRemaining()) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      throw new ClosedChannelException();
    }
    int count = Math.min(reads.below(most + 1), Math.min(input.remaining(), target.remaining()));
    target.put(input.slice(input.position(), count));
    input.position(input.position() + count);
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    int count = stalled ? 0 : Math.min(writes.below(most + 1), source.remaining());
    byte[] bytes = new byte[count];
    source.get(bytes);
    written.writeBytes(bytes);
    return count;
  }

  @Override
  public boolean isOpen() {
    return closed.getCount() > 0;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
