package org.peerwire.wire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is due when. Time is any number of nanoseconds that only grows, and may wrap; only
 * differences count. A verb does not know the time, so what a verb starts is stamped by the next
 * call that does.
 */
final class Deadlines {
  static final long NEVER = Long.MAX_VALUE;

  /** By how much a transport may miss what is due before it is taken to have stood still. */
  private static final long LATE = 2_000_000_000L;

  /** How long it has then to read what came meanwhile, before anything times out. */
  private static final long GRACE = 1_000_000_000L;

  /** Who has sent nothing for so long does nothing much. */
  private static final long QUIET = 10_000_000_000L;

  private final PeerWire wire;

  private boolean started;
  private long now;

  /**
   * By when the peer must be heard: all of its handshake at first, sooner once that has begun, and
   * then anything.
   */
  private long heardBy;

  /** When the peer took bytes last, or some began to wait for it. */
  private long sentAt;

  private boolean waitingToSend;

  /** When the message began that has come in part. */
  private long frameAt;

  /**
   * Whether the transport is asked to read. While it is not, the peer's silence is our own doing.
   */
  private boolean reading = true;

  /** Whether that is because the application can't take more. */
  private boolean held;

  /** Whether the transport was told when to call. */
  private boolean promised;

  /** Whether nothing times out for now, as the process stood still; once for each sign of life. */
  private boolean excused;

  private boolean alive = true;

  /** Until when that holds; if it does not, when the transport was told to call. */
  private long promisedAt;

  private long requestNanos;
  private long keepAliveNanos;

  Deadlines(PeerWire wire) {
    this.wire = wire;
  }

  /** The time of the latest call of the transport. */
  long now() {
    return now;
  }

  void requestTimeout(Duration timeout) {
    requestNanos = timeout.toNanos();
    newHead();
  }

  void keepAlive(Duration period) {
    keepAliveNanos = period.toNanos();
  }

  void tick(long time) {
    now = time;
    if (!started) {
      started = true;
      heardBy = time + wire.options().handshakeNanos();
      sentAt = time;
    }
    if (excused) {
      excused = time - promisedAt < 0;
    } else if (promised && time - promisedAt > LATE && alive) {
      alive = false;
      excused = true;
      promisedAt = time + GRACE;
    }
    promised = false;
    if (held && !wire.transport.holdsInput()) {
      newHead();
    }
    held = wire.transport.holdsInput();
    if (wire.downloads != null) {
      wire.downloads.tick(time);
    }
    boolean wanted = wire.transport.wantsInput();
    if (wanted && !reading && !wire.isShakingHands()) {
      heard();
      frameAt = time;
    }
    reading = wanted;
    boolean waiting = wire.transport.hasOutput();
    if (waiting && !waitingToSend) {
      sentAt = time;
    }
    waitingToSend = waiting;
  }

  /**
   * Input was read: a message that has begun must end in time.
   *
   * @param from the reader's position before
   */
  void received(long from) {
    alive = true;
    if (!wire.isShakingHands()) {
      heard();
    } else if (from == 0) {
      heardBy = now + Math.min(heardBy - now, wire.options().handshakeBytesNanos());
    }
    if (wire.reader.inFrame() && wire.reader.frameStart() >= from) {
      frameAt = now;
    }
  }

  /** The peer took bytes. */
  void sent() {
    sentAt = now;
  }

  /**
   * The transport is told to call in so many nanoseconds, or later if it has to read first. If it
   * comes much later all the same, as after a sleep of the machine, everything seems overdue, and
   * the peer's answers may lie in the socket's buffer.
   */
  long promise(long nanos) {
    if (excused) {
      return Math.max(nanos, promisedAt - now);
    }
    promised = nanos != NEVER;
    promisedAt = now + nanos;
    return nanos;
  }

  /** Whether nothing times out yet. */
  boolean areExcused() {
    return excused;
  }

  /** Whether we have said nothing for a while, so that what is not in use is better given back. */
  boolean areQuiet() {
    return now - sentAt >= QUIET;
  }

  /** In nanoseconds; 0: something is due now. */
  long remaining() {
    long least = Math.min(untilClose(), untilRequest());
    return Math.max(0, Math.min(least, untilKeepAlive()));
  }

  /** Which timeout has passed that closes the wire, if any. */
  @Nullable Timeout passed() {
    WireOptions options = wire.options();
    if (wire.isShakingHands()) {
      return heardBy - now <= 0 ? Timeout.HANDSHAKE_TIMEOUT : null;
    }
    if (waitingToSend && now - sentAt >= options.sendNanos()) {
      return Timeout.SEND_STALLED;
    }
    if (!reading) {
      return null;
    }
    if (wire.reader.inFrame() && now - frameAt >= frameNanos()) {
      return Timeout.FRAME_STALLED;
    }
    return heardBy - now <= 0 ? Timeout.IDLE : null;
  }

  boolean requestPassed() {
    return untilRequest() <= 0;
  }

  boolean keepAlivePassed() {
    return untilKeepAlive() <= 0;
  }

  private long untilClose() {
    WireOptions options = wire.options();
    if (wire.isShakingHands()) {
      return heardBy - now;
    }
    long least = reading ? heardBy - now : NEVER;
    if (reading && wire.reader.inFrame()) {
      least = Math.min(least, frameNanos() - (now - frameAt));
    }
    if (waitingToSend) {
      least = Math.min(least, options.sendNanos() - (now - sentAt));
    }
    return least;
  }

  private long untilRequest() {
    if (requestNanos <= 0 || held || wire.downloads == null) {
      return NEVER;
    }
    long age = wire.downloads.headAge(now);
    return age < 0 ? NEVER : requestNanos - age;
  }

  /** None is needed while something waits to be sent. */
  private long untilKeepAlive() {
    return keepAliveNanos > 0 && !waitingToSend && wire.isOpen()
        ? keepAliveNanos - (now - sentAt)
        : NEVER;
  }

  /** The peer was heard, and is to be heard again. */
  private void heard() {
    heardBy = now + wire.options().idleNanos();
  }

  /** The request at the head gets all of its time again. */
  private void newHead() {
    if (wire.downloads != null) {
      wire.downloads.newHead();
    }
  }

  /** A large message gets a second for each KiB that is still to come. */
  private long frameNanos() {
    return Math.max(
        wire.options().frameNanos(), wire.reader.frameLength() * (1_000_000_000L >> 10));
  }
}
