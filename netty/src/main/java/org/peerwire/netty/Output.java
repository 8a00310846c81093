package org.peerwire.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.wire.Transport;

/** What is on its way from the wire through the channel. */
// What Netty's futures tell is told by its events too, but for writes, to which we listen.
@SuppressWarnings("FutureReturnValueIgnored")
final class Output implements FileRun.Owner {
  /**
   * After how many bytes, at the least, the wire is told that they are sent: often enough that a
   * slow peer is seen to take them, and seldom enough to cost nothing.
   */
  private static final int REPORT = 32 << 10;

  /** What a full socket is tried with once more. */
  private static final int PROBE = 16 << 10;

  /** What is handed over at once and is no less than this, in bytes, has blocks in it. */
  private static final int BLOCKS = 16 << 10;

  /**
   * How often after blocks something unanswered is acknowledged at once: a peer that goes on has
   * asked for more by then, and one that says haves for hours costs nothing.
   */
  static final int QUICK_ACKS = 16;

  private final WireLoop loop;

  /** Bytes handed to the channel that are not sent. */
  private long inFlight;

  /** Bytes that were sent, of which the wire was not told. */
  private long written;

  /** How much the socket is likely to take at once of what has to be read for it, in bytes. */
  private int room = FileRun.CHUNK;

  /** How much it took since it was full the last time. */
  private int burst;

  private int quickAcks;

  Output(WireLoop loop) {
    this.loop = loop;
  }

  boolean isEmpty() {
    return inFlight == 0;
  }

  boolean hasWritten() {
    return written > 0;
  }

  long takeWritten() {
    long bytes = written;
    written = 0;
    inFlight -= bytes;
    return bytes;
  }

  /**
   * Hands all that waits to the channel. The wire bounds it by its windows; and a region is never
   * cut, so it is released either by the wire or by the channel.
   *
   * @return why what was promised to the peer could not be had, or null
   */
  @Nullable String drain(ChannelHandlerContext context, Transport transport) {
    Round round = Round.take(context.alloc(), this);
    try {
      long bytes = transport.drainTo(round, Long.MAX_VALUE);
      inFlight += bytes;
      if (bytes >= BLOCKS) {
        quickAcks = QUICK_ACKS;
        QuickAck.prepare();
      }
      List<Object> parts = round.end();
      String failure = round.failure();
      if (failure == null) {
        write(context, parts);
      }
      return failure;
    } finally {
      round.giveBack();
    }
  }

  /** The peer said something, and nothing leaves that could acknowledge it. */
  void unanswered(Channel channel) {
    if (quickAcks > 0 && isEmpty()) {
      quickAcks--;
      QuickAck.of(channel);
    }
  }

  @Override
  public int room() {
    return room;
  }

  @Override
  public void left(int bytes, boolean isFull) {
    written += bytes;
    if (!isFull) {
      burst = Math.min(FileRun.CHUNK, burst + bytes);
      room = Math.min(FileRun.CHUNK, 2 * room);
      return;
    }
    if (bytes > 0) {
      burst = Math.min(FileRun.CHUNK, burst + bytes);
      room = PROBE;
    } else {
      room = Math.max(PROBE, burst);
      burst = 0;
    }
    loop.wake();
  }

  private void write(ChannelHandlerContext context, List<Object> parts) {
    int unreported = 0;
    int last = parts.size() - 1;
    for (int i = 0; i <= last; i++) {
      Object part = parts.get(i);
      // A run tells by itself what has left.
      unreported += part instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
      if (i == last || unreported >= REPORT) {
        int reported = unreported;
        unreported = 0;
        context.write(part).addListener(future -> written(future, reported));
      } else {
        // A part that is lost alone, refused by a handler perhaps, would leave a hole in what
        // follows; the pipeline's exceptionCaught tells of it.
        context.write(part, context.voidPromise());
      }
    }
    parts.clear();
    context.flush();
  }

  private void written(Future<?> future, int bytes) {
    Throwable cause = future.cause();
    if (cause == null) {
      written += bytes;
      loop.run();
    } else {
      loop.failed(cause);
    }
  }
}
