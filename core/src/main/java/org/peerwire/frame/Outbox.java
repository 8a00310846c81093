package org.peerwire.frame;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;

/**
 * What waits to leave: control bytes, copied, and blocks, by reference, in the order in which they
 * were written.
 *
 * <pre>
 *   control   | header 0 | have | header 1 |      | choke ...
 *             '-----------------'----------'      '------- behind the last block
 *   blocks               before 0   before 1  ...
 * </pre>
 *
 * <p>Empty, it holds next to nothing after {@link #trim}. Not thread-safe.
 */
public final class Outbox {
  private static final byte[] NOTHING = {};
  private static final @Nullable Object[] NO_BLOCKS = {};
  private static final int[] NO_NUMBERS = {};
  private static final int SMALLEST = 64;

  private byte[] control = NOTHING;
  private @Nullable ByteBuffer view;
  private int head;
  private int tail;

  /** Blocks that wait, a ring of a power of two: {@link ByteBuffer} or {@link BlockRegion}. */
  private @Nullable Object[] blocks = NO_BLOCKS;

  /** How many control bytes leave before each of them, counted from the block ahead. */
  private int[] before = NO_NUMBERS;

  private int first;
  private int count;

  /** How many bytes of the first block have left, if it is a region. A buffer knows by itself. */
  private int regionSent;

  /** Control bytes written behind the last block. */
  private int behind;

  private long blockBytes;

  /** An empty outbox. */
  public Outbox() {}

  /** How many bytes wait. */
  public long size() {
    return controlSize() + blockBytes;
  }

  /** How many bytes of messages and headers wait. */
  public int controlSize() {
    return tail - head;
  }

  /** How many bytes of blocks wait. */
  public long blockSize() {
    return blockBytes;
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return head == tail && count == 0;
  }

  /**
   * Hands over what waits, in order.
   *
   * @param max how many bytes at the most
   * @return how many were handed over
   */
  public long drainTo(OutputSink sink, long max) {
    long left = max;
    while (left > 0) {
      int run = count == 0 ? behind : before[first];
      if (run > 0) {
        int part = (int) Math.min(run, left);
        if (count == 0) {
          behind -= part;
        } else {
          before[first] -= part;
        }
        left -= part;
        drainControl(sink, part);
      } else if (count > 0) {
        left -= drainBlock(sink, left);
      } else {
        break;
      }
    }
    return max - left;
  }

  /** Gives memory back while nothing waits. */
  public void trim() {
    if (isEmpty()) {
      control = NOTHING;
      view = null;
      blocks = NO_BLOCKS;
      before = NO_NUMBERS;
      head = 0;
      tail = 0;
      first = 0;
    }
  }

  /** Throws away what waits and releases the regions. */
  public void clear() {
    for (int i = 0; i < count; i++) {
      if (blocks[(first + i) & (blocks.length - 1)] instanceof BlockRegion region) {
        region.release();
      }
    }
    count = 0;
    blockBytes = 0;
    regionSent = 0;
    behind = 0;
    head = tail;
    trim();
  }

  /**
   * Makes room for control bytes; the caller writes them into {@link #control()} at once.
   *
   * @return the index of the first
   */
  int claim(int length) {
    if (control.length - tail < length) {
      makeRoom(length);
    }
    int at = tail;
    tail += length;
    behind += length;
    return at;
  }

  byte[] control() {
    return control;
  }

  void add(ByteBuffer block) {
    addBlock(block, block.remaining());
  }

  void add(BlockRegion region) {
    addBlock(region, region.length());
  }

  private void addBlock(Object block, int length) {
    if (count == blocks.length) {
      growBlocks();
    }
    int at = (first + count) & (blocks.length - 1);
    blocks[at] = block;
    before[at] = behind;
    behind = 0;
    count++;
    blockBytes += length;
  }

  private void drainControl(OutputSink sink, int length) {
    ByteBuffer bytes = view;
    if (bytes == null) {
      bytes = ByteBuffer.wrap(control);
      view = bytes;
    }
    int from = head;
    head += length;
    sink.control(bytes.limit(from + length).position(from));
    if (head == tail) {
      head = 0;
      tail = 0;
    }
  }

  private int drainBlock(OutputSink sink, long max) {
    int part;
    boolean whole;
    Object block = blocks[first];
    if (block instanceof BlockRegion region) {
      int offset = regionSent;
      part = (int) Math.min(max, region.length() - offset);
      whole = offset + part == region.length();
      regionSent = whole ? 0 : offset + part;
      took(part, whole);
      sink.region(region, offset, part);
    } else if (block instanceof ByteBuffer buffer) {
      part = (int) Math.min(max, buffer.remaining());
      whole = part == buffer.remaining();
      ByteBuffer bytes = buffer;
      if (!whole) {
        bytes = buffer.slice(buffer.position(), part);
        buffer.position(buffer.position() + part);
      }
      took(part, whole);
      sink.block(bytes);
    } else {
      throw new IllegalStateException();
    }
    return part;
  }

  /**
   * Accounts before the sink is called, so that a sink that throws leaves nothing to be sent twice.
   */
  private void took(int part, boolean whole) {
    blockBytes -= part;
    if (whole) {
      blocks[first] = null;
      first = (first + 1) & (blocks.length - 1);
      count--;
    }
  }

  private void makeRoom(int length) {
    int size = controlSize();
    byte[] target = control;
    if (size + length > control.length - (control.length >> 2)) {
      target = new byte[Math.max(SMALLEST, Math.max(2 * control.length, size + length))];
    }
    System.arraycopy(control, head, target, 0, size);
    if (target != control) {
      control = target;
      view = null;
    }
    head = 0;
    tail = size;
  }

  private void growBlocks() {
    int capacity = Math.max(4, 2 * blocks.length);
    @Nullable Object[] moreBlocks = new Object[capacity];
    int[] moreBefore = Arrays.copyOf(before, capacity);
    for (int i = 0; i < count; i++) {
      moreBlocks[i] = blocks[(first + i) & (blocks.length - 1)];
      moreBefore[i] = before[(first + i) & (blocks.length - 1)];
    }
    blocks = moreBlocks;
    before = moreBefore;
    first = 0;
  }
}
