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

  /** By when the peer must have said its handshake: sooner once it has begun. */
  private long shakenBy;

  private long receivedAt;
  private long sentAt;

  private long frame = -1;
  private long frameAt;

  /**
   * Whether the transport is asked to read. While it is not, the peer's silence is our own doing.
   */
  private boolean reading = true;

  /** Whether that is because the application can't take more. */
  private boolean held;

  /** When the transport was told to call, if it was. */
  private boolean promised;

  private long promisedAt;

  /** Whether nothing times out for now, as the process stood still; once for each sign of life. */
  private boolean excused;

  private long excusedUntil;
  private boolean alive = true;

  private boolean waitingToSend;
  private long progressAt;

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
      shakenBy = time + wire.options().handshakeNanos();
      receivedAt = time;
      sentAt = time;
    }
    if (excused && time - excusedUntil >= 0) {
      excused = false;
    } else if (promised && time - promisedAt > LATE && alive) {
      alive = false;
      excused = true;
      excusedUntil = time + GRACE;
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
    if (wanted && !reading) {
      receivedAt = time;
      frameAt = time;
    }
    reading = wanted;
    boolean waiting = wire.transport.hasOutput();
    if (waiting && !waitingToSend) {
      progressAt = time;
    }
    waitingToSend = waiting;
  }

  void received() {
    if (wire.reader.position() == 0) {
      shakenBy = now + Math.min(shakenBy - now, wire.options().handshakeBytesNanos());
    }
    receivedAt = now;
    alive = true;
  }

  /** After input was read: a message that has begun must end in time. */
  void readTo() {
    if (!wire.reader.inFrame()) {
      frame = -1;
    } else if (frame != wire.reader.frameStart()) {
      frame = wire.reader.frameStart();
      frameAt = now;
    }
  }

  /** The peer took bytes. */
  void sent() {
    sentAt = now;
    progressAt = now;
  }

  /** A keep-alive waits to be sent. */
  void keptAlive() {
    sentAt = now;
  }

  /**
   * The transport is told to call in so many nanoseconds, or later if it has to read first. If it
   * comes much later all the same, as after a sleep of the machine, everything seems overdue, and
   * the peer's answers may lie in the socket's buffer.
   */
  long promise(long nanos) {
    long given = excused ? Math.max(nanos, excusedUntil - now) : nanos;
    promised = given != NEVER;
    promisedAt = now + given;
    return given;
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
    if (keepAliveNanos > 0 && wire.isOpen()) {
      least = Math.min(least, keepAliveNanos - (now - sentAt));
    }
    return Math.max(0, least);
  }

  /** Which timeout has passed that closes the wire, if any. */
  @Nullable Timeout passed() {
    WireOptions options = wire.options();
    if (wire.isShakingHands()) {
      return shakenBy - now <= 0 ? Timeout.HANDSHAKE_TIMEOUT : null;
    }
    if (waitingToSend && now - progressAt >= options.sendNanos()) {
      return Timeout.SEND_STALLED;
    }
    if (!reading) {
      return null;
    }
    if (frame >= 0 && now - frameAt >= frameNanos()) {
      return Timeout.FRAME_STALLED;
    }
    return now - receivedAt >= options.idleNanos() ? Timeout.IDLE : null;
  }

  boolean requestPassed() {
    return untilRequest() <= 0;
  }

  boolean keepAlivePassed() {
    return keepAliveNanos > 0 && now - sentAt >= keepAliveNanos;
  }

  private long untilClose() {
    WireOptions options = wire.options();
    if (wire.isShakingHands()) {
      return shakenBy - now;
    }
    long least = reading ? options.idleNanos() - (now - receivedAt) : NEVER;
    if (reading && frame >= 0) {
      least = Math.min(least, frameNanos() - (now - frameAt));
    }
    if (waitingToSend) {
      least = Math.min(least, options.sendNanos() - (now - progressAt));
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
