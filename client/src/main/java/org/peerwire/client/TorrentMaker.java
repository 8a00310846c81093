package org.peerwire.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.client.storage.Content;
import org.peerwire.client.storage.ContentHash;
import org.peerwire.client.storage.ContentList;
import org.peerwire.swarm.metainfo.MetaVersion;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoBuilder;
import org.peerwire.swarm.metainfo.MetainfoException;

/**
 * Makes a .torrent from a file or a folder.
 *
 * <pre>{@code
 * byte[] torrent = new TorrentMaker(path).tracker("http://tracker.example/announce").make(progress);
 * }</pre>
 *
 * <p>Files of a folder go in the order of their names, as bytes. Symbolic links and what is neither
 * file nor folder are left out, and told. For one thread at a time.
 */
public final class TorrentMaker {
  private final Path source;
  private final List<String> trackers = new ArrayList<>();
  private int pieceLength;
  private boolean isPrivate;
  private @Nullable String comment;
  private MetaVersion version = MetaVersion.V1;
  private Consumer<String> notices = notice -> {};

  /**
   * A maker for this file or folder, under whose name the torrent goes.
   *
   * @param source is looked at by {@link #make}
   */
  public TorrentMaker(Path source) {
    this.source = source;
  }

  /**
   * The length of a piece, in bytes, a power of two from 16 KiB to 512 MiB. Default: one that suits
   * the size.
   */
  public TorrentMaker pieceLength(int bytes) {
    if (bytes < 16 << 10 || bytes > 512 << 20 || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(bytes + " is not a power of two from 16384 to 536870912");
    }
    pieceLength = bytes;
    return this;
  }

  /**
   * Adds a tracker, to be tried after those added before.
   *
   * @param url of a tracker: http, https or udp
   */
  public TorrentMaker tracker(String url) {
    trackers.add(url);
    return this;
  }

  /** Whether peers may come from the trackers only. Default false. */
  public TorrentMaker isPrivate(boolean value) {
    isPrivate = value;
    return this;
  }

  /**
   * Which hashes the torrent gets. Default {@link MetaVersion#V1}, which every client understands.
   */
  public TorrentMaker version(MetaVersion value) {
    version = value;
    return this;
  }

  /**
   * Told by {@link #make} what is left out, as a line for a person each; fit to be shown. Default:
   * nobody.
   */
  public TorrentMaker notices(Consumer<String> listener) {
    notices = listener;
    return this;
  }

  /** A comment for people. Default none. */
  public TorrentMaker comment(String text) {
    comment = text;
    return this;
  }

  /**
   * Hashes everything, with a thread for each core, and returns the .torrent. Blocks until that is
   * done.
   *
   * @param progress called by this thread
   * @throws IOException if something can't be read, changes meanwhile, has a name that no torrent
   *     may have, or there is nothing to be hashed; the message is one sentence for a person
   */
  public byte[] make(Progress progress) throws IOException {
    Path root = source.toRealPath();
    Path name = source.toAbsolutePath().normalize().getFileName();
    if (name == null) {
      throw new IOException(SafeText.of(source.toString()) + " has no name for a torrent");
    }
    BasicFileAttributes attributes = Files.readAttributes(root, BasicFileAttributes.class);
    boolean single = attributes.isRegularFile();
    List<Content> contents =
        single ? List.of(Content.of(root, List.of(), attributes)) : ContentList.of(root, notices);
    long total = 0;
    for (Content content : contents) {
      total = Math.addExact(total, content.length());
    }
    if (total == 0) {
      throw new IOException(SafeText.of(source.toString()) + " has no bytes to be shared");
    }
    if (version == MetaVersion.V2 && !single && contents.size() == 1 && isAtTop(contents.get(0))) {
      throw new IOException(
          "the only file of a folder looks like a file without one in a v2 torrent: name "
              + SafeText.of(contents.get(0).file().toString())
              + " itself, or make a hybrid torrent");
    }
    MetainfoBuilder builder = builder(name.toString(), contents, single, total);
    ContentHash hash = new ContentHash(contents, version, lengthFor(total));
    Workers.run(hash::work, hash::stop, hash::bytesDone, total, progress);
    byte[] torrent =
        switch (version) {
          case V1 -> builder.build(hash.pieces());
          case V2 -> builder.build(null, hash.trees());
          case HYBRID -> builder.build(hash.pieces(), hash.trees());
        };
    for (Content content : contents) {
      content.checkUnchanged();
    }
    return checked(torrent);
  }

  private static boolean isAtTop(Content content) {
    return content.path().size() == 1;
  }

  /** What we would not read ourselves is not handed out. */
  private static byte[] checked(byte[] torrent) throws IOException {
    try {
      Metainfo.parse(torrent);
      return torrent;
    } catch (MetainfoException e) {
      throw new IOException(
          "no program would take the torrent: " + e.getMessage() + "; larger pieces may help", e);
    }
  }

  private int lengthFor(long total) {
    return pieceLength == 0 ? MetainfoBuilder.suggestedPieceLength(total) : pieceLength;
  }

  private MetainfoBuilder builder(String name, List<Content> contents, boolean single, long total)
      throws IOException {
    try {
      MetainfoBuilder builder = new MetainfoBuilder(name, lengthFor(total)).isPrivate(isPrivate);
      if (single) {
        builder.singleFile(total);
      } else {
        contents.forEach(content -> builder.file(content.path(), content.length()));
      }
      for (String tracker : trackers) {
        builder.tier(List.of(tracker));
      }
      if (comment != null) {
        builder.comment(comment);
      }
      return builder;
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "can't make a torrent: " + e.getMessage() + "; rename it, or move it out", e);
    }
  }
}
