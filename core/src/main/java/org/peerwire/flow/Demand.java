package org.peerwire.flow;

import java.util.concurrent.atomic.AtomicLong;

/** How many elements were asked for and did not come yet. For any threads. */
final class Demand {
  private final AtomicLong count = new AtomicLong();

  /**
   * So many more are asked for. {@link Long#MAX_VALUE} is as many as there are (rule 3.17), so the
   * sum stops there.
   *
   * @param more from 1
   */
  void add(long more) {
    count.accumulateAndGet(more, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
  }

  /** One of them comes. Returns whether there was one. */
  boolean take() {
    return count.getAndUpdate(n -> n == 0 || n == Long.MAX_VALUE ? n : n - 1) > 0;
  }

  boolean isNone() {
    return count.get() == 0;
  }
}
