package org.peerwire.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.peerwire.frame.FrameException;
import org.peerwire.frame.FrameLimits;
import org.peerwire.frame.FrameReader;
import org.peerwire.frame.Message;
import org.peerwire.frame.MessageSink;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireTransport;

/**
 * The other end of one wire, without rules: it says exactly the bytes it is told, legal or not, and
 * keeps what the wire sends.
 *
 * <pre>{@code
 * peer.says("0000000d 06 00000000 00000000 00004000");   // a request
 * peer.hears(new Message.Piece(0, 0, block));
 * }</pre>
 *
 * <p>Like an adapter it holds back what it is to say while the wire wants no input. Not
 * thread-safe.
 */
public final class ScriptedPeer {
  private static final FrameLimits LIMITS = FrameLimits.DEFAULT.withBlock(1 << 17);
  private static final int TOO_MANY_STEPS = 10_000_000;

  private final WireTransport transport;
  private final VirtualTime time;
  private final WireBytes.Collector collector = new WireBytes.Collector();
  private final List<Message> heard = new ArrayList<>();
  private final MessageSink sink = new MessageSink(heard::add);
  private final FrameReader reader = new FrameReader(LIMITS);
  private final Deque<ByteBuffer> unread = new ArrayDeque<>();
  private Cutter cutter = Cutter.whole();
  private boolean reading = true;
  private long bytesHeard;

  /** The peer of {@code wire}, with a clock that begins at 0. */
  public ScriptedPeer(PeerWire wire) {
    this(wire, new VirtualTime());
  }

  /** The peer of {@code wire}, with a clock that may be shared. */
  public ScriptedPeer(PeerWire wire, VirtualTime time) {
    transport = wire.transport();
    this.time = time;
    transport.nanosUntilTimeout(time.now());
  }

  /** The clock. */
  public VirtualTime time() {
    return time;
  }

  /** From now on the wire gets what is said cut this way; whole at first. */
  public ScriptedPeer cut(Cutter how) {
    cutter = how;
    return this;
  }

  /**
   * Says bytes.
   *
   * @param hex as {@link WireBytes#hex} takes them
   */
  public ScriptedPeer says(String hex) {
    return says(WireBytes.hex(hex));
  }

  /** Says messages, all at once. */
  public ScriptedPeer says(Message... messages) {
    return says(WireBytes.of(messages));
  }

  /** Says bytes. They are copied. */
  public ScriptedPeer says(byte[] bytes) {
    for (int at = 0; at < bytes.length; ) {
      int end = at + cutter.next(bytes.length - at);
      unread.add(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, end)));
      at = end;
    }
    settle();
    return this;
  }

  /** Ends its output. */
  public ScriptedPeer ends() {
    settle();
    transport.endOfInput(time.now());
    settle();
    return this;
  }

  /** The connection fails. */
  public ScriptedPeer fails(String message) {
    settle();
    transport.failed(message, time.now());
    settle();
    return this;
  }

  /** Takes no bytes from the wire from now on, not even into a socket buffer. */
  public ScriptedPeer stopsReading() {
    settle();
    reading = false;
    return this;
  }

  /** Takes bytes again. */
  public ScriptedPeer reads() {
    reading = true;
    settle();
    return this;
  }

  /** Lets time pass; deadlines of the wire pass in their order. */
  public ScriptedPeer advance(Duration by) {
    long left = by.toNanos();
    settle();
    for (long step = nanosUntilNext(); step <= left; step = nanosUntilNext()) {
      time.advanceNanos(step);
      left -= step;
      settle();
    }
    time.advanceNanos(left);
    settle();
    return this;
  }

  /** What the wire sent since the last call, taken. A message that is not whole yet comes later. */
  public List<Message> heard() {
    settle();
    List<Message> messages = List.copyOf(heard);
    heard.clear();
    return messages;
  }

  /**
   * The wire sent exactly these messages since the last call.
   *
   * @throws AssertionError if it did not
   */
  public ScriptedPeer hears(Message... expected) {
    List<Message> actual = heard();
    if (!actual.equals(List.of(expected))) {
      throw new AssertionError("expected " + Arrays.toString(expected) + " but heard " + actual);
    }
    return this;
  }

  /** How many bytes the wire sent in all. */
  public long bytesHeard() {
    settle();
    return bytesHeard;
  }

  /** How many bytes were said and wait because the wire wants no input. */
  public int bytesHeldBack() {
    settle();
    return unread.stream().mapToInt(ByteBuffer::remaining).sum();
  }

  private long nanosUntilNext() {
    return transport.nanosUntilTimeout(time.now());
  }

  /** Moves bytes and raises what is due until nothing moves. */
  private void settle() {
    for (int steps = 0; step(time.now()); steps++) {
      if (steps > TOO_MANY_STEPS) {
        throw new AssertionError("the wire never comes to rest at " + time);
      }
    }
  }

  private boolean step(long now) {
    boolean any = raise(now);
    any |= take(now);
    any |= give(now);
    return any;
  }

  private boolean raise(long now) {
    if (transport.nanosUntilTimeout(now) != 0) {
      return false;
    }
    transport.timeout(now);
    return true;
  }

  private boolean take(long now) {
    if (!reading || transport.pending() == 0) {
      return false;
    }
    long count = transport.drainTo(collector, Long.MAX_VALUE);
    bytesHeard += count;
    try {
      reader.read(ByteBuffer.wrap(collector.take()), sink);
    } catch (FrameException e) {
      throw new AssertionError("the wire sent what is no message", e);
    }
    transport.sent(count, now);
    return true;
  }

  private boolean give(long now) {
    if (unread.isEmpty() || !(transport.wantsInput() || transport.isClosed())) {
      return false;
    }
    transport.receive(unread.remove(), now);
    return true;
  }
}
