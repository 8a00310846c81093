package org.peerwire.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.peerwire.client.DataCheck;
import org.peerwire.client.FileCheck;
import org.peerwire.swarm.metainfo.Metainfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerwire verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    header = "Compare what is on disk with a torrent. Nothing is changed.",
    footer = {
      "",
      "Examples:",
      "  peerwire verify debian.torrent ~/Downloads            looks at ~/Downloads/<name>",
      "  peerwire verify debian.torrent . --json | jq .verified",
      "",
      "Exit codes: 0 all of it is there and right, 1 it is not, 3 the torrent is not valid,",
      "4 a local error."
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int FILES_SHOWN = 100;

  private final Console console;

  @Parameters(index = "0", paramLabel = "TORRENT", description = "The .torrent file.")
  private String argument = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The folder that holds the content under the torrent's name.")
  private Path folder = Path.of("");

  @Option(names = "--json", description = "One JSON object instead of text for people.")
  private boolean json;

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException {
    Metainfo torrent = Torrents.file(argument);
    long start = System.nanoTime();
    DataCheck.Result found;
    try (ProgressView view = ProgressView.of(console, json, "checking", torrent.totalLength())) {
      found =
          DataCheck.verify(
              torrent,
              folder,
              (done, total) -> {
                if (console.interruption().isRequested()) {
                  Thread.currentThread().interrupt();
                }
                view.at(done, done / seconds(start), "");
              });
    }
    double seconds = seconds(start);
    if (json) {
      console.result(json(torrent, found, seconds));
    } else {
      show(torrent, found, seconds);
    }
    if (found.isComplete()) {
      return ExitCode.DONE;
    }
    int missing = torrent.pieceCount() - found.verified().count();
    throw Failure.notDone(
            (missing == 0
                    ? "all pieces are right, but files are not as they should be"
                    : String.format(
                        Locale.ROOT,
                        "%,d of %s missing or wrong; 'peerwire get' fetches them",
                        missing,
                        Text.count(torrent.pieceCount(), "piece")))
                + " (in "
                + folder
                + ")")
        .told();
  }

  private void show(Metainfo torrent, DataCheck.Result found, double seconds) {
    List<FileCheck> problems = found.problems();
    for (FileCheck file : problems.subList(0, Math.min(FILES_SHOWN, problems.size()))) {
      console.result(
          String.format(Locale.ROOT, "%-10s %s", word(file.state()), file.file().pathText())
              + detail(file));
    }
    if (problems.size() > FILES_SHOWN) {
      console.result(
          Text.count(problems.size() - FILES_SHOWN, "more file") + " like that; --json shows all");
    }
    console.result(
        String.format(
            Locale.ROOT,
            "%s: %,d of %s verified, %s of %s, in %s",
            torrent.name(),
            found.verified().count(),
            Text.count(torrent.pieceCount(), "piece"),
            Text.size(found.bytesVerified()),
            Text.size(found.bytesTotal()),
            Text.seconds(seconds)));
  }

  private static String word(FileCheck.State state) {
    return switch (state) {
      case OK -> "ok";
      case MISSING -> "missing";
      case SHORT -> "too short";
      case LONG -> "too long";
      case CORRUPT -> "differs";
      case NOT_A_FILE -> "not a file";
      case UNREADABLE -> "unreadable";
    };
  }

  private static String detail(FileCheck file) {
    return switch (file.state()) {
      case SHORT, LONG ->
          String.format(Locale.ROOT, "  (%,d bytes, not %,d)", file.found(), file.file().length());
      default -> "";
    };
  }

  private static Json json(Metainfo torrent, DataCheck.Result found, double seconds) {
    List<Json> problems = new ArrayList<>();
    for (FileCheck file : found.problems()) {
      problems.add(
          Json.object()
              .put("path", file.file().path())
              .put("state", file.state().name().toLowerCase(Locale.ROOT))
              .put("length", file.file().length())
              .put("found", file.found()));
    }
    return Json.event("verified")
        .put("name", torrent.name())
        .put("infoHash", torrent.infoHash())
        .put("complete", found.isComplete())
        .put("length", found.bytesTotal())
        .put("verified", found.bytesVerified())
        .put("pieces", torrent.pieceCount())
        .put("verifiedPieces", found.verified().count())
        .putSeconds("seconds", seconds)
        .put("problems", problems);
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
