package org.peerwire.swarm.tracker;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.mse.RandomSource;

/**
 * Whom to tell next, with which event, and when: the trackers of one torrent in their tiers (<a
 * href="https://www.bittorrent.org/beps/bep_0012.html">BEP 12</a>). The trackers of a tier are
 * shuffled once; they are tried one after the other, then those of the next tier, until one
 * answers, which moves to the front of its tier. A tracker that failed is left alone for a while
 * that doubles each time.
 *
 * <pre>
 *   {@link #poll}                   an announce to be made, if one is due
 *   {@link #answered}, {@link #failed}   how it went
 *   {@link #complete}, {@link #stop}     there is something to tell
 *   {@link #nanosUntilPoll}         when to poll again
 * </pre>
 *
 * <p>One announce is under way at a time, but for the last ones.
 */
public final class Announcer {
  /** Between two announces without an event pass at least so many seconds ... */
  public static final long MIN_INTERVAL = 60;

  /** ... and at most so many, whatever a tracker says. */
  public static final long MAX_INTERVAL = 7_200;

  /** What is used when a tracker names no interval. */
  public static final long DEFAULT_INTERVAL = 1_800;

  /** Whoever needs peers asks sooner, unless the tracker has forbidden it. */
  public static final long HUNGRY_INTERVAL = 300;

  /** How many peers are wished for. */
  public static final int NUM_WANT = 50;

  private static final long FIRST_RETRY = 15;
  private static final long LONGEST_RETRY = 1_800;
  private static final int MAX_DOUBLINGS = 10;

  private final List<List<Tracker>> tiers = new ArrayList<>();
  private final InfoHash infoHash;
  private final PeerId peerId;
  private final int port;
  private final int key;

  private @Nullable Tracker asked;
  private @Nullable Announce underWay;
  private long lastAt;
  private @Nullable Tracker last;
  private boolean completed;
  private boolean stopping;

  /**
   * An announcer that has told nobody yet; its first announce is due at once.
   *
   * @param urls the tiers, the best first
   * @param infoHash the torrent
   * @param peerId our name
   * @param port where we listen, 1 to 65535
   * @param random for the order in the tiers and the key
   */
  public Announcer(
      List<List<String>> urls, InfoHash infoHash, PeerId peerId, int port, RandomSource random) {
    this.infoHash = infoHash;
    this.peerId = peerId;
    this.port = port;
    key = number(random);
    for (List<String> tier : urls) {
      List<Tracker> trackers = new ArrayList<>();
      tier.forEach(url -> trackers.add(new Tracker(url)));
      for (int i = trackers.size() - 1; i > 0; i--) {
        Collections.swap(trackers, i, Math.floorMod(number(random), i + 1));
      }
      if (!trackers.isEmpty()) {
        tiers.add(trackers);
      }
    }
  }

