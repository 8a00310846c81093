package org.peerwire.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Lets everyone do the same work in short rounds, in turn, each in a process of its own and never
 * two at a time. What is printed is the median over the rounds; a ratio is taken within each round,
 * so that what slows the machine down for a while slows down both.
 *
 * <p>Processor time is what is counted, not wall time: others may use the machine too.
 */
public final class Contest {
  private static final int WARM_UP = Integer.getInteger("warmUp", 1500);
  private static final int ROUND = Integer.getInteger("round", 40);
  private static final int ROUNDS = Integer.getInteger("rounds", 15);
  private static final List<Integer> CHUNKS = List.of(1 << 16, 1460);
  private static final List<String> NODE_MODULES =
      List.of("peer-wire-protocol", "bittorrent-protocol");

  private final Path nodeFolder;
  private final Path streams;
  private final PrintStream out;
  private final List<String> csv = new ArrayList<>();

  private Contest(Path nodeFolder, Path streams, PrintStream out) {
    this.nodeFolder = nodeFolder;
    this.streams = streams;
    this.out = out;
    csv.add("way,stream,chunk,who,nanos per message,of bare,of copy,bytes allocated per message");
  }

  /**
   * Runs all of it.
   *
   * @param args the folder of the node modules' worker, and where to write the figures as CSV
   */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    Path streams = Files.createTempDirectory("streams");
    Contest contest = new Contest(Path.of(args[0]), streams, System.out);
    try {
      for (Streams stream : Streams.values()) {
        Files.write(contest.file(stream), stream.bytes());
      }
      contest.all(args.length > 2 ? args[2] : "");
      Files.write(Path.of(args[1]), contest.csv);
    } finally {
      for (Streams stream : Streams.values()) {
        Files.deleteIfExists(contest.file(stream));
      }
      Files.delete(streams);
    }
  }

  private void all(String only) throws IOException {
    for (Streams stream : Streams.values()) {
      for (int chunk : CHUNKS) {
        if (("read " + stream + " " + chunk).toLowerCase(Locale.ROOT).contains(only)) {
          List<String> names = new ArrayList<>(Roster.READERS);
          if (stream == Streams.PIECE && chunk == 1 << 16) {
            names.add("round-trip");
          }
          run("read", stream, chunk, names);
        }
      }
    }
    if ("read small 1".contains(only)) {
      run("read", Streams.SMALL, 1, List.of("copy", "bare", "bare-calls", "frames", "wire"));
    }
    for (Streams stream : Streams.values()) {
      if (("write " + stream).toLowerCase(Locale.ROOT).contains(only)) {
        List<String> names = new ArrayList<>(Roster.WRITERS);
        if (stream != Streams.SMALL) {
          names.remove("bare");
        }
        run("write", stream, 1 << 16, names);
      }
    }
  }

  private void run(String way, Streams stream, int chunk, List<String> names) throws IOException {
    List<Entrant> entrants = new ArrayList<>();
    try {
      for (String name : names) {
        entrants.add(new Entrant(name, java(way, name, stream, chunk)));
      }
      if (chunk > 1 && Files.isDirectory(nodeFolder.resolve("node_modules"))) {
        for (String name : NODE_MODULES) {
          entrants.add(new Entrant(name, node(way, name, stream, chunk)));
        }
      }
      for (Entrant entrant : entrants) {
        entrant.measure(WARM_UP);
      }
      double[][] nanos = new double[entrants.size()][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < entrants.size(); i++) {
          // Nobody always comes behind the same one.
          int who = (i + round) % entrants.size();
          nanos[who][round] = entrants.get(who).measure(ROUND) / stream.messages;
        }
      }
      report(way, stream, chunk, entrants, nanos);
    } finally {
      entrants.forEach(Entrant::end);
    }
  }

  private void report(
      String way, Streams stream, int chunk, List<Entrant> entrants, double[][] nanos) {
    int copy = index(entrants, "copy");
    int bare = index(entrants, "bare");
    out.printf(
        "%n### %s %s%s%n%n",
        way,
        stream.name().toLowerCase(Locale.ROOT),
        way.equals("read") ? ", " + chunk + (chunk == 1 ? " byte" : " bytes") + " at a time" : "");
    out.println("| who | ns a message | x bare loop | x copy | bytes allocated a message |");
    out.println("|---|---:|---:|---:|---:|");
    for (int i = 0; i < entrants.size(); i++) {
      Entrant entrant = entrants.get(i);
      double median = median(nanos[i]);
      String ofBare = bare < 0 ? "" : format(ratio(nanos[i], nanos[bare]));
      String ofCopy = copy < 0 ? "" : format(ratio(nanos[i], nanos[copy]));
      String bytes = entrant.allocated < 0 ? "" : format(entrant.allocated / stream.messages);
      out.printf(
          "| %s | %s | %s | %s | %s |%n", entrant.name, format(median), ofBare, ofCopy, bytes);
      csv.add(
          String.join(
              ",",
              way,
              stream.name().toLowerCase(Locale.ROOT),
              Integer.toString(chunk),
              entrant.name,
              format(median),
              ofBare,
              ofCopy,
              bytes));
    }
    out.flush();
  }

  private static int index(List<Entrant> entrants, String name) {
    for (int i = 0; i < entrants.size(); i++) {
      if (entrants.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static double ratio(double[] these, double[] those) {
    double[] ratios = new double[these.length];
    Arrays.setAll(ratios, i -> these[i] / those[i]);
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String format(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  private static List<String> java(String way, String name, Streams stream, int chunk) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
        "-cp",
        System.getProperty("java.class.path"),
        Worker.class.getName(),
        way,
        name,
        stream.name(),
        Integer.toString(chunk));
  }

  private List<String> node(String way, String name, Streams stream, int chunk) {
    return List.of(
        "node",
        nodeFolder.resolve("worker.mjs").toString(),
        way,
        name,
        stream.name(),
        Integer.toString(chunk),
        file(stream).toString());
  }

  private Path file(Streams stream) {
    return streams.resolve(stream.name());
  }

  private static final class Entrant {
    final String name;
    private final Process process;
    private final BufferedReader from;
    private final Writer to;

    /** Bytes a pass, in the latest round; -1 if it can't tell. */
    double allocated;

    Entrant(String name, List<String> command) throws IOException {
      this.name = name;
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      from =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      to = process.outputWriter(StandardCharsets.UTF_8);
      if (!"ready".equals(from.readLine())) {
        process.destroy();
        throw new IOException(name + " does not start: " + command);
      }
    }

    /** Nanoseconds a pass. */
    double measure(int millis) throws IOException {
      to.write(millis + "\n");
      to.flush();
      String line = from.readLine();
      if (line == null) {
        throw new IOException(name + " ended");
      }
      String[] figures = line.split(" ", -1);
      double passes = Double.parseDouble(figures[0]);
      double bytes = Double.parseDouble(figures[2]);
      allocated = bytes < 0 ? -1 : bytes / passes;
      return Double.parseDouble(figures[1]) / passes;
    }

    void end() {
      process.destroy();
    }
  }
}
