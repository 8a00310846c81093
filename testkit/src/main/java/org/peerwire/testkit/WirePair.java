package org.peerwire.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireTransport;

/**
 * Two wires joined in memory, under a clock that moves only when told.
 *
 * <pre>{@code
 * WirePair pair = new WirePair(seeder, leecher);
 * pair.toLeft().cut(Cutter.everyByte());
 * leecher.handshake(torrent, id);
 * pair.run();                             // until nothing moves
 * pair.advance(Duration.ofMinutes(2));    // deadlines pass, in order
 * }</pre>
 *
 * <p>It plays the adapter of both wires, as an adapter would: it stops reading for a wire that asks
 * for that, and ends the connection of one that has closed. Verbs called in between have their
 * effect in the next {@link #run} or {@link #advance}. Not thread-safe.
 */
public final class WirePair {
  private static final int TOO_MANY_STEPS = 10_000_000;

  private final VirtualTime time;
  private final WireTransport left;
  private final WireTransport right;
  private final Line toRight;
  private final Line toLeft;
  private @Nullable Long resetAt;

  /** Two wires and a clock that begins at 0. */
  public WirePair(PeerWire left, PeerWire right) {
    this(left, right, new VirtualTime());
  }

  /** Two wires and a clock, which may be shared with others. */
  public WirePair(PeerWire left, PeerWire right, VirtualTime time) {
    this.time = time;
    this.left = left.transport();
    this.right = right.transport();
    toRight = new Line(this.left, this.right);
    toLeft = new Line(this.right, this.left);
  }

  /** The clock. */
  public VirtualTime time() {
    return time;
  }

  /** What goes from the left wire to the right one. */
  public Line toRight() {
    return toRight;
  }

  /** What goes from the right wire to the left one. */
  public Line toLeft() {
    return toLeft;
  }

  /** Cuts both directions this way. */
  public WirePair cut(Cutter how) {
    toRight.cut(how);
    toLeft.cut(how);
    return this;
  }

  /** Delays both directions by this much. */
  public WirePair delay(Duration oneWay) {
    toRight.delay(oneWay);
    toLeft.delay(oneWay);
    return this;
  }

  /**
   * From now on both directions are like this.
   *
   * @param random what is drawn; the same seed gives the same run
   */
  public WirePair under(NetworkConditions conditions, SplitMix64 random) {
    shape(toRight, conditions, random.fork("to right"));
    shape(toLeft, conditions, random.fork("to left"));
    Duration untilReset = conditions.resetAfter();
    resetAt = untilReset == null ? null : time.now() + untilReset.toNanos();
    return this;
  }

  /** The connection fails for both, and what is on its way is lost. */
  public void reset() {
    cutOff(time.now());
    run();
  }

  /**
   * Moves bytes and raises what is due until nothing moves at this instant.
   *
   * @throws AssertionError if that never happens
   */
  public void run() {
    for (int steps = 0; step(time.now()); steps++) {
      if (steps > TOO_MANY_STEPS) {
        throw new AssertionError("the two never come to rest at " + time);
      }
    }
  }

  /** Lets time pass: whatever arrives or is due meanwhile happens at its time and in its order. */
  public void advance(Duration by) {
    long rest = by.toNanos();
    run();
    for (long next = nanosUntilNext(); next <= rest; next = nanosUntilNext()) {
      time.advanceNanos(next);
      rest -= next;
      run();
    }
    time.advanceNanos(rest);
    run();
  }

  private void cutOff(long now) {
    toRight.cutOff();
    toLeft.cutOff();
    left.failed("connection reset", now);
    right.failed("connection reset", now);
  }

  private static void shape(Line line, NetworkConditions conditions, SplitMix64 random) {
    boolean whole = conditions.longestRead() == Integer.MAX_VALUE;
    line.delay(conditions.delay())
        .jitter(conditions.jitter(), random.fork("jitter"))
        .bandwidth(conditions.bytesPerSecond())
        .capacity(conditions.capacity())
        .cut(
            whole ? Cutter.whole() : Cutter.random(random.fork("reads"), conditions.longestRead()));
  }

  private boolean step(long now) {
    Long due = resetAt;
    if (due != null && due - now <= 0) {
      resetAt = null;
      cutOff(now);
      return true;
    }
    boolean any = raise(left, now);
    any |= raise(right, now);
    any |= toRight.move(now);
    any |= toLeft.move(now);
    return any;
  }

  private long nanosUntilNext() {
    long now = time.now();
    long timeouts = Math.min(left.nanosUntilTimeout(now), right.nanosUntilTimeout(now));
    long arrivals = Math.min(toRight.nanosUntilArrival(now), toLeft.nanosUntilArrival(now));
    Long due = resetAt;
    long reset = due == null ? Long.MAX_VALUE : Math.max(0, due - now);
    return Math.min(reset, Math.min(timeouts, arrivals));
  }

  private static boolean raise(WireTransport transport, long now) {
    if (transport.nanosUntilTimeout(now) != 0) {
      return false;
    }
    transport.timeout(now);
    return true;
  }
}
