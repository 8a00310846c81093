package org.peerwire.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a connection carries bytes: late, unevenly, slowly, in crumbs, and for a while. Given to a
 * {@link WirePair}, which keeps what TCP keeps: bytes stay in order and are not lost before a
 * reset.
 *
 * @param delay of each direction, at the least
 * @param jitter what comes on top of it at the most, drawn anew for each read
 * @param bytesPerSecond of each direction; {@link Long#MAX_VALUE} for as fast as can be
 * @param longestRead how many bytes a read may have, from 1; each is cut at random below that
 * @param capacity how many bytes each direction takes before they are read, from 1
 * @param resetAfter from when on the connection is gone, counted from when the conditions are
 *     given; null for never
 */
public record NetworkConditions(
    Duration delay,
    Duration jitter,
    long bytesPerSecond,
    int longestRead,
    int capacity,
    @Nullable Duration resetAfter) {
  /** Nothing is in the way. */
  public static final NetworkConditions PERFECT =
      new NetworkConditions(
          Duration.ZERO, Duration.ZERO, Long.MAX_VALUE, Integer.MAX_VALUE, 256 << 10, null);

  /** Conditions that make sense. */
  public NetworkConditions {
    if (delay.isNegative() || jitter.isNegative()) {
      throw new IllegalArgumentException("bytes do not arrive before they are sent");
    }
    if (bytesPerSecond < 1 || longestRead < 1 || capacity < 1) {
      throw new IllegalArgumentException("nothing would ever arrive");
    }
  }

  /**
   * Conditions as real networks have them, good and bad ones, that a seed replays: up to 300 ms of
   * delay and 100 ms of jitter, 8 KiB a second and more, reads of a byte and more. They last.
   */
  public static NetworkConditions random(SplitMix64 random) {
    return new NetworkConditions(
        Duration.ofMillis(random.nextInt(301)),
        Duration.ofMillis(random.oneIn(2) ? 0 : random.nextInt(101)),
        random.oneIn(3) ? Long.MAX_VALUE : 8L << (10 + random.nextInt(11)),
        switch (random.nextInt(4)) {
          case 0 -> 1;
          case 1 -> 1 + random.nextInt(32);
          case 2 -> 1460;
          default -> Integer.MAX_VALUE;
        },
        1024 << random.nextInt(9),
        null);
  }

  /** The same, but the connection fails after a while. */
  public NetworkConditions resetAfter(Duration time) {
    return new NetworkConditions(delay, jitter, bytesPerSecond, longestRead, capacity, time);
  }
}
