package org.peerwire.swarm.dial;

import java.util.concurrent.TimeUnit;
import org.peerwire.PeerAddress;

/** An address, and how it went there. */
final class Candidate {
  private static final long FIRST_OF_NEAR = TimeUnit.SECONDS.toNanos(1);
  private static final long FIRST_OTHER = TimeUnit.SECONDS.toNanos(15);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
  private static final int GIVEN_UP = 2;

  /** Who is still there calls again by then. */
  private static final long CALL = TimeUnit.MINUTES.toNanos(5);

  final PeerAddress address;
  PeerSource source;

  /** The higher, the sooner. */
  long priority;

  State state = State.IDLE;
  int selfSeen;

  /** Whether it is known by the v2 info-hash of a hybrid torrent alone. */
  boolean upgraded;

  /** Whether it has called for peers on the local network, and was not met since. */
  private boolean calls;

  private long calledAt;

  /** How often in a row nobody was there. */
  private int failures;

  /** How often in a row it was of no use. */
  private int disappointments;

  /** Whether {@code dueAt} counts; a new one is due at once. */
  private boolean waits;

  private long dueAt;

  enum State {
    IDLE,
    DIALLING,
    CONNECTED
  }

  Candidate(PeerAddress address, PeerSource source) {
    this.address = address;
    this.source = source;
  }

  boolean isIdle() {
    return state == State.IDLE;
  }

  /** It calls for peers on the local network. */
  void calls(long now) {
    calls = true;
    calledAt = now;
  }

  /** Whether it waits for an answer to its call. */
  boolean isCalling(long now) {
    return calls && now - calledAt < CALL;
  }

  /** In how many nanoseconds it is due, if it is idle. */
  long nanosUntilDue(long now) {
    return waits ? Math.max(0, dueAt - now) : 0;
  }

  /** A connection, or an attempt, is over. Returns whether it is given up. */
  boolean lost(Outcome outcome, long now) {
    state = State.IDLE;
    calls &= outcome != Outcome.USEFUL;
    failures = outcome == Outcome.FAILED ? failures + 1 : 0;
    disappointments = outcome == Outcome.USEFUL ? 0 : disappointments + 1;
    long first = source.isUser() || source.isLocal() ? FIRST_OF_NEAR : FIRST_OTHER;
    int doublings = Math.min(10, Math.max(0, disappointments - 1));
    waitFor(Math.min(LONGEST, first << doublings), now);
    return !source.isUser() && failures >= GIVEN_UP;
  }

  void postpone(long now) {
    waitFor(LONGEST, now);
  }

  void hasten() {
    waits = false;
  }

  private void waitFor(long nanos, long now) {
    waits = true;
    dueAt = now + nanos;
  }

  @Override
  public String toString() {
    return address + " of " + source + ", " + state;
  }
}
