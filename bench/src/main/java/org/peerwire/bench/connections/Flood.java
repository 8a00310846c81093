package org.peerwire.bench.connections;

import static org.peerwire.bench.connections.Program.value;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * H09: what existing peers keep of their speed while 20,000 connections come that say nothing.
 * Prints the ratio of rounds with and without, in turn; and what the flood takes of the event
 * loop's time, which says more on a machine where the flood's own program has to share.
 */
public final class Flood {
  private static final int ROUNDS = 5;
  private static final int SILENT = 20_000;
  private static final int PEERS = 20;
  private static final int BLOCKS = 1_500;

  private Flood() {}

  /** Runs all rounds. */
  public static void main(String[] arguments) throws Exception {
    List<String> options = List.of("-Xmx256m", "-XX:+UseSerialGC");
    try (Program listener = Program.java(Listener.class, options, "60", "150")) {
      String port = listener.line().split(" ", -1)[1];
      String torrent = Torrent.INFO_HASH.toString();
      List<String> plain = List.of("-XX:+UseSerialGC");
      try (Program peers = Program.java(Crowd.class, plain, port, torrent);
          Program flood = Program.java(Crowd.class, plain, port, torrent)) {
        peers.ask("connect " + PEERS);
        peers.ask("fetch " + PEERS + " " + BLOCKS);
        List<Double> ratios = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
          Fetched alone = fetch(peers, listener);
          flood.tell("silent " + SILENT);
          Fetched flooded = fetch(peers, listener);
          flood.line();
          ratios.add(alone.seconds / flooded.seconds);
          shares.add((flooded.loopSeconds - alone.loopSeconds) / flooded.seconds);
          System.out.printf(
              Locale.ROOT,
              "%.2f s alone, %.2f s while %d come: %.2f; event loop %.2f and %.2f s: %.0f %% of a core more%n",
              alone.seconds,
              flooded.seconds,
              SILENT,
              ratios.get(i),
              alone.loopSeconds,
              flooded.loopSeconds,
              100 * shares.get(i));
        }
        Collections.sort(ratios);
        Collections.sort(shares);
        System.out.printf(
            Locale.ROOT,
            "median %.2f, %.0f %% of a core%n",
            ratios.get(ROUNDS / 2),
            100 * shares.get(ROUNDS / 2));
        System.out.println(peers.ask("status") + " " + listener.ask("cost"));
      }
    }
  }

  /**
   * The same blocks for the same peers: how long that took, and the event loop's processor time.
   */
  private record Fetched(double seconds, double loopSeconds) {}

  private static Fetched fetch(Program peers, Program listener) throws IOException {
    long before = value(listener.ask("cpu"), "loop");
    Map<String, Long> done = peers.ask("fetch " + PEERS + " " + BLOCKS);
    long after = value(listener.ask("cpu"), "loop");
    return new Fetched(value(done, "millis") / 1e3, (after - before) / 1e9);
  }
}
