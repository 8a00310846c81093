package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A transport that is missing is told, and not only skipped. */
class StackTest {
  @Test
  void nioIsEverywhere() {
    assertThat(Stack.NIO.unavailable()).isNull();
  }

  /** The build brings its library for these machines, so nothing excuses it. */
  @Test
  void epollIsWhereverItCanBe() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    assumeTrue(system.toLowerCase(Locale.ROOT).equals("linux amd64"), system);
    assertThat(Stack.EPOLL.unavailable()).isNull();
  }
}
