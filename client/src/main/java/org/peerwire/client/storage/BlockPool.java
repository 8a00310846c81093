package org.peerwire.client.storage;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.peerwire.Block;

/**
 * The memory for blocks on their way to the disk, shared by all transfers. They lie one behind the
 * other in slabs, as they come, so that those that follow each other in a piece can be written and
 * hashed at once. A slab that nobody holds a part of is filled anew, and as long as the disk keeps
 * up that is always the same one, which stays in the processor's cache.
 *
 * <p>It never refuses, as a block that came has to lie somewhere; but it tells when it is nearly
 * full, so that sockets are read no more, and when there is room again. What counts is the slabs:
 * one small part holds a whole one. They lie outside of the heap, where the system can write them
 * from, and what was needed once is kept. Thread-safe.
 */
public final class BlockPool {
  /** How much of one piece can be written at once. */
  static final int SLAB = 8 * Block.LENGTH;

  private final int high;
  private final int low;
  private final Consumer<Boolean> onPressure;
  private final ArrayDeque<Slab> free = new ArrayDeque<>();

  /** The one that is being filled. */
  private Slab current = new Slab();

  /** How many slabs are held. */
  private int used;

  private boolean pressed;

  private static final class Slab {
    final ByteBuffer memory = ByteBuffer.allocateDirect(SLAB);
    int filled;
    int holders;
  }

  /** A part of a slab, held until it is given back. For one thread at a time. */
  static final class Part {
    private final Slab slab;
    private final int from;
    private int length;

    /** How many parts it was made of. */
    private int holds = 1;

    private Part(Slab slab, int from, int length) {
      this.slab = slab;
      this.from = from;
      this.length = length;
    }

    int length() {
      return length;
    }

    /** Its bytes, as a view of their own. */
    ByteBuffer bytes() {
      return slab.memory.slice(from, length);
    }

    /** Becomes one with a part that lies behind it. Returns whether that does. */
    boolean append(Part next) {
      boolean follows = next.slab == slab && from + length == next.from;
      if (follows) {
        length += next.length;
        holds += next.holds;
      }
      return follows;
    }
  }

  /**
   * An empty pool.
   *
   * @param maxBytes above three quarters of this it asks for less
   * @param onPressure told whether reading is to pause; by any thread, and briefly
   */
  public BlockPool(long maxBytes, Consumer<Boolean> onPressure) {
    high = (int) (maxBytes / SLAB * 3 / 4);
    low = Math.max(1, high / 2);
    this.onPressure = onPressure;
  }

  /**
   * Takes a copy of a block.
   *
   * @param block up to {@link Block#LENGTH} bytes; its position stays
   */
  Part copy(ByteBuffer block) {
    int length = block.remaining();
    boolean tell;
    Part part;
    synchronized (this) {
      if (SLAB - current.filled < length) {
        Slab next = free.pollLast();
        current = next == null ? new Slab() : next;
      }
      part = new Part(current, current.filled, length);
      current.filled += length;
      if (current.holders++ == 0) {
        used++;
      }
      tell = !pressed && used > high;
      pressed |= tell;
    }
    part.slab.memory.put(part.from, block, block.position(), length);
    if (tell) {
      onPressure.accept(true);
    }
    return part;
  }

  /** Takes a part back. */
  void give(Part part) {
    Slab slab = part.slab;
    boolean tell = false;
    synchronized (this) {
      slab.holders -= part.holds;
      if (slab.holders == 0) {
        slab.filled = 0;
        used--;
        tell = pressed && used < low;
        pressed &= !tell;
        if (slab != current && free.size() < high) {
          free.addLast(slab);
        }
      }
    }
    if (tell) {
      onPressure.accept(false);
    }
  }

  /**
   * Whether so little is held that what was written may stay, to be hashed in its turn. If more
   * stayed, it might ask for less, and what all that waits for would never come.
   */
  synchronized boolean hasPlenty() {
    return used < low;
  }

  /** Whether it asks for less. */
  public synchronized boolean isPressed() {
    return pressed;
  }

  /** How many slabs are held. */
  public synchronized int used() {
    return used;
  }
}
