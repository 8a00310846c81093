package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.metainfo.FileEntry;

/**
 * The files that are open: the most recently used, as a torrent may have more files than a process
 * may open. A file in use stays open until its last user lets it go. Thread-safe.
 */
final class OpenFiles {
  private final Folder folder;
  private final int max;
  private final Map<Integer, Use> open = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  OpenFiles(Folder folder, int max) {
    this.folder = folder;
    this.max = max;
  }

  /** An open file, to be released. */
  final class Use {
    private final FileChannel channel;
    private final @Nullable Object key;
    private final boolean writable;
    private int users;
    private boolean dropped;

    /** How long it was when it was looked at last, and which look that was. */
    private long length;

    private int looked = -1;

    private Use(Folder.Opened opened, boolean writable) {
      channel = opened.channel();
      key = opened.key();
      this.writable = writable;
    }

    FileChannel channel() {
      return channel;
    }

    /** What it is known by, if it is open to be written; see {@link Folder.Opened}. */
    @Nullable Object key() {
      return key;
    }

    /**
     * Whether so many bytes are there, as of this look or of now; by one thread.
     *
     * @param look which look it is, 0 or more
     */
    boolean reaches(long end, int look) throws IOException {
      if (looked != look || length < end) {
        length = channel.size();
        looked = look;
      }
      return length >= end;
    }

    /**
     * Lets the file go. What goes wrong in closing it is of no use to anyone: its data is forced
     * elsewhere.
     */
    void release() {
      synchronized (OpenFiles.this) {
        users--;
        closeIfDone();
      }
    }

    private void drop() {
      dropped = true;
      closeIfDone();
    }

    private void closeIfDone() {
      if (dropped && users == 0) {
        try {
          channel.close();
        } catch (IOException e) {
          // Told by force, if it matters.
          return;
        }
      }
    }
  }

  /** Opens a file, or takes one that is open. */
  synchronized Use take(FileEntry file, boolean write) throws StorageException {
    if (closed) {
      throw new StorageException(StorageException.Kind.IO, "the storage was closed", null);
    }
    Use use = open.get(file.index());
    if (use == null || (write && !use.writable)) {
      if (use != null) {
        open.remove(file.index());
        use.drop();
      }
      use = new Use(open(file, write), write);
      open.put(file.index(), use);
    }
    use.users++;
    while (open.size() > max) {
      Map.Entry<Integer, Use> eldest = open.entrySet().iterator().next();
      open.remove(eldest.getKey());
      eldest.getValue().drop();
    }
    return use;
  }

  private Folder.Opened open(FileEntry file, boolean write) throws StorageException {
    try {
      return folder.open(file.path(), write);
    } catch (StorageException e) {
      if (open.isEmpty() || !e.isOutOfHandles()) {
        throw e;
      }
      // Ours are the first to do without.
      dropAll();
      return folder.open(file.path(), write);
    }
  }

  /** Opens it anew the next time: another one has taken its place. */
  synchronized void forget(FileEntry file) {
    Use use = open.remove(file.index());
    if (use != null) {
      use.drop();
    }
  }

  private void dropAll() {
    List<Use> all = new ArrayList<>(open.values());
    open.clear();
    all.forEach(Use::drop);
  }

  /** Closes what nobody uses now, and the rest when it is let go. */
  synchronized void close() {
    closed = true;
    dropAll();
  }
}
