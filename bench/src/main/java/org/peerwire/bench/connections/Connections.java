package org.peerwire.bench.connections;

import static org.peerwire.bench.connections.Program.value;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What idle connections cost a listener: memory of each, and processor time. {@code Connections
 * FOLDER-OF-BENCH N...} prints a table, beside libtorrent if it is installed. The numbers rise:
 * more come to the same listeners.
 */
public final class Connections {
  /** As real peers do, once in two minutes; our side once a minute, libtorrent as it likes. */
  private static final int PACE_MILLIS = 120_000;

  private static final int KEEP_ALIVE_SECONDS = 60;

  /** Whoever has spoken just before more came is silent for nearly two rounds. */
  private static final int IDLE_SECONDS = 300;

  /** Until what the handshakes left to do is done. */
  private static final long SETTLE_NANOS = 4_000_000_000L;

  /** A keep-alive of ours each, and one of half of the peers. */
  private static final long IDLE_NANOS = 60_000_000_000L;

  /** What it takes without any peer. */
  private static final long EMPTY_NANOS = 15_000_000_000L;

  private static final double MINUTE = 60e9;

  private static final List<String> OPTIONS = List.of("-Xmx256m", "-Xmn24m", "-XX:+UseSerialGC");

  private Connections() {}

  /** Measures each number with the same processes, which are idle at the same time. */
  public static void main(String[] arguments) throws Exception {
    List<Contender> all = new ArrayList<>();
    try {
      startAll(Path.of(arguments[0]), all);
      WarmUp.run(
          all.stream().map(each -> new WarmUp.Pair(each.listener, each.crowd)).toList(),
          KEEP_ALIVE_SECONDS);
      Program.pause(SETTLE_NANOS);
      List<Busy> none = busy(all, EMPTY_NANOS);
      for (Contender each : all) {
        each.settle();
      }
      System.out.println(
          "| who | connections | heap, bytes each | process, bytes each | CPU idle, %"
              + " | less that of none | loop, each, ms a minute |");
      System.out.println("|---|---|---|---|---|---|---|");
      for (int i = 1; i < arguments.length; i++) {
        measure(all, Integer.parseInt(arguments[i]), none);
      }
    } finally {
      for (Contender each : all) {
        each.close();
      }
    }
  }

  private static void startAll(Path folder, List<Contender> all) throws IOException {
    String keepAlive = "" + KEEP_ALIVE_SECONDS;
    String idle = "" + IDLE_SECONDS;
    all.add(new Contender("peerwire, NIO", Program.java(Listener.class, OPTIONS, keepAlive, idle)));
    all.add(
        new Contender(
            "peerwire, epoll", Program.java(Listener.class, OPTIONS, keepAlive, idle, "epoll")));
    try {
      String script = folder.resolve("libtorrent-listener.py").toString();
      all.add(new Contender("libtorrent", new Program("/usr/bin/python3", script)));
    } catch (IOException e) {
      System.err.println("without libtorrent: " + e.getMessage());
    }
  }

  private static void measure(List<Contender> all, int count, List<Busy> none) throws IOException {
    for (Contender each : all) {
      each.connect(count);
    }
    Program.pause(SETTLE_NANOS);
    List<Map<String, Long>> costs = new ArrayList<>();
    for (Contender each : all) {
      costs.add(each.listener.ask("trim"));
    }
    List<Busy> idle = busy(all, IDLE_NANOS);
    for (int i = 0; i < all.size(); i++) {
      all.get(i).report(count, costs.get(i), idle.get(i), none.get(i));
    }
  }

  /**
   * What a listener takes of a core.
   *
   * @param process all of it, its compiler and garbage collector included
   * @param loop the thread that serves the connections
   */
  private record Busy(double process, double loop) {}

  private static List<Busy> busy(List<Contender> all, long nanos) throws IOException {
    List<Map<String, Long>> before = new ArrayList<>();
    for (Contender each : all) {
      before.add(each.listener.ask("cpu"));
    }
    long at = System.nanoTime();
    Program.pause(nanos);
    List<Busy> busy = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Map<String, Long> after = all.get(i).listener.ask("cpu");
      double passed = System.nanoTime() - at;
      busy.add(
          new Busy(
              (value(after, "cpu") - value(before.get(i), "cpu")) / passed,
              (value(after, "loop") - value(before.get(i), "loop")) / passed));
    }
    return busy;
  }

  /** A listener, and the crowd that comes to it. */
  private static final class Contender implements AutoCloseable {
    private final String name;
    private final Program listener;
    private final Program crowd;
    private Map<String, Long> empty = Map.of();
    private int connected;

    Contender(String name, Program listener) throws IOException {
      this.name = name;
      this.listener = listener;
      String[] words = listener.line().split(" ", -1);
      String infoHash = words.length > 2 ? words[2] : Torrent.INFO_HASH.toString();
      crowd = Program.java(Crowd.class, List.of("-XX:+UseSerialGC"), words[1], infoHash);
    }

    void settle() throws IOException {
      listener.ask("trim"); // loads what it takes to ask
      empty = listener.ask("trim");
      crowd.ask("pace " + PACE_MILLIS);
    }

    void connect(int count) throws IOException {
      crowd.ask("connect " + (count - connected));
      connected = count;
      listener.await("open", count);
    }

    void report(int count, Map<String, Long> cost, Busy busy, Busy none) throws IOException {
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %s | %d | %.2f | %.2f | %.3f |%n",
          name,
          value(crowd.ask("status"), "open"),
          cost.containsKey("heap") ? "" + each(cost, "heap", count) : "",
          each(cost, "anonymous", count),
          100 * busy.process,
          100 * (busy.process - none.process),
          (busy.loop - none.loop) * MINUTE / 1e6 / count);
    }

    private long each(Map<String, Long> cost, String what, int count) {
      return (value(cost, what) - value(empty, what)) / count;
    }

    @Override
    public void close() throws IOException {
      crowd.close();
      listener.close();
    }
  }
}
