package org.peerwire.bench.connections;

import java.io.IOException;
import java.util.List;

/**
 * What a program loads and compiles once is no cost of a connection. The compiler's working memory
 * alone, which the C library keeps when it is done, is as much as several thousand connections take
 * of the heap. So a thousand come and go, again and again, until what they need is compiled.
 */
final class WarmUp {
  private static final int CROWD = 1_000;

  /** A method is compiled for good after some thousand calls. */
  private static final int ROUNDS = 10;

  /** With a keep-alive a second each way, as many as a thousand real peers send in ten minutes. */
  private static final long IDLE_NANOS = 10_000_000_000L;

  /** A listener, and the crowd that comes to it. */
  record Pair(Program listener, Program crowd) {}

  private WarmUp() {}

  /** Afterwards nobody is left. */
  static void run(List<Pair> pairs, int keepAliveSeconds) throws IOException {
    for (Pair pair : pairs) {
      pair.listener.ask("keep-alive 1");
      pair.crowd.ask("pace 1000");
      for (int i = 1; i < ROUNDS; i++) {
        come(pair);
        go(pair);
      }
    }
    for (Pair pair : pairs) {
      come(pair);
    }
    Program.pause(IDLE_NANOS);
    for (Pair pair : pairs) {
      go(pair);
      pair.listener.ask("keep-alive " + keepAliveSeconds);
    }
  }

  private static void come(Pair pair) throws IOException {
    pair.crowd.ask("connect " + CROWD);
    pair.listener.await("open", CROWD);
  }

  private static void go(Pair pair) throws IOException {
    pair.crowd.ask("drop " + CROWD);
    pair.listener.await("open", 0);
  }
}
