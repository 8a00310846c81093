package org.peerwire.swarm;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.peerwire.Block;

/**
 * How many blocks are asked of a second peer while the first may be sending them: what is asked
 * twice may come twice, which is held below one percent.
 */
final class Races {
  /** After this, a block whose request was withdrawn is not on its way any more. */
  static final long RACE = TimeUnit.SECONDS.toNanos(3);

  private final int max;
  private int running;

  /** What was wasted for other reasons, before the first; negative: not known yet. */
  private long wastedBefore = -1;

  /** When races ended lately: the loser's block may still come, as waste. */
  private final ArrayDeque<Long> lost = new ArrayDeque<>();

  /**
   * None yet.
   *
   * @param totalBytes of the torrent
   */
  Races(long totalBytes) {
    max = (int) Math.max(1, totalBytes / Block.LENGTH / 128);
  }

  void begin(Request request) {
    request.race = true;
    running++;
  }

  /** The request has ended, or is not counted on any more. */
  void settle(Request request) {
    if (request.race) {
      request.race = false;
      running--;
    }
  }

  /** Another peer's block came first. */
  void lost(long now) {
    lost.add(now);
  }

  /**
   * Whether one more may begin.
   *
   * @param wasted the bytes of blocks that came for nothing so far
   */
  boolean mayBegin(long now, long wasted) {
    if (wastedBefore < 0) {
      wastedBefore = wasted;
    }
    while (!lost.isEmpty() && now - lost.element() > RACE) {
      lost.remove();
    }
    return running + lost.size() + (wasted - wastedBefore) / Block.LENGTH < max;
  }
}
