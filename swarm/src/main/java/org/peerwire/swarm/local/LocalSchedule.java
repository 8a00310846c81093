package org.peerwire.swarm.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.peerwire.InfoHash;

/**
 * Which torrents are to be announced to the local network, and when: each once in five minutes, and
 * all of them in one datagram a minute. Where more are to be announced than that allows, those come
 * first that have waited longest.
 *
 * <p>For one thread. {@code now} is any clock in nanoseconds that only grows.
 */
public final class LocalSchedule {
  /** Between two announces of one torrent. */
  public static final long OF_A_TORRENT = TimeUnit.MINUTES.toNanos(5);

  /** Between any two announces. */
  public static final long OF_ALL = TimeUnit.MINUTES.toNanos(1);

  /** In the order in which they were announced, or came. */
  private final Map<InfoHash, Torrent> torrents = new LinkedHashMap<>();

  private boolean announced;
  private long announcedAt;

  private static final class Torrent {
    /** Those that are gone are remembered for as long as they may not be announced again. */
    boolean here;

    boolean announced;
    long announcedAt;

    long nanosUntilDue(long now) {
      return announced ? Math.max(0, OF_A_TORRENT - (now - announcedAt)) : 0;
    }
  }

  /** Without torrents. */
  public LocalSchedule() {}

  /** A torrent is here. One that was announced lately waits, even if it was gone meanwhile. */
  public void add(InfoHash infoHash) {
    torrents.computeIfAbsent(infoHash, hash -> new Torrent()).here = true;
  }

  /** A torrent is not here any more. */
  public void remove(InfoHash infoHash) {
    Torrent torrent = torrents.get(infoHash);
    if (torrent != null) {
      torrent.here = false;
      if (!torrent.announced) {
        torrents.remove(infoHash);
      }
    }
  }

  /** How many are remembered: those that are here, and some that were announced lately. */
  int size() {
    return torrents.size();
  }

  /**
   * What is to be announced now, in one datagram; it counts as announced.
   *
   * @return at most {@link LocalAnnounce#MAX_INFO_HASHES}; empty if nothing is due
   */
  public List<InfoHash> poll(long now) {
    torrents.values().removeIf(torrent -> !torrent.here && torrent.nanosUntilDue(now) == 0);
    List<InfoHash> due = new ArrayList<>();
    if (nanosUntilPoll(now) > 0) {
      return due;
    }
    for (Map.Entry<InfoHash, Torrent> each : torrents.entrySet()) {
      boolean room = due.size() < LocalAnnounce.MAX_INFO_HASHES;
      if (room && each.getValue().here && each.getValue().nanosUntilDue(now) == 0) {
        due.add(each.getKey());
      }
    }
    for (InfoHash each : due) {
      torrents.remove(each);
      Torrent torrent = new Torrent();
      torrent.here = true;
      torrent.announced = true;
      torrent.announcedAt = now;
      torrents.put(each, torrent);
    }
    announced = true;
    announcedAt = now;
    return due;
  }

  /** In how many nanoseconds {@link #poll} has something: 0 for now, MAX_VALUE for never. */
  public long nanosUntilPoll(long now) {
    long least = Long.MAX_VALUE;
    for (Torrent torrent : torrents.values()) {
      if (torrent.here) {
        least = Math.min(least, torrent.nanosUntilDue(now));
      }
    }
    return least == Long.MAX_VALUE || !announced
        ? least
        : Math.max(least, OF_ALL - (now - announcedAt));
  }
}
