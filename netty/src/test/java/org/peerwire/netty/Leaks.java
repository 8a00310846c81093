package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that left a buffer behind: every buffer is watched, and what the garbage
 * collector finds before it was released is a leak. It takes the place of Netty's own detectors
 * before the first buffer exists, and is registered for every test class by itself.
 */
public final class Leaks implements AfterAllCallback {
  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
        new ResourceLeakDetectorFactory() {
          @Override
          @SuppressWarnings("deprecation") // the only way in
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval, long maxActive) {
            return new Watching<>(resource, samplingInterval);
          }
        });
  }

  /** For JUnit. */
  public Leaks() {}

  private static final class Watching<T> extends ResourceLeakDetector<T> {
    @SuppressWarnings("deprecation")
    Watching(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String type, String records) {
      FOUND.add(type + records);
    }

    @Override
    protected void reportUntracedLeak(String type) {
      FOUND.add(type);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    assertThat(find()).isEmpty();
  }

  /** Collects garbage and takes what was found leaking so far. */
  static List<String> find() throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(20);
      // A detector looks into its queue when a buffer is made.
      ByteBufAllocator.DEFAULT.directBuffer(64).release();
      ByteBufAllocator.DEFAULT.heapBuffer(64).release();
      PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
      for (String leak = FOUND.poll(); leak != null; leak = FOUND.poll()) {
        all.add(leak);
      }
    }
    return all;
  }
}
