package org.peerwire.bench.connections;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * H09: what existing peers keep of their speed while 20,000 connections come that say nothing.
 * Prints the ratio of rounds with and without, in turn.
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
        for (int i = 0; i < ROUNDS; i++) {
          double alone = fetch(peers);
          flood.tell("silent " + SILENT);
          double flooded = fetch(peers);
          flood.line();
          ratios.add(flooded / alone);
          System.out.printf(
              Locale.ROOT,
              "%.0f MB/s alone, %.0f MB/s while %d come: %.2f%n",
              alone,
              flooded,
              SILENT,
              flooded / alone);
        }
        Collections.sort(ratios);
        System.out.printf(Locale.ROOT, "median %.2f%n", ratios.get(ROUNDS / 2));
        System.out.println(peers.ask("status") + " " + listener.ask("cost"));
      }
    }
  }

  private static double fetch(Program peers) throws IOException {
    Map<String, Long> done = peers.ask("fetch " + PEERS + " " + BLOCKS);
    Long bytes = done.get("bytes");
    Long millis = done.get("millis");
    if (bytes == null || millis == null) {
      throw new IOException("no figures: " + done);
    }
    return bytes / 1e3 / millis;
  }
}
