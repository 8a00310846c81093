package org.peerwire.client.storage;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.peerwire.Block;

/**
 * The memory for blocks on their way to the disk, shared by all transfers. It never refuses, as a
 * block that came has to lie somewhere; but it tells when it is nearly full, so that sockets are
 * read no more, and when there is room again. Thread-safe.
 */
public final class BlockPool {
  /**
   * How many blocks are kept while none is out: 4 MiB, so that a disk that nearly keeps up makes no
   * garbage.
   */
  private static final int KEPT = 256;

  private final int high;
  private final int low;
  private final Consumer<Boolean> onPressure;
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private int used;
  private boolean pressed;

  /**
   * An empty pool.
   *
   * @param maxBytes above three quarters of this it asks for less
   * @param onPressure told whether reading is to pause; by any thread, and briefly
   */
  public BlockPool(long maxBytes, Consumer<Boolean> onPressure) {
    high = (int) (maxBytes / Block.LENGTH * 3 / 4);
    low = high / 2;
    this.onPressure = onPressure;
  }

  /** Room for a block of up to {@link Block#LENGTH} bytes. */
  ByteBuffer take() {
    ByteBuffer block;
    boolean tell;
    synchronized (this) {
      used++;
      tell = !pressed && used > high;
      pressed |= tell;
      block = free.pollLast();
    }
    if (tell) {
      onPressure.accept(true);
    }
    return block == null ? ByteBuffer.allocate(Block.LENGTH) : block.clear();
  }

  /** Takes the room back. */
  void give(ByteBuffer block) {
    boolean tell;
    synchronized (this) {
      used--;
      tell = pressed && used < low;
      pressed &= !tell;
      free.addLast(block);
      while (used == 0 && free.size() > KEPT) {
        free.removeLast();
      }
    }
    if (tell) {
      onPressure.accept(false);
    }
  }

  /** Whether it asks for less. */
  public synchronized boolean isPressed() {
    return pressed;
  }

  /** How many blocks are out. */
  public synchronized int used() {
    return used;
  }
}
