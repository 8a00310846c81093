package org.peerwire.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.peerwire.wire.WireTransport;

/**
 * One direction of the connection of a {@link WirePair}: what one wire sends and the other has not
 * read yet. Bytes stay in order and are never lost, as in TCP.
 */
public final class Line {
  private static final int DEFAULT_CAPACITY = 256 << 10;

  private final WireTransport from;
  private final WireTransport to;
  private final WireBytes.Collector collector = new WireBytes.Collector();
  private final Deque<Read> reads = new ArrayDeque<>();

  private Cutter cutter = Cutter.whole();
  private long delay;
  private LongSupplier jitter = () -> 0;
  private long bytesPerSecond = Long.MAX_VALUE;

  /** When the line is done with what was put on it, and when the last of that arrives. */
  private long busyUntil;

  private long lastDue;
  private boolean used;
  private int capacity = DEFAULT_CAPACITY;
  private boolean stalled;
  private boolean ended;
  private boolean endRead;
  private long endDue;
  private boolean broken;
  private int inFlight;
  private long carried;

  /** What the receiver gets in one call, from a moment on. */
  private record Read(ByteBuffer bytes, long due) {}

  Line(WireTransport from, WireTransport to) {
    this.from = from;
    this.to = to;
  }

  /** From now on the receiver gets what is sent cut this way. Whole at first. */
  public Line cut(Cutter how) {
    cutter = how;
    return this;
  }

  /** From now on what is sent arrives this much later. At once at first. */
  public Line delay(Duration oneWay) {
    delay = oneWay.toNanos();
    return this;
  }

  /** From now on up to this much comes on top of the delay, drawn anew for each read. */
  public Line jitter(Duration most, SplitMix64 random) {
    long nanos = most.toNanos();
    jitter = nanos == 0 ? () -> 0 : () -> (random.nextLong() >>> 1) % (nanos + 1);
    return this;
  }

  /**
   * From now on no more is carried in a second than this. As much as there is at first.
   *
   * @param perSecond from 1
   */
  public Line bandwidth(long perSecond) {
    if (perSecond < 1) {
      throw new IllegalArgumentException("nothing would ever arrive");
    }
    bytesPerSecond = perSecond;
    return this;
  }

  /**
   * How many bytes the line takes from the sender before the receiver reads; as socket buffers do.
   * 256 KiB at first.
   */
  public Line capacity(int bytes) {
    capacity = bytes;
    return this;
  }

  /** The receiver reads nothing from now on. */
  public void stall() {
    stalled = true;
  }

  /** The receiver reads again. */
  public void resume() {
    stalled = false;
  }

  /**
   * The sender ends its output behind what it has sent, whatever its wire thinks: a half-close.
   * What the wire wants to send after that fails it.
   */
  public void end() {
    ended = true;
  }

  /** How many bytes were sent and not read. */
  public int inFlight() {
    return inFlight;
  }

  /** How many bytes were read in all. */
  public long carried() {
    return carried;
  }

  /** The connection was cut: what is on its way is lost. */
  void cutOff() {
    broken = true;
    reads.clear();
    inFlight = 0;
  }

  /** Moves what can be moved now, one read at the most. Returns whether anything moved. */
  boolean move(long now) {
    if (broken) {
      return false;
    }
    boolean moved = take(now);
    moved |= end(now);
    moved |= give(now);
    return moved;
  }

  /** In how many nanoseconds something arrives. */
  long nanosUntilArrival(long now) {
    if (broken || stalled) {
      return Long.MAX_VALUE;
    }
    Read next = reads.peek();
    if (next != null) {
      return accepts() ? Math.max(0, next.due - now) : Long.MAX_VALUE;
    }
    return ended && !endRead ? Math.max(0, endDue - now) : Long.MAX_VALUE;
  }

  private boolean take(long now) {
    if (ended && from.pending() > 0) {
      from.failed("its output was ended", now);
      return true;
    }
    int room = capacity - inFlight;
    if (ended || room <= 0 || from.pending() == 0) {
      return false;
    }
    from.drainTo(collector, room);
    byte[] bytes = collector.take();
    inFlight += bytes.length;
    for (int at = 0; at < bytes.length; ) {
      int end = at + cutter.next(bytes.length - at);
      reads.add(new Read(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, end)), due(end - at, now)));
      at = end;
    }
    endDue = lastDue;
    from.sent(bytes.length, now);
    return true;
  }

  private boolean end(long now) {
    boolean over =
        from.isClosed() && from.pending() == 0 && from.nanosUntilTimeout(now) == Long.MAX_VALUE;
    if (over && !ended) {
      ended = true;
      endDue = due(0, now);
      return true;
    }
    return false;
  }

  /** When so many bytes arrive that are sent now: behind whatever is on its way. */
  private long due(int bytes, long now) {
    if (!used || busyUntil - now < 0) {
      busyUntil = now;
    }
    if (bytesPerSecond != Long.MAX_VALUE) {
      busyUntil += (long) Math.ceil(bytes * 1e9 / bytesPerSecond);
    }
    long due = busyUntil + delay + jitter.getAsLong();
    lastDue = used && due - lastDue < 0 ? lastDue : due;
    used = true;
    return lastDue;
  }

  private boolean give(long now) {
    if (stalled) {
      return false;
    }
    Read next = reads.peek();
    if (next != null) {
      if (next.due - now > 0 || !accepts()) {
        return false;
      }
      reads.remove();
      inFlight -= next.bytes.remaining();
      carried += next.bytes.remaining();
      to.receive(next.bytes, now);
      return true;
    }
    if (ended && !endRead && endDue - now <= 0) {
      endRead = true;
      to.endOfInput(now);
      return true;
    }
    return false;
  }

  private boolean accepts() {
    return to.wantsInput() || to.isClosed();
  }
}
