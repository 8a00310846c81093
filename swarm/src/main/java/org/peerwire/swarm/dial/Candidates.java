package org.peerwire.swarm.dial;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.peer.PeerPriority;

/**
 * The addresses that are known, and when each is dialled next. What the user named comes first,
 * then what trackers told, then what peers told; among equals the order is that of <a
 * href="https://www.bittorrent.org/beps/bep_0040.html">BEP 40</a>, or one by chance as long as we
 * do not know where we are.
 *
 * <p>For one thread. {@code now} is any clock in nanoseconds that only grows.
 */
public final class Candidates {
  /** No time at which something is due. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final long FORGOTTEN = TimeUnit.HOURS.toNanos(1);

  private final Map<PeerAddress, Candidate> known = new LinkedHashMap<>();

  /** Until when those are not wanted that were given up; the oldest first. */
  private final Map<PeerAddress, Long> forgotten = new LinkedHashMap<>();

  /** Where those listen that called us and are still there. */
  private final Set<PeerAddress> met = new HashSet<>();

  private final int max;
  private final int slots;
  private final boolean anyPort;
  private final long seed;
  private final Pace pace = new Pace();
  private final OurAddress oursV4 = new OurAddress();
  private final OurAddress oursV6 = new OurAddress();
  private int dialling;

  /** Whether {@code soonest} is worth nothing. */
  private boolean changed = true;

  private boolean soonestOfUser;
  private boolean none;
  private long soonest;

  /**
   * None yet.
   *
   * @param max how many are remembered, from 1; those of the user come on top
   * @param slots how many connections there may be: peers name at most half of those that we make,
   *     as long as others name any
   * @param anyPort whether strangers may also name ports below 1024, where services of machines are
   * @param seed of what is by chance
   */
  public Candidates(int max, int slots, boolean anyPort, long seed) {
    this.max = max;
    this.slots = slots;
    this.anyPort = anyPort;
    this.seed = seed;
  }

  /** How many are known. */
  public int size() {
    return known.size();
  }

  /** How many are being dialled. */
  public int dialling() {
    return dialling;
  }

  /**
   * Someone told an address.
   *
   * @param upgraded whether it was told under the v2 info-hash of a hybrid torrent
   * @return whether it was taken: not if it is known already or has called us, was given up within
   *     the hour, is not credible from this source, or there is no room for it
   */
  public boolean add(PeerAddress address, PeerSource source, boolean upgraded, long now) {
    Candidate candidate = known.get(address);
    if (candidate != null) {
      candidate.upgraded &= upgraded;
      if (source.isLocal()) {
        candidate.calls(now);
        changed = true;
      }
      return isBetter(candidate, source);
    }
    if (address.port() == 0) {
      return false;
    }
    boolean here = met.contains(address);
    if (!source.isUser()
        && (here
            || isForgotten(address, now)
            || !Admission.isCredible(address, source, anyPort)
            || !Admission.hasRoom(address, source, known.values(), max)
            || !makeRoom(source))) {
      return false;
    }
    Candidate fresh = new Candidate(address, source);
    fresh.priority = priority(address);
    fresh.upgraded = upgraded;
    if (source.isLocal()) {
      fresh.calls(now);
    }
    fresh.state = here ? Candidate.State.CONNECTED : Candidate.State.IDLE;
    known.put(address, fresh);
    changed = true;
    return true;
  }

  /**
   * One that is due, which is being dialled from now on; or null.
   *
   * @param userOnly whether only those count that the user named, or that call for peers on the
   *     local network, until they were met or for five minutes
   */
  public @Nullable PeerAddress next(long now, boolean userOnly) {
    boolean room = peersMayNameMore();
    Candidate best = null;
    for (Candidate candidate : known.values()) {
      if (isEligible(candidate, now, userOnly, room)
          && nanosUntil(candidate, now) == 0
          && (best == null || isBefore(candidate, best))) {
        best = candidate;
      }
    }
    if (best == null) {
      // A call may have been over sooner than its turn came.
      changed = true;
      return null;
    }
    best.state = Candidate.State.DIALLING;
    dialling++;
    changed = true;
    if (!best.source.isUser()) {
      pace.dialled(best.address.ip(), now);
    }
    return best.address;
  }

