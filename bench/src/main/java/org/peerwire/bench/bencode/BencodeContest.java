package org.peerwire.bench.bencode;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.peerwire.bench.Entrant;
import org.peerwire.bench.Rounds;

/** Lets everyone read and write the same documents, in {@link Rounds}. */
public final class BencodeContest {
  private static final List<String> READERS =
      List.of("copy", "scan", "peerwire", "peerwire, copied out", "bt-core", "ttorrent-core");
  private static final List<String> WRITERS =
      List.of("copy", "peerwire", "bt-core", "ttorrent-core");

  private final Path nodeFolder;
  private final Path file;
  private final PrintStream out;

  private BencodeContest(Path nodeFolder, Path file, PrintStream out) {
    this.nodeFolder = nodeFolder;
    this.file = file;
    this.out = out;
  }

  /**
   * Runs all of it.
   *
   * @param args the folder of the node module's worker
   */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    Path file = Files.createTempFile("document", null);
    BencodeContest contest = new BencodeContest(Path.of(args[0]), file, System.out);
    try {
      for (Document document : Document.values()) {
        Files.write(file, document.bytes());
        contest.run("read", document, READERS);
        contest.run("write", document, WRITERS);
      }
    } finally {
      Files.delete(file);
    }
  }

  private void run(String way, Document document, List<String> names) throws IOException {
    List<Entrant> entrants = new ArrayList<>();
    try {
      for (String name : names) {
        List<String> command = Entrant.java(BencodeWorker.class, way, name, document.name());
        entrants.add(new Entrant(name, command));
      }
      if (Files.isDirectory(nodeFolder.resolve("node_modules").resolve("bencode"))) {
        entrants.add(new Entrant("bencode", node(way, document)));
      }
      report(way, document, entrants, Rounds.run(entrants, document.times));
    } finally {
      entrants.forEach(Entrant::end);
    }
  }

  private List<String> node(String way, Document document) {
    return List.of(
        "node",
        nodeFolder.resolve("bencode.mjs").toString(),
        way,
        file.toString(),
        Integer.toString(document.times));
  }

  private void report(String way, Document document, List<Entrant> entrants, Rounds rounds) {
    out.printf("%n### %s %s%n%n", way, document.name().toLowerCase(Locale.ROOT));
    out.println("| who | ns | x scan | x copy | x peerwire | bytes allocated |");
    out.println("|---|---:|---:|---:|---:|---:|");
    for (int i = 0; i < entrants.size(); i++) {
      out.printf(
          "| %s | %s | %s | %s | %s | %s |%n",
          entrants.get(i).name(),
          rounds.median(i),
          rounds.ratio(i, "scan"),
          rounds.ratio(i, "copy"),
          rounds.ratio(i, "peerwire"),
          rounds.allocated(i));
    }
    out.flush();
  }
}
