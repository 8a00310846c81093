package org.peerwire.bench.connections;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** What it takes without any peer. */
  private static final long EMPTY_NANOS = 20_000_000_000L;

  /** So that what a program loads and compiles once is not counted. */
  private static final int WARM_UP = 1_000;

  private static final List<String> OPTIONS = List.of("-Xmx256m", "-Xmn24m", "-XX:+UseSerialGC");

  private Connections() {}

  /** Measures each number with processes of its own, which are idle at the same time. */
  public static void main(String[] arguments) throws Exception {
    System.out.println(
        "| who | connections | heap, bytes each | process, bytes each | CPU idle, %"
            + " | less that of none | each, ms a minute |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (int i = 1; i < arguments.length; i++) {
      measure(Path.of(arguments[0]), Integer.parseInt(arguments[i]));
    }
  }

  private static void measure(Path folder, int count) throws IOException {
    List<Contender> all = new ArrayList<>();
    try {
      String seconds = "" + KEEP_ALIVE_SECONDS;
      String idle = "" + IDLE_SECONDS;
      all.add(new Contender("peerwire, NIO", Program.java(Listener.class, OPTIONS, seconds, idle)));
      all.add(
          new Contender(
              "peerwire, epoll", Program.java(Listener.class, OPTIONS, seconds, idle, "epoll")));
      try {
        String script = folder.resolve("libtorrent-listener.py").toString();
        all.add(new Contender("libtorrent", new Program("/usr/bin/python3", script)));
      } catch (IOException e) {
        System.err.println("without libtorrent: " + e.getMessage());
      }
      for (Contender each : all) {
        each.warmUp();
      }
      pause(SETTLE_NANOS);
      List<Double> before = busy(all, EMPTY_NANOS);
      for (Contender each : all) {
        each.connect(count);
      }
      pause(SETTLE_NANOS);
      List<Map<String, Long>> costs = new ArrayList<>();
      for (Contender each : all) {
        costs.add(each.listener.ask("cost"));
      }
      List<Double> after = busy(all, IDLE_NANOS);
      for (int i = 0; i < all.size(); i++) {
        all.get(i).report(count, costs.get(i), after.get(i), before.get(i));
      }
    } finally {
      for (Contender each : all) {
        each.close();
      }
    }
  }

  /** What each takes of a core meanwhile, in percent. */
  private static List<Double> busy(List<Contender> all, long nanos) throws IOException {
    List<Long> cpu = new ArrayList<>();
    for (Contender each : all) {
      cpu.add(each.cpu());
    }
    long at = System.nanoTime();
    pause(nanos);
    List<Double> busy = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      busy.add(100.0 * (all.get(i).cpu() - cpu.get(i)) / (System.nanoTime() - at));
    }
    return busy;
  }

  /** A listener, and the crowd that comes to it. */
  private static final class Contender implements AutoCloseable {
    final String name;
    final Program listener;
    private final Program crowd;
    private Map<String, Long> empty = Map.of();

    Contender(String name, Program listener) throws IOException {
      this.name = name;
      this.listener = listener;
      String[] words = listener.line().split(" ", -1);
      String infoHash = words.length > 2 ? words[2] : Torrent.INFO_HASH.toString();
      crowd = Program.java(Crowd.class, List.of("-XX:+UseSerialGC"), words[1], infoHash);
    }

    void warmUp() throws IOException {
      crowd.ask("connect " + WARM_UP);
      crowd.ask("drop " + WARM_UP);
      await(listener, 0);
      empty = listener.ask("cost");
    }

    void connect(int count) throws IOException {
      crowd.ask("pace " + PACE_MILLIS);
      crowd.ask("connect " + count);
      await(listener, count);
    }

    long cpu() throws IOException {
      return value(listener.ask("cpu"), "cpu");
    }

    void report(int count, Map<String, Long> cost, double busy, double none) throws IOException {
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %s | %d | %.2f | %.2f | %.3f |%n",
          name,
          value(crowd.ask("status"), "open"),
          cost.containsKey("heap") ? "" + each(empty, cost, "heap", count) : "",
          each(empty, cost, "anonymous", count),
          busy,
          busy - none,
          (busy - none) / 100 * 60_000 / count);
    }

    @Override
    public void close() throws IOException {
      crowd.close();
      listener.close();
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
