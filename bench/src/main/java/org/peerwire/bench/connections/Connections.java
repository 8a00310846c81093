package org.peerwire.bench.connections;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What idle connections cost a listener: memory of each, and processor time of all. {@code
 * Connections FOLDER-OF-BENCH N...} prints a table, beside libtorrent if it is installed.
 */
public final class Connections {
  /** As real peers do, once in two minutes; our side once a minute, libtorrent as it likes. */
  private static final int PACE_MILLIS = 120_000;

  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int IDLE_SECONDS = 150;

  /** Until what the handshakes left to do is done. */
  private static final long SETTLE_NANOS = 12_000_000_000L;

  /** A keep-alive of ours each, and one of half of the peers. */
  private static final long IDLE_NANOS = 60_000_000_000L;

  /** So that what a program loads and compiles once is not counted. */
  private static final int WARM_UP = 1_000;

  private static final List<String> OPTIONS = List.of("-Xmx256m", "-Xmn24m", "-XX:+UseSerialGC");

  private Connections() {}

  /** Measures each number with a process of its own. */
  public static void main(String[] arguments) throws Exception {
    System.out.println(
        "| who | connections | heap, bytes each | process, bytes each | CPU idle, % |");
    System.out.println("|---|---|---|---|---|");
    for (int i = 1; i < arguments.length; i++) {
      int count = Integer.parseInt(arguments[i]);
      try (Program listener =
          Program.java(Listener.class, OPTIONS, "" + KEEP_ALIVE_SECONDS, "" + IDLE_SECONDS)) {
        String port = listener.line().split(" ", -1)[1];
        measure("peerwire", listener, port, Torrent.INFO_HASH.toString(), count);
      }
      try (Program listener =
          new Program(
              "/usr/bin/python3", Path.of(arguments[0], "libtorrent-listener.py").toString())) {
        String[] words = listener.line().split(" ", -1);
        measure("libtorrent", listener, words[1], words[2], count);
      } catch (IOException e) {
        System.err.println("without libtorrent: " + e.getMessage());
      }
    }
  }

  private static void measure(String who, Program listener, String port, String infoHash, int count)
      throws IOException {
    try (Program crowd = Program.java(Crowd.class, List.of("-XX:+UseSerialGC"), port, infoHash)) {
      crowd.ask("connect " + WARM_UP);
      crowd.ask("drop " + WARM_UP);
      await(listener, 0);
      Map<String, Long> before = listener.ask("cost");
      crowd.ask("pace " + PACE_MILLIS);
      Map<String, Long> connected = crowd.ask("connect " + count);
      await(listener, count);
      pause(SETTLE_NANOS);
      Map<String, Long> after = listener.ask("cost");
      long cpu = value(listener.ask("cpu"), "cpu");
      long at = System.nanoTime();
      pause(IDLE_NANOS);
      double busy = 100.0 * (value(listener.ask("cpu"), "cpu") - cpu) / (System.nanoTime() - at);
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %s | %d | %.1f |%n",
          who,
          value(connected, "open"),
          after.containsKey("heap") ? "" + each(before, after, "heap", count) : "",
          each(before, after, "anonymous", count),
          busy);
    }
  }

  private static long each(
      Map<String, Long> before, Map<String, Long> after, String what, int count) {
    return (value(after, what) - value(before, what)) / count;
  }

  private static void await(Program listener, int open) throws IOException {
    for (int i = 0; i < 600 && value(listener.ask("cpu"), "open") != open; i++) {
      pause(100_000_000L);
    }
  }

  private static long value(Map<String, Long> values, String what) {
    Long value = values.get(what);
    if (value == null) {
      throw new IllegalStateException("no " + what + " in " + values);
    }
    return value;
  }

  private static void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
