package org.peerwire.client;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.client.storage.Content;
import org.peerwire.client.storage.ContentHash;
import org.peerwire.swarm.metainfo.MetainfoBuilder;

/**
 * Makes a .torrent from a file or a folder.
 *
 * <pre>{@code
 * byte[] torrent = new TorrentMaker(path).tracker("http://tracker.example/announce").make(progress);
 * }</pre>
 *
 * <p>Files of a folder go in the order of their names. Symbolic links and what is neither file nor
 * folder are left out. For one thread at a time.
 */
public final class TorrentMaker {
  private final Path source;
  private final List<String> trackers = new ArrayList<>();
  private int pieceLength;
  private boolean isPrivate;
  private @Nullable String comment;

  /**
   * A maker for this file or folder, under whose name the torrent goes.
   *
   * @param source is looked at by {@link #make}
   */
  public TorrentMaker(Path source) {
    this.source = source;
  }

  /**
   * The length of a piece, in bytes, a power of two from 16 KiB. Default: one that suits the size.
   */
  public TorrentMaker pieceLength(int bytes) {
    if (bytes < 16 << 10 || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(bytes + " is not a power of two from 16384");
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
    List<Content> contents = new ArrayList<>();
    boolean single = Files.isRegularFile(root);
    if (single) {
      contents.add(new Content(root, List.of(), Files.size(root)));
    } else {
      list(root, new ArrayList<>(), contents);
    }
    long total = 0;
    for (Content content : contents) {
      total += content.length();
    }
    if (total == 0) {
      throw new IOException(SafeText.of(source.toString()) + " has no bytes to be shared");
    }
    MetainfoBuilder builder = builder(name.toString(), contents, single, total);
    ContentHash hash = new ContentHash(contents, total, lengthFor(total));
    Workers.run(hash::work, hash::stop, hash::bytesDone, total, progress);
    return builder.build(hash.result());
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
      throw new IOException("can't make a torrent: " + e.getMessage(), e);
    }
  }

  private static void list(Path folder, List<String> names, List<Content> into) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    // Not by path: the order should be the same on all systems.
    entries.sort(Comparator.comparing(entry -> String.valueOf(entry.getFileName())));
    for (Path entry : entries) {
      BasicFileAttributes attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      names.add(String.valueOf(entry.getFileName()));
      if (attributes.isDirectory()) {
        list(entry, names, into);
      } else if (attributes.isRegularFile()) {
        into.add(new Content(entry, List.copyOf(names), attributes.size()));
      }
      names.remove(names.size() - 1);
    }
  }
}
