package org.peerwire.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
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
    throw new UnsupportedOperationException("not built yet");
  }
}
