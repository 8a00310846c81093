package org.peerwire.swarm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerAddress;

/** The addresses that are known, and when each is dialled next. */
final class Candidates {
  static final long NEVER = Long.MAX_VALUE;
  private static final long FIRST_PERSISTENT = TimeUnit.SECONDS.toNanos(1);
  private static final long FIRST_OTHER = TimeUnit.SECONDS.toNanos(15);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
  private static final int GIVEN_UP = 3;

  private final Map<PeerAddress, Candidate> known = new LinkedHashMap<>();
  private final int max;
  private int dialling;

  Candidates(int max) {
    this.max = max;
  }

  int size() {
    return known.size();
  }

  /** How many are being dialled. */
  int dialling() {
    return dialling;
  }

  boolean add(PeerAddress address, boolean persistent) {
    Candidate candidate = known.get(address);
    if (candidate != null) {
      boolean more = persistent && !candidate.persistent;
      candidate.persistent |= persistent;
      return more;
    }
    if (known.size() >= max && !persistent) {
      return false;
    }
    known.put(address, new Candidate(address, persistent));
    return true;
  }

  /** One that is due, which is being dialled from now on; or null. */
  @Nullable PeerAddress next(long now, boolean persistentOnly) {
    for (Candidate candidate : known.values()) {
      if (candidate.isDue(now, persistentOnly)) {
        candidate.state = State.DIALLING;
        dialling++;
        return candidate.address;
      }
    }
    return null;
  }

  /** In how many nanoseconds one is due. */
  long nanosUntilNext(long now, boolean persistentOnly) {
    long least = NEVER;
    for (Candidate candidate : known.values()) {
      if (candidate.state == State.IDLE && (candidate.persistent || !persistentOnly)) {
        least = Math.min(least, candidate.isDue(now, false) ? 0 : candidate.dueAt - now);
      }
    }
    return least;
  }

  /** A dial was answered. Returns whether it was under way. */
  boolean dialled(PeerAddress address) {
    Candidate candidate = known.get(address);
    if (candidate == null || candidate.state != State.DIALLING) {
      return false;
    }
    dialling--;
    candidate.state = State.CONNECTED;
    return true;
  }

  /**
   * A connection, or an attempt, is over.
   *
   * @param good whether it was of use, so that the next attempt need not wait long
   */
  void lost(PeerAddress address, boolean good, long now) {
    Candidate candidate = known.get(address);
    if (candidate == null || candidate.state == State.IDLE) {
      return;
    }
    if (candidate.state == State.DIALLING) {
      dialling--;
    }
    candidate.state = State.IDLE;
    candidate.failures = good ? 0 : candidate.failures + 1;
    if (!candidate.persistent && candidate.failures >= GIVEN_UP) {
      known.remove(address);
      return;
    }
    long first = candidate.persistent ? FIRST_PERSISTENT : FIRST_OTHER;
    int doublings = Math.min(10, Math.max(0, candidate.failures - 1));
    candidate.waits = true;
    candidate.dueAt = now + Math.min(LONGEST, first << doublings);
  }

  /** There is nothing to gain there for now, such as from a seed while we are one. */
  void postpone(PeerAddress address, long now) {
    Candidate candidate = known.get(address);
    if (candidate != null) {
      candidate.waits = true;
      candidate.dueAt = now + LONGEST;
    }
  }

  /** The next attempt need not wait. */
  void hasten(PeerAddress address) {
    Candidate candidate = known.get(address);
    if (candidate != null) {
      candidate.waits = false;
    }
  }

  /**
   * It looks as if we had dialled ourselves there. Returns whether it looks so for the second time,
   * which is no chance.
   */
  boolean mayBeOurselves(PeerAddress address) {
    Candidate candidate = known.get(address);
    return candidate != null && candidate.selfSeen++ > 0;
  }

  void forget(PeerAddress address) {
    Candidate candidate = known.remove(address);
    if (candidate != null && candidate.state == State.DIALLING) {
      dialling--;
    }
  }

  private enum State {
    IDLE,
    DIALLING,
    CONNECTED
  }

  private static final class Candidate {
    final PeerAddress address;
    boolean persistent;
    State state = State.IDLE;
    int failures;
    int selfSeen;

    /** Whether {@code dueAt} counts; a new one is due at once. */
    boolean waits;

    long dueAt;

    Candidate(PeerAddress address, boolean persistent) {
      this.address = address;
      this.persistent = persistent;
    }

    boolean isDue(long now, boolean persistentOnly) {
      return state == State.IDLE && (persistent || !persistentOnly) && (!waits || now - dueAt >= 0);
    }
  }
}
