package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.peerwire.SafeText;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.Metainfo;

/**
 * Runs of other processes that write where a torrent's files are to lie: their content has this one
 * inside, or lies inside of it.
 *
 * <pre>
 *   to/.peerwire-...           the mark of a run whose content is to/album
 *   to/album/.peerwire-...     that of one whose content is to/album/disc1
 * </pre>
 *
 * <p>Whoever begins marks its own place before it looks at those of others, so that of two that
 * begin together one at least sees the other.
 */
final class NestedRuns {
  private final Path folder;
  private final Metainfo torrent;

  NestedRuns(Folder folder, Metainfo torrent) {
    this.folder = folder.path();
    this.torrent = torrent;
  }

  /**
   * Looks for them.
   *
   * @throws StorageException as a conflict, if there is one
   */
  void check() throws StorageException {
    for (Path at = folder; at.getParent() != null; at = at.getParent()) {
      checkMark(at.getParent().resolve(FolderLock.markOf(String.valueOf(at.getFileName()))));
    }
    for (Path inside : folders()) {
      if (Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
        checkInside(inside);
      }
    }
  }

  /** Those that the torrent's files lie in, but for the one that holds it all. */
  private Set<Path> folders() {
    Set<List<String>> parents = new LinkedHashSet<>();
    for (FileEntry file : torrent.files()) {
      if (file.isWritten() && file.path().size() > 1) {
        parents.add(file.path().subList(0, file.path().size() - 1));
      }
    }
    Set<Path> folders = new LinkedHashSet<>();
    for (List<String> parent : parents) {
      Path path = folder;
      for (String name : parent) {
        path = path.resolve(name);
        folders.add(path);
      }
    }
    return folders;
  }

  private void checkInside(Path inside) throws StorageException {
    try (DirectoryStream<Path> marks =
        Files.newDirectoryStream(inside, FolderLock.MARK_PREFIX + "*")) {
      for (Path mark : marks) {
        checkMark(mark);
      }
    } catch (StorageException e) {
      throw e;
    } catch (IOException e) {
      // What can't be looked into is told when it is to be written to.
      return;
    }
  }

  private void checkMark(Path mark) throws StorageException {
    if (isAtWork(mark)) {
      throw StorageException.conflict(
          "another run has files in "
              + SafeText.of(String.valueOf(mark.getParent()))
              + " where "
              + torrent.name()
              + " would lie");
    }
  }

  /**
   * Whether another process has locked a mark. Our own are never opened here: closing one would
   * give its lock away.
   */
  private static boolean isAtWork(Path mark) {
    if (FolderLock.isOurs(mark) || !Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(mark, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return free == null;
    } catch (IOException | OverlappingFileLockException e) {
      // It is gone by now, or not ours to look at.
      return false;
    }
  }
}
