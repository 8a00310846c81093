package org.peerwire.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lets everyone read and write the same streams, in {@link Rounds}. */
public final class Contest {
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
      Rounds rounds = Rounds.run(entrants, stream.messages);
      report(way, stream, chunk, entrants, rounds);
    } finally {
      entrants.forEach(Entrant::end);
    }
  }

  private void report(
      String way, Streams stream, int chunk, List<Entrant> entrants, Rounds rounds) {
    out.printf(
        "%n### %s %s%s%n%n",
        way,
        stream.name().toLowerCase(Locale.ROOT),
        way.equals("read") ? ", " + chunk + (chunk == 1 ? " byte" : " bytes") + " at a time" : "");
    out.println("| who | ns a message | x bare loop | x copy | bytes allocated a message |");
    out.println("|---|---:|---:|---:|---:|");
    for (int i = 0; i < entrants.size(); i++) {
      Entrant entrant = entrants.get(i);
      String nanos = rounds.median(i);
      String ofBare = rounds.ratio(i, "bare");
      String ofCopy = rounds.ratio(i, "copy");
      String bytes = rounds.allocated(i);
      out.printf("| %s | %s | %s | %s | %s |%n", entrant.name(), nanos, ofBare, ofCopy, bytes);
      csv.add(
          String.join(
              ",",
              way,
              stream.name().toLowerCase(Locale.ROOT),
              Integer.toString(chunk),
              entrant.name(),
              nanos,
              ofBare,
              ofCopy,
              bytes));
    }
    out.flush();
  }

  private static List<String> java(String way, String name, Streams stream, int chunk) {
    return Entrant.java(Worker.class, way, name, stream.name(), Integer.toString(chunk));
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
}
