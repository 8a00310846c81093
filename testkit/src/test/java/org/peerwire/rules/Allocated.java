package org.peerwire.rules;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How many bytes of heap this thread has asked for so far. */
final class Allocated {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocated() {}

  static long now() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
