package org.peerwire.bench.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.bench.connections.Program.value;

import io.netty.channel.epoll.Epoll;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A crowd at one listener with a heap of 256 MiB: 2,000 in each build, {@code
 * -Dpeerwire.crowd=10000} for the soak, {@code -Dpeerwire.crowd.nio=true} for NIO even where there
 * is epoll. They are idle, and all alive after two rounds of keep-alives in shortened time; then a
 * tenth of them fetch at once, and all finish.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdTest {
  private static final int CROWD = Integer.getInteger("peerwire.crowd", 2_000);

  /** What the process takes for each says something only of many, and of code that is compiled. */
  private static final boolean SOAK = CROWD >= 5_000;

  private static final String COST = SOAK ? "trim" : "cost";

  private static final int BLOCKS = 16;
  private static final int BLOCK = 13 + (16 << 10);

  /** A round takes as long; a peer may be silent for two and a half. Real ones take 15 times it. */
  private static final int ROUND_SECONDS = Integer.getInteger("peerwire.crowd.round", 4);

  private static final boolean EPOLL =
      Epoll.isAvailable() && !Boolean.getBoolean("peerwire.crowd.nio");

  private static final int SPEEDED_UP = 60 / ROUND_SECONDS;
  private static final List<String> OPTIONS = List.of("-Xmx256m", "-Xmn24m", "-XX:+UseSerialGC");

  @Test
  void b14_allStayAliveAndSomeFetchAtOnce() throws Exception {
    try (Program listener = Program.java(Listener.class, OPTIONS, listening());
        Program crowd =
            Program.java(
                Crowd.class,
                List.of("-XX:+UseSerialGC"),
                listener.line().split(" ", -1)[1],
                Torrent.INFO_HASH.toString())) {
      if (SOAK) {
        WarmUp.run(List.of(new WarmUp.Pair(listener, crowd)), ROUND_SECONDS);
      }
      crowd.ask("pace " + ROUND_SECONDS * 1_000);
      Map<String, Long> before = listener.ask(COST);
      assertThat(crowd.ask("connect " + CROWD)).containsEntry("open", (long) CROWD);
      listener.await("open", CROWD);
      Map<String, Long> connected = listener.ask(COST);

      long cpu = value(connected, "cpu");
      long from = System.nanoTime();
      Program.pause(TimeUnit.SECONDS.toNanos(2 * ROUND_SECONDS + 1));
      Map<String, Long> idle = listener.ask("cpu");
      long nanos = System.nanoTime() - from;
      assertThat(nanos).as("two rounds went by").isGreaterThan(ROUND_SECONDS * 2_000_000_000L);
      assertThat(idle).containsEntry("open", (long) CROWD);
      assertThat(crowd.ask("status")).containsEntry("open", (long) CROWD).containsEntry("lost", 0L);
      double busy = 100.0 * (value(idle, "cpu") - cpu) / nanos;
      System.out.printf(
          "%d connections over %s: %d bytes of heap%s each; idle they take %.1f %% of a core, with keep-alives"
              + " %d times as often as real ones%n",
          CROWD,
          EPOLL ? "epoll" : "NIO",
          each("heap", before, connected),
          SOAK ? " and " + each("anonymous", before, connected) + " of memory" : "",
          busy,
          SPEEDED_UP);

      assertThat(each("heap", before, connected))
          .as("bytes of heap for each connection, its bitfield included")
          .isBetween(100L, 8192L + Torrent.PIECES / 8);

      int fetching = CROWD / 10;
      assertThat(crowd.ask("fetch " + fetching + " " + BLOCKS))
          .containsEntry("lost", 0L)
          .hasEntrySatisfying(
              "bytes",
              bytes -> assertThat(bytes).isGreaterThanOrEqualTo((long) fetching * BLOCKS * BLOCK));
      assertThat(listener.ask("cost"))
          .containsEntry("open", (long) CROWD)
          .hasEntrySatisfying(
              "uploaded",
              bytes -> assertThat(bytes).isEqualTo((long) fetching * BLOCKS * (BLOCK - 13)));
    }
  }

  /** Over epoll where there is one, as whoever has crowds would. */
  private static String[] listening() {
    List<String> arguments = new ArrayList<>(List.of("" + ROUND_SECONDS, "" + ROUND_SECONDS * 2.5));
    if (EPOLL) {
      arguments.add("epoll");
    }
    return arguments.toArray(new String[0]);
  }

  private static long each(String what, Map<String, Long> before, Map<String, Long> after) {
    return (value(after, what) - value(before, what)) / CROWD;
  }
}
