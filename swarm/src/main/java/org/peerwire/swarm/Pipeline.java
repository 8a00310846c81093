package org.peerwire.swarm;

import java.util.concurrent.TimeUnit;
import org.peerwire.Block;

/**
 * How many requests a peer gets at once, and how long it may take. The pipeline must hold what the
 * peer sends in one round trip, and that is not known: so it grows by one for each block, which
 * doubles it each round trip, until the peer gets no faster; then it follows the speed.
 */
final class Pipeline {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

  /** How much time's worth of blocks is asked for; more than any round trip should be. */
  private static final double SECONDS_AHEAD = 4;

  private static final int LEAST = 4;

  private final int first;
  private final int max;
  private final long baseTimeout;

  private double depth;
  private boolean growing = true;
  private long windowAt;
  private long windowBytes;
  private double speed;

  private long lastBlockAt;
  private boolean hasBlock;

  /** When no request was pending the last time. */
  private long idleAt;

  private double gap = -1;

  Pipeline(int first, int max, long baseTimeout, long now) {
    this.first = first;
    this.max = max;
    this.baseTimeout = baseTimeout;
    depth = first;
    windowAt = now;
    idleAt = now;
  }

  int depth() {
    return (int) depth;
  }

  /** Bytes a second in the last second or so. */
  double speed() {
    return speed;
  }

  /** A block came. */
  void block(int bytes, long now) {
    windowBytes += bytes;
    if (growing) {
      depth = Math.min(max, depth + 1);
    }
    if (hasBlock) {
      double latest = now - lastBlockAt;
      gap = gap < 0 ? latest : gap + (latest - gap) / 8;
    }
    hasBlock = true;
    lastBlockAt = now;
  }

  /** No request is pending: the time until the next block says nothing about the peer. */
  void idle(long now) {
    hasBlock = false;
    idleAt = now;
    windowAt = now;
    windowBytes = 0;
  }

  /** For how many nanoseconds requests have been pending without a block. */
  long silentFor(long now) {
    return now - (hasBlock ? lastBlockAt : idleAt);
  }

  /** Time has passed. */
  void tick(long now) {
    long span = now - windowAt;
    if (span < WINDOW) {
      return;
    }
    double latest = windowBytes * 1e9 / span;
    windowAt = now;
    windowBytes = 0;
    if (growing && speed > 0 && latest < 1.1 * speed) {
      growing = false;
    }
    speed = growing ? latest : speed + (latest - speed) / 2;
    if (!growing) {
      double wanted = Math.max(LEAST, speed * SECONDS_AHEAD / Block.LENGTH);
      // It shrinks slowly: a pause of one round trip is not a slow peer.
      depth = Math.min(max, Math.max(wanted, depth * 0.9));
    }
  }

  /** The peer rejected a request while it had this many: it queues no more. */
  void rejected(int pending) {
    growing = false;
    depth = Math.min(depth, Math.max(LEAST, pending));
  }

  /** The peer serves again. */
  void restart(long now) {
    depth = first;
    growing = true;
    idle(now);
    gap = -1;
  }

  /**
   * How long the oldest request may take, in nanoseconds: longer for a peer whose blocks lie far
   * apart.
   */
  long timeout() {
    if (gap < 0) {
      return baseTimeout;
    }
    double wanted = 4 * gap + TimeUnit.SECONDS.toNanos(2);
    return (long) Math.min(2.0 * baseTimeout, Math.max(baseTimeout / 3.0, wanted));
  }

  /** In how many seconds the peer will have answered this many requests, as it looks. */
  double secondsFor(int requests, long now) {
    double quiet = hasBlock ? Math.max(0, now - lastBlockAt) / 1e9 : 0;
    return Math.max(quiet, speed <= 0 ? 5 : requests * (double) Block.LENGTH / speed);
  }
}
