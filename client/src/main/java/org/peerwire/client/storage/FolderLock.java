package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.metainfo.Metainfo;

/**
 * The mark of a download that is not complete: a small hidden file beside the content, locked while
 * a run is at work. It keeps a second run away, of the same torrent or of another one with the same
 * name, and tells the next run that the files there are what an earlier one left, however little of
 * them is right.
 */
final class FolderLock {
  /** What the names of all marks begin with. */
  static final String MARK_PREFIX = ".peerwire-";

  private static final int MAX_READ = 64;

  /**
   * The marks that this process has locked. They are not opened again: to close a file gives all
   * locks away that a process has on it.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Folder folder;
  private final String name;
  private final FileChannel channel;
  private final @Nullable FileLock lock;
  private final boolean resumed;

  private FolderLock(
      Folder folder, String name, FileChannel channel, @Nullable FileLock lock, boolean resumed) {
    this.folder = folder;
    this.name = name;
    this.channel = channel;
    this.lock = lock;
    this.resumed = resumed;
  }

  /**
   * Takes the lock.
   *
   * @param force whether the remains of another torrent are nothing to heed
   */
  static FolderLock take(Folder folder, Metainfo torrent, boolean force) throws StorageException {
    String name = markOf(torrent.name());
    if (!OURS.add(folder.path().resolve(name))) {
      throw taken(folder, torrent);
    }
    boolean locked = false;
    try {
      FolderLock lock = open(folder, torrent, name, force);
      locked = true;
      lock.checkNested(torrent);
      return lock;
    } finally {
      if (!locked) {
        OURS.remove(folder.path().resolve(name));
      }
    }
  }

  private static FolderLock open(Folder folder, Metainfo torrent, String name, boolean force)
      throws StorageException {
    FileChannel channel = folder.openFile(List.of(name), true);
    boolean locked = false;
    try {
      FolderLock taken = lock(folder, torrent, name, channel, force);
      locked = true;
      return taken;
    } catch (IOException e) {
      throw StorageException.of("can't lock the folder " + folder.path(), e);
    } finally {
      if (!locked) {
        close(channel);
      }
    }
  }

  private void checkNested(Metainfo torrent) throws StorageException {
    boolean alone = false;
    try {
      new NestedRuns(folder, torrent).check();
      alone = true;
    } finally {
      if (!alone) {
        try {
          release(!resumed);
        } catch (IOException e) {
          // The conflict is told instead.
          alone = false;
        }
      }
    }
  }

  private static StorageException taken(Folder folder, Metainfo torrent) {
    return StorageException.conflict(
        "another run downloads " + torrent.name() + " into " + folder.path());
  }

  /** Whether this process has locked a mark. */
  static boolean isOurs(Path mark) {
    return OURS.contains(mark);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written to it, and the reason why it is closed is told instead.
      return;
    }
  }

  private static FolderLock lock(
      Folder folder, Metainfo torrent, String name, FileChannel channel, boolean force)
      throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw taken(folder, torrent);
    }
    ByteBuffer bytes = ByteBuffer.allocate(MAX_READ);
    channel.read(bytes, 0);
    String owner = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    String ours = torrent.infoHash().toString();
    boolean resumed = owner.startsWith(ours);
    if (!owner.isEmpty() && !resumed && !force) {
      throw StorageException.conflict(
          folder.path() + " has the unfinished " + torrent.name() + " of another torrent");
    }
    if (!resumed) {
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ours + "\nAn unfinished download of peerwire. It may be resumed.\n")
                  .getBytes(StandardCharsets.US_ASCII)),
          0);
      // Before there are files: what they are must be known whatever happens.
      channel.force(true);
      folder.forceNames(List.of());
    }
    return new FolderLock(folder, name, channel, lock, resumed);
  }

  /** Whether an earlier run left its mark. */
  boolean resumed() {
    return resumed;
  }

  /**
   * Gives the lock back.
   *
   * @param done whether there is nothing left to resume, so that the mark goes too
   */
  void release(boolean done) throws IOException {
    try {
      if (done) {
        folder.delete(name);
      }
      FileLock held = lock;
      if (held != null) {
        held.close();
      }
    } finally {
      channel.close();
      OURS.remove(folder.path().resolve(name));
    }
  }

  /** The same for names that a file system may take for the same. */
  static String markOf(String name) {
    MessageDigest sha1 = Sha1.create();
    byte[] digest = sha1.digest(folded(name).getBytes(StandardCharsets.UTF_8));
    return MARK_PREFIX + HexFormat.of().formatHex(digest, 0, 8);
  }

  static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }
}