  /** In how many nanoseconds one is due: 0 for now, {@link #NEVER} for none. */
  public long nanosUntilNext(long now, boolean userOnly) {
    // Asked after every event, and there may be thousands.
    if (changed || soonestOfUser != userOnly) {
      changed = false;
      soonestOfUser = userOnly;
      boolean room = peersMayNameMore();
      long least = NEVER;
      for (Candidate candidate : known.values()) {
        long wait = nanosUntil(candidate, now);
        if (isEligible(candidate, now + wait, userOnly, room)) {
          least = Math.min(least, wait);
        }
      }
      none = least == NEVER;
      soonest = now + least;
    }
    return none ? NEVER : Math.max(0, soonest - now);
  }

  /** Whether one is due that the user named. */
  public boolean isUserDue(long now) {
    for (Candidate candidate : known.values()) {
      if (candidate.source.isUser() && candidate.isIdle() && candidate.nanosUntilDue(now) == 0) {
        return true;
      }
    }
    return false;
  }

  /** A dial was answered. Returns whether it was under way. */
  public boolean dialled(PeerAddress address) {
    Candidate candidate = known.get(address);
    if (candidate == null || candidate.state != Candidate.State.DIALLING) {
      return false;
    }
    dialling--;
    candidate.state = Candidate.State.CONNECTED;
    changed = true;
    return true;
  }

  /** A peer that called us tells where it listens: until {@link #left} it is not called there. */
  public void met(PeerAddress address) {
    Candidate candidate = known.get(address);
    met.add(address);
    if (candidate != null && candidate.isIdle()) {
      candidate.state = Candidate.State.CONNECTED;
      changed = true;
    }
  }

  /** A peer that called us, and told where it listens, is gone. */
  public void left(PeerAddress address, Outcome outcome, long now) {
    met.remove(address);
    Candidate candidate = known.get(address);
    if (candidate != null && candidate.state == Candidate.State.CONNECTED) {
      lost(address, outcome, now);
    }
  }

  /** A connection, or an attempt to make one, is over. */
  public void lost(PeerAddress address, Outcome outcome, long now) {
    Candidate candidate = known.get(address);
    if (candidate == null || candidate.isIdle()) {
      return;
    }
    changed = true;
    dialling -= candidate.state == Candidate.State.DIALLING ? 1 : 0;
    if (candidate.lost(outcome, now)) {
      forget(address, now);
    }
  }

  /** There is nothing to gain there for now, such as from a seed while we are one. */
  public void postpone(PeerAddress address, long now) {
    Candidate candidate = known.get(address);
    if (candidate != null) {
      candidate.postpone(now);
      changed = true;
    }
  }

  /** The next attempt need not wait. */
  public void hasten(PeerAddress address) {
    Candidate candidate = known.get(address);
    if (candidate != null) {
      candidate.hasten();
      changed = true;
    }
  }

  /**
   * It looks as if we had dialled ourselves there. Returns whether it looks so for the second time,
   * which is no chance.
   */
  public boolean mayBeOurselves(PeerAddress address) {
    Candidate candidate = known.get(address);
    return candidate != null && candidate.selfSeen++ > 0;
  }

  /** Whether it was told under the v2 info-hash of a hybrid torrent alone. */
  public boolean isUpgraded(PeerAddress address) {
    Candidate candidate = known.get(address);
    return candidate != null && candidate.upgraded;
  }

  /** As {@link #add(PeerAddress, PeerSource, boolean, long)}, of a torrent with one name. */
  public boolean add(PeerAddress address, PeerSource source, long now) {
    return add(address, source, false, now);
  }

