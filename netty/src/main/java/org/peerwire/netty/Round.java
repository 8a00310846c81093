package org.peerwire.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;
import org.peerwire.channel.FileRegion;
import org.peerwire.frame.OutputSink;

/**
 * Collects what a wire hands over at once, as messages that Netty's transports write: messages and
 * headers copied into one buffer, of which each part is a slice; blocks by reference, and those in
 * files that follow each other as one {@link FileRun}, together with their headers.
 *
 * <pre>
 *   control   | header 0 | header 1 |                       | have, choke ... |
 *   parts     [ header 0, block 0, header 1, block 1, run of blocks, have, choke ... ]
 * </pre>
 */
final class Round implements OutputSink {
  private static final int CONTROL = 512;

  /**
   * One that waits for use, so that a connection needs none of its own. Inside of a write, a local
   * channel may begin another.
   */
  private static final FastThreadLocal<@Nullable Round> SPARE = new FastThreadLocal<>();

  private final List<Object> parts = new ArrayList<>();
  private ByteBufAllocator allocator;
  private FileRun.Owner owner;
  private @Nullable ByteBuf control;
  private int controlFrom;

  /** The last part, if blocks can be added to it. */
  private @Nullable FileRun run;

  private @Nullable String failure;

  private Round(ByteBufAllocator allocator, FileRun.Owner owner) {
    this.allocator = allocator;
    this.owner = owner;
  }

  /** To be given back by the same thread. */
  static Round take(ByteBufAllocator allocator, FileRun.Owner owner) {
    Round round = SPARE.getIfExists();
    if (round == null) {
      return new Round(allocator, owner);
    }
    SPARE.set(null);
    round.allocator = allocator;
    round.owner = owner;
    return round;
  }

  /** Lets go of the parts that were not written. */
  void giveBack() {
    endControl();
    parts.forEach(ReferenceCountUtil::release);
    parts.clear();
    run = null;
    failure = null;
    SPARE.set(this);
  }

  @Override
  public void control(ByteBuffer bytes) {
    if (failure != null) {
      return;
    }
    ByteBuf target = control;
    if (target == null || target.writableBytes() < bytes.remaining()) {
      endControl();
      // Most rounds hold a single run of messages; one with blocks holds many short headers.
      target = allocator.ioBuffer(Math.max(CONTROL, bytes.remaining()));
      control = target;
    }
    target.writeBytes(bytes);
  }

  @Override
  public void block(ByteBuffer block) {
    if (failure == null) {
      cutControl();
      addPart(Unpooled.wrappedBuffer(block));
    }
  }

  @Override
  public void region(BlockRegion region, int offset, int length) {
    if (failure == null && region instanceof FileRegion file) {
      add(file, offset, length);
      return;
    }
    try {
      if (failure == null) {
        cutControl();
        read(region, offset, length);
      }
    } finally {
      if (offset + length == region.length()) {
        region.release();
      }
    }
  }

  /** Nothing more comes: the parts are complete, unless {@link #failure} tells otherwise. */
  List<Object> end() {
    endControl();
    return parts;
  }

  /** Why what was promised to the peer could not be had, or null. */
  @Nullable String failure() {
    return failure;
  }

  private void add(FileRegion file, int offset, int length) {
    FileRun target = run;
    if (target == null) {
      target = new FileRun(owner);
      run = target;
      parts.add(target);
    }
    ByteBuf head = control;
    if (head == null) {
      target.add(Unpooled.EMPTY_BUFFER, file, offset, length);
      return;
    }
    target.add(head.readerIndex(controlFrom), file, offset, length);
    if (controlFrom == 0) {
      // All of it was copied, and no part is a slice of it.
      head.clear();
    } else {
      controlFrom = head.writerIndex();
    }
  }

  private void read(BlockRegion region, int offset, int length) {
    ByteBuf bytes = allocator.ioBuffer(length, length);
    boolean whole = false;
    try {
      ByteBuffer target = bytes.nioBuffer(0, length);
      region.read(offset, target);
      // A region that reads less would send what lay in this memory before.
      whole = !target.hasRemaining();
      if (!whole) {
        failure = "a block ends " + target.remaining() + " bytes early";
      }
    } catch (IOException | RuntimeException e) {
      failure = WireLoop.message(e);
    } finally {
      if (whole) {
        addPart(bytes.writerIndex(length));
      } else {
        bytes.release();
      }
    }
  }

  private void addPart(ByteBuf bytes) {
    parts.add(bytes);
    run = null;
  }

  private void cutControl() {
    ByteBuf bytes = control;
    if (bytes != null && bytes.writerIndex() > controlFrom) {
      addPart(bytes.retainedSlice(controlFrom, bytes.writerIndex() - controlFrom));
      controlFrom = bytes.writerIndex();
    }
  }

  private void endControl() {
    ByteBuf bytes = control;
    if (bytes != null) {
      if (controlFrom == 0 && bytes.isReadable()) {
        addPart(bytes);
      } else {
        cutControl();
        bytes.release();
      }
      control = null;
      controlFrom = 0;
    }
  }
}
