package org.peerwire;

import java.lang.reflect.Method;

/**
 * How many bytes of heap this thread has asked for. By reflection, since the module under test
 * reads java.base alone.
 */
public final class Allocation {
  public interface Work {
    void run() throws Exception;
  }

  private Allocation() {}

  public static long of(Work work) throws Exception {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method allocated =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class);
    long id = Thread.currentThread().getId();
    // The least of several runs: loading classes, compiling, and the reflection itself allocate now
    // and then.
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 8; i++) {
      long before = (long) allocated.invoke(bean, id);
      long idle = (long) allocated.invoke(bean, id) - before;
      before = (long) allocated.invoke(bean, id);
      work.run();
      least = Math.min(least, (long) allocated.invoke(bean, id) - before - idle);
    }
    return least;
  }
}