  private static int number(RandomSource random) {
    byte[] bytes = new byte[Integer.BYTES];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes).getInt();
  }

  /**
   * An announce to be made.
   *
   * @param url the tracker's address
   * @param announce what to tell it
   */
  public record Task(String url, Announce announce) {}

  /**
   * What is to be told now.
   *
   * @param totals how the torrent stands
   * @param hungry whether peers are needed
   * @return null if nothing is
   */
  public @Nullable Task poll(long now, Announce.Totals totals, boolean hungry) {
    if (stopping) {
      return farewell(totals);
    }
    if (asked != null || nanosUntilPoll(now, hungry) > 0) {
      return null;
    }
    Tracker next = next(now);
    if (next == null) {
      return null;
    }
    asked = next;
    AnnounceEvent event =
        !next.started
            ? AnnounceEvent.STARTED
            : completed && !next.toldComplete ? AnnounceEvent.COMPLETED : AnnounceEvent.NONE;
    return task(next, totals, event, NUM_WANT);
  }

  private Task task(Tracker tracker, Announce.Totals totals, AnnounceEvent event, int numWant) {
    Announce announce =
        new Announce(infoHash, peerId, port, totals, event, numWant, key, tracker.trackerId);
    underWay = announce;
    return new Task(tracker.url, announce);
  }

  /** The next of those that have been told that we are here. */
  private @Nullable Task farewell(Announce.Totals totals) {
    for (List<Tracker> tier : tiers) {
      for (Tracker tracker : tier) {
        if (tracker.started) {
          tracker.started = false;
          return task(tracker, totals, AnnounceEvent.STOPPED, 0);
        }
      }
    }
    return null;
  }

  private @Nullable Tracker next(long now) {
    for (List<Tracker> tier : tiers) {
      for (Tracker tracker : tier) {
        if (!tracker.isResting(now)) {
          return tracker;
        }
      }
    }
    return null;
  }

  /** In how many nanoseconds {@link #poll} may have something to do; MAX_VALUE: not by itself. */
  public long nanosUntilPoll(long now, boolean hungry) {
    if (stopping || asked != null || tiers.isEmpty()) {
      return Long.MAX_VALUE;
    }
    Tracker working = last;
    if (working == null) {
      return untilRested(now);
    }
    if (completed && !working.toldComplete) {
      return 0;
    }
    long seconds = hungry ? working.hungryInterval() : working.interval;
    return Math.max(0, lastAt + TimeUnit.SECONDS.toNanos(seconds) - now);
  }

  private long untilRested(long now) {
    long least = Long.MAX_VALUE;
    for (List<Tracker> tier : tiers) {
      for (Tracker tracker : tier) {
        least = Math.min(least, tracker.isResting(now) ? tracker.restsUntil - now : 0);
      }
    }
    return least;
  }

  /**
   * The announce of {@link #poll} was answered.
   *
   * @param believed how many of the peers are
   */
  public void answered(TrackerAnswer answer, int believed, long now) {
    Tracker tracker = asked;
    Announce told = underWay;
    if (tracker == null || told == null || stopping) {
      return;
    }
    asked = null;
    tracker.answered(answer, believed);
    boolean first = told.event() == AnnounceEvent.STARTED;
    if (told.event() == AnnounceEvent.COMPLETED || (first && told.totals().left() == 0)) {
      tracker.toldComplete = true;
    }
    last = tracker;
    lastAt = now;
    for (List<Tracker> tier : tiers) {
      if (tier.remove(tracker)) {
        tier.add(0, tracker);
        return;
      }
    }
  }

  /**
   * The announce of {@link #poll} failed; another tracker may be due at once.
   *
   * @param why one line for a person, fit to be shown
   */
  public void failed(String why, long now) {
    Tracker tracker = asked;
    if (tracker == null || stopping) {
      return;
    }
    asked = null;
    last = null;
    tracker.failed(why, now);
  }

  /** The download has become complete, which is told soon to those who know that it was not. */
  public void complete() {
    completed = true;
  }

  /**
   * It is over: {@link #poll} now gives, one after the other and until null, the farewells to those
   * who know us. What is answered is not looked at any more.
   */
  public void stop() {
    Tracker tracker = asked;
    if (tracker != null) {
      // It may have got the announce that is under way.
      tracker.started = true;
    }
    asked = null;
    stopping = true;
  }

  /** How the trackers stand, in the order in which they are tried. */
  public List<TrackerStatus> status() {
    List<TrackerStatus> all = new ArrayList<>();
    for (List<Tracker> tier : tiers) {
      for (Tracker tracker : tier) {
        all.add(tracker.status(tracker == asked));
      }
    }
    return all;
  }

  private static long bounded(long seconds, long least, long most) {
    return Math.max(least, Math.min(most, seconds));
  }

  /** One tracker. */
  private static final class Tracker {
    final String url;
    boolean started;
    boolean toldComplete;
    @Nullable String trackerId;
    long interval = DEFAULT_INTERVAL;
    long minInterval;
    private int failures;
    private boolean rests;
    long restsUntil;
    private TrackerStatus status;

    Tracker(String url) {
      this.url = url;
      status = new TrackerStatus(url, TrackerStatus.State.IDLE, "", -1, -1, 0);
    }

    boolean isResting(long now) {
      return rests && now - restsUntil < 0;
    }

    /** Seconds. */
    long hungryInterval() {
      return minInterval > 0 ? minInterval : Math.min(interval, HUNGRY_INTERVAL);
    }

    void answered(TrackerAnswer answer, int believed) {
      started = true;
      failures = 0;
      rests = false;
      if (answer.trackerId() != null) {
        trackerId = answer.trackerId();
      }
      long said = answer.interval() == 0 ? DEFAULT_INTERVAL : answer.interval();
      long least = bounded(answer.minInterval(), 0, MAX_INTERVAL);
      interval = bounded(said, Math.max(MIN_INTERVAL, least), MAX_INTERVAL);
      minInterval = least == 0 ? 0 : bounded(least, MIN_INTERVAL, interval);
      status =
          new TrackerStatus(
              url,
              TrackerStatus.State.WORKING,
              answer.warning().orElse(""),
              answer.seeders(),
              answer.leechers(),
              believed);
    }

    void failed(String why, long now) {
      int doublings = Math.min(MAX_DOUBLINGS, failures);
      failures++;
      rests = true;
      restsUntil =
          now + TimeUnit.SECONDS.toNanos(Math.min(LONGEST_RETRY, FIRST_RETRY << doublings));
      status = new TrackerStatus(url, TrackerStatus.State.FAILED, why, -1, -1, 0);
    }

    TrackerStatus status(boolean asking) {
      return asking
          ? new TrackerStatus(
              url,
              TrackerStatus.State.ASKING,
              status.message(),
              status.seeders(),
              status.leechers(),
              status.peers())
          : status;
    }
  }
}
