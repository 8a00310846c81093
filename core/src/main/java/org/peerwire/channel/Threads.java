package org.peerwire.channel;

import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Threads of the kind of the one that asks: virtual ones for a virtual one. */
final class Threads {
  private static final ThreadFactory PLATFORM =
      task -> {
        Thread thread = new Thread(task, "peerwire-pipe");
        thread.setDaemon(true);
        return thread;
      };

  /** Null before JDK 21. */
  private static final @Nullable Method IS_VIRTUAL = isVirtualMethod();

  private Threads() {}

  static ThreadFactory asCurrent() {
    Method isVirtual = IS_VIRTUAL;
    if (isVirtual == null) {
      return PLATFORM;
    }
    try {
      return Boolean.TRUE.equals(isVirtual.invoke(Thread.currentThread())) ? virtual() : PLATFORM;
    } catch (ReflectiveOperationException e) {
      return PLATFORM;
    }
  }

  /** {@code Thread.ofVirtual().factory()}. */
  private static ThreadFactory virtual() throws ReflectiveOperationException {
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    Class<?> type = Class.forName("java.lang.Thread$Builder");
    return (ThreadFactory) type.getMethod("factory").invoke(builder);
  }

  private static @Nullable Method isVirtualMethod() {
    try {
      return Thread.class.getMethod("isVirtual");
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
