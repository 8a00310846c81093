package org.peerwire.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.FileSelection;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoNotice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peerwire show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    header = "Show what a .torrent file or a magnet link says.",
    footer = {
      "",
      "Examples:",
      "  peerwire show debian.torrent",
      "  peerwire show 'magnet:?xt=urn:btih:...'               quoted, for the & in it",
      "  peerwire show debian.torrent --json | jq .infoHash",
      "",
      "Exit codes: 0 shown, 3 not a valid torrent or magnet link, 4 it can't be read."
    })
final class ShowCommand implements Callable<Integer> {
  private static final int FILES_SHOWN = 1_000;

  private final Console console;

  @Parameters(paramLabel = "TORRENT|MAGNET", description = "A .torrent file, or a magnet link.")
  private String argument = "";

  @Option(names = "--json", description = "One JSON object instead of text for people.")
  private boolean json;

  ShowCommand(Console console) {
    this.console = console;
  }

  /** What picocli would make of such arguments. */
  ShowCommand(Console console, String argument, boolean json) {
    this(console);
    this.argument = argument;
    this.json = json;
  }

  @Override
  public Integer call() throws Failure {
    if (MagnetLink.looksLike(argument)) {
      show(Torrents.magnet(argument));
    } else {
      show(Torrents.file(argument));
    }
    return ExitCode.DONE;
  }

  private void show(MagnetLink magnet) {
    if (json) {
      console.result(
          Json.event("magnet")
              .put("infoHash", magnet.infoHash())
              .put("infoHashV1", magnet.infoHashV1())
              .put("infoHashV2", magnet.infoHashV2())
              .put("name", magnet.displayName())
              .put("trackers", magnet.trackers())
              .put("peers", magnet.peers())
              .put("selected", magnet.selection().map(FileSelection::toString)));
      return;
    }
    field("magnet", magnet.displayName().orElse("(no name)"));
    magnet.infoHashV1().ifPresent(hash -> field("info-hash", hash));
    magnet.infoHashV2().ifPresent(hash -> field("info-hash v2", hash));
    magnet.trackers().forEach(url -> field("tracker", url));
    magnet.peers().forEach(peer -> field("peer", peer));
    magnet.selection().ifPresent(files -> field("only files", files));
  }

  private void show(Metainfo torrent) {
    if (json) {
      console.result(json(torrent));
      return;
    }
    field("name", torrent.name());
    torrent.infoHashV1().ifPresent(hash -> field("info-hash", hash));
    torrent.infoHashV2().ifPresent(hash -> field("info-hash v2", hash));
    field("size", Text.exactSize(torrent.totalLength()));
    field("pieces", Text.number(torrent.pieceCount()) + " of " + Text.size(torrent.pieceLength()));
    if (torrent.isPrivate()) {
      field("private", "yes: peers come from its trackers only");
    }
    for (List<String> tier : torrent.announceTiers()) {
      field("trackers", String.join("  ", tier));
    }
    torrent.comment().ifPresent(text -> field("comment", text));
    torrent.createdBy().ifPresent(text -> field("created by", text));
    String created = created(torrent);
    if (created != null) {
      field("created", created);
    }
    for (MetainfoNotice notice : torrent.notices()) {
      field("note", sentence(notice));
    }
    List<FileEntry> files = torrent.files().stream().filter(file -> !file.isPad()).toList();
    field("files", Text.number(files.size()));
    for (FileEntry file : files.subList(0, Math.min(FILES_SHOWN, files.size()))) {
      console.result(
          Text.right(Integer.toString(file.index()), 7)
              + "  "
              + Text.right(Text.number(file.length()), 17)
              + "  "
              + file.pathText()
              + (file.isSymlink() ? "  (a link, not created)" : ""));
    }
    if (files.size() > FILES_SHOWN) {
      console.result(
          Text.right("...", 26)
              + "  and "
              + Text.number(files.size() - FILES_SHOWN)
              + " more; --json shows all");
    }
  }

  private static Json json(Metainfo torrent) {
    List<Json> files = new ArrayList<>();
    for (FileEntry file : torrent.files()) {
      files.add(
          Json.object()
              .put("index", file.index())
              .put("path", file.path())
              .put("length", file.length())
              .put("offset", file.offset())
              .put("pad", file.isPad() ? true : null)
              .put("symlink", file.isSymlink() ? true : null));
    }
    OptionalLong date = torrent.creationDate();
    return Json.event("torrent")
        .put("name", torrent.name())
        .put("version", torrent.version().name().toLowerCase(Locale.ROOT))
        .put("infoHash", torrent.infoHash())
        .put("infoHashV1", torrent.infoHashV1())
        .put("infoHashV2", torrent.infoHashV2())
        .put("length", torrent.totalLength())
        .put("pieceLength", torrent.pieceLength())
        .put("pieces", torrent.pieceCount())
        .put("private", torrent.isPrivate())
        .put("trackers", torrent.announceTiers())
        .put("comment", torrent.comment())
        .put("createdBy", torrent.createdBy())
        .put("created", date.isPresent() ? (Object) date.getAsLong() : null)
        .put("notices", List.copyOf(torrent.notices()))
        .put("files", files);
  }

  private static @Nullable String created(Metainfo torrent) {
    OptionalLong seconds = torrent.creationDate();
    if (seconds.isEmpty()) {
      return null;
    }
    try {
      return Instant.ofEpochSecond(seconds.getAsLong()).toString();
    } catch (DateTimeException e) {
      // Any number may stand there.
      return null;
    }
  }

  private static String sentence(MetainfoNotice notice) {
    return switch (notice) {
      case NOT_CANONICAL -> "it is not written in the canonical form; harmless";
      case TRAILING_SPACE -> "white space follows its end; harmless";
      case RENAMED -> "files have other names here, to be safe or to tell them apart";
      case SYMLINKS_SKIPPED -> "it has symbolic links, which are not created";
      case TRACKERS_SKIPPED -> "addresses of trackers that can't be used are left out";
      case PIECE_LAYERS_MISSING -> "it lacks hashes of pieces, which peers have to send";
    };
  }

  private void field(String name, Object value) {
    console.result(Text.left(name, 13) + " " + value);
  }
}