  /** Whether the user named it. */
  public boolean isOfUser(PeerAddress address) {
    Candidate candidate = known.get(address);
    return candidate != null && candidate.source.isUser();
  }

  /** It is not to be dialled: strangers tell it in vain for an hour. */
  public void forget(PeerAddress address, long now) {
    Candidate candidate = known.remove(address);
    if (candidate == null) {
      return;
    }
    dialling -= candidate.state == Candidate.State.DIALLING ? 1 : 0;
    changed = true;
    forgotten.remove(address);
    if (forgotten.size() == max) {
      forgotten.remove(forgotten.keySet().iterator().next());
    }
    forgotten.put(address, now + FORGOTTEN);
  }

  /** A peer says at which address it sees us. It is a hint; three networks must agree. */
  public void ourAddressSeen(IpAddress claim, IpAddress by) {
    if ((claim.isV4() ? oursV4 : oursV6).seen(claim, by)) {
      for (Candidate candidate : known.values()) {
        candidate.priority = priority(candidate.address);
      }
    }
  }

  /**
   * The priority of a connection with an address, as an unsigned 32-bit number: that of BEP 40, or
   * one by chance, always the same, as long as we do not know where we are.
   */
  public long priority(PeerAddress address) {
    IpAddress ours = (address.ip().isV4() ? oursV4 : oursV6).get();
    if (ours != null) {
      return PeerPriority.of(new PeerAddress(ours, 0), address);
    }
    long mixed = (seed ^ address.hashCode()) * 0x9E3779B97F4A7C15L;
    return ((mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L) >>> 32;
  }

  // ---------------------------------------------------------------- inside

  /** Takes a better word for what is known. Returns whether that is the user's. */
  private boolean isBetter(Candidate candidate, PeerSource source) {
    if (source.kind().compareTo(candidate.source.kind()) >= 0) {
      return false;
    }
    candidate.source = source;
    changed = true;
    return source.isUser();
  }

  private boolean isForgotten(PeerAddress address, long now) {
    Long until = forgotten.get(address);
    if (until != null && now - until >= 0) {
      forgotten.remove(address);
      return false;
    }
    return until != null;
  }

  /** What peers told gives way to what others tell. */
  private boolean makeRoom(PeerSource source) {
    if (known.size() < max) {
      return true;
    }
    Candidate worst = null;
    if (!source.isPex()) {
      for (Candidate each : known.values()) {
        boolean may = each.source.isPex() && each.isIdle();
        if (may && (worst == null || each.priority < worst.priority)) {
          worst = each;
        }
      }
    }
    return worst != null && known.remove(worst.address) != null;
  }

  private static boolean isEligible(Candidate candidate, long now, boolean userOnly, boolean room) {
    return candidate.isIdle()
        && (candidate.source.isUser() || candidate.isCalling(now) || !userOnly)
        && (room || !candidate.source.isPex());
  }

  private long nanosUntil(Candidate candidate, long now) {
    long due = candidate.nanosUntilDue(now);
    return candidate.source.isUser()
        ? due
        : Math.max(due, pace.nanosUntil(candidate.address.ip(), now));
  }

  private static boolean isBefore(Candidate one, Candidate other) {
    int kinds = one.source.kind().compareTo(other.source.kind());
    // The user's order is kept.
    return kinds < 0 || (kinds == 0 && !one.source.isUser() && one.priority > other.priority);
  }

  /** Whether another connection may be made because a peer told of it. */
  private boolean peersMayNameMore() {
    int named = 0;
    boolean others = false;
    for (Candidate candidate : known.values()) {
      named += candidate.source.isPex() && !candidate.isIdle() ? 1 : 0;
      others |= !candidate.source.isPex() && candidate.isIdle();
    }
    return !others || named < Math.max(1, slots / 2);
  }
}
