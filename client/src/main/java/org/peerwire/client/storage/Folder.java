package org.peerwire.client.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;

/**
 * The folder that a torrent may touch: the only way to open a file. A path inside is walked element
 * by element and never through a link; only regular files are opened.
 */
final class Folder implements Closeable {
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> WRITE =
      Set.of(
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.CREATE,
          LinkOption.NOFOLLOW_LINKS);

  private final Path path;
  private final Place place;

  private Folder(Path path, Place place) {
    this.path = path;
    this.place = place;
  }

  /**
   * Opens the folder.
   *
   * @param create whether it is made, if only its parent is there
   */
  static Folder open(Path path, boolean create) throws StorageException {
    String shown = SafeText.of(path.toString());
    try {
      if (create && !Files.exists(path)) {
        try {
          Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
          // Somebody else was quicker, or it is a link to nowhere; opening it tells.
          return new Folder(path.toRealPath(), Place.open(path.toRealPath()));
        }
      }
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw StorageException.conflict(shown + " is not a folder");
      }
      Path real = path.toRealPath();
      return new Folder(real, Place.open(real));
    } catch (IOException e) {
      throw StorageException.of("can't open the folder " + shown, e);
    }
  }

  /** Where the folder is. */
  Path path() {
    return path;
  }

  /**
   * What stands at a path.
   *
   * @return null if nothing does
   * @throws StorageException as a conflict, if one of its folders is none
   */
  @Nullable BasicFileAttributes look(List<String> names) throws StorageException {
    try {
      return walk(names, false, Place::look);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw StorageException.of("can't look at " + shown(names), e);
    }
  }

  /**
   * An open file.
   *
   * @param key what the file system knows it by, so that it can be told from another one that has
   *     taken its place; null where it knows no such thing, and for files that are only read
   */
  record Opened(FileChannel channel, @Nullable Object key) {}

  /** Opens a regular file; to write it, it and its folders are made if they are not there. */
  FileChannel openFile(List<String> names, boolean write) throws StorageException {
    return open(names, write).channel();
  }

  /** As {@link #openFile}. */
  Opened open(List<String> names, boolean write) throws StorageException {
    try {
      return walk(
          names,
          write,
          (parent, name) -> {
            checkRegular(parent, name, names, write);
            FileChannel channel = parent.openFile(name, write ? WRITE : READ);
            return new Opened(channel, write ? parent.look(name).fileKey() : null);
          });
    } catch (IOException e) {
      throw StorageException.of(
          (write ? "can't write " : "can't read ") + SafeText.of(path + "/") + shown(names), e);
    }
  }

  /** Renames a file at the top of the folder; what had the name is replaced, at once or not. */
  void rename(String from, String to) throws StorageException {
    try {
      place.rename(from, to);
    } catch (IOException e) {
      throw StorageException.of("can't write " + SafeText.of(path + "/" + to), e);
    }
  }

  /**
   * Forces the names in a folder to the disk, so that new files are found after a power failure.
   * Where a system can't do that it does it by itself, or nobody can.
   *
   * @param names of the folder inside this one; none for this one itself
   */
  void forceNames(List<String> names) {
    Path folder = path;
    try {
      for (String name : names) {
        folder = folder.resolve(name);
      }
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    } catch (IOException | InvalidPathException e) {
      // The files themselves are forced, and all of it is checked by the next run.
      return;
    }
  }

  /** Removes a file at the top of the folder, if it is there. */
  void delete(String name) throws IOException {
    Files.deleteIfExists(path.resolve(name));
  }

  @Override
  public void close() throws IOException {
    place.close();
  }

  private interface Step<T> {
    T at(Place parent, String name) throws IOException;
  }

  private <T> T walk(List<String> names, boolean create, Step<T> last) throws IOException {
    try {
      return walk(place, names, 0, create, last);
    } catch (InvalidPathException e) {
      // What a name may hold is up to the locale: without UTF-8 it is ASCII, and nothing else.
      throw new StorageException(
          StorageException.Kind.IO,
          "the name "
              + shown(names)
              + " can't be used with this system's locale; one with UTF-8 can, such as"
              + " LC_ALL=C.UTF-8",
          e);
    }
  }

  private <T> T walk(Place parent, List<String> names, int at, boolean create, Step<T> last)
      throws IOException {
    String name = names.get(at);
    if (at == names.size() - 1) {
      return last.at(parent, name);
    }
    try (Place next = enter(parent, names, at, create)) {
      return walk(next, names, at + 1, create, last);
    }
  }

  private Place enter(Place parent, List<String> names, int at, boolean create) throws IOException {
    String name = names.get(at);
    try {
      return parent.enter(name);
    } catch (NoSuchFileException e) {
      if (!create) {
        throw e;
      }
    } catch (IOException e) {
      // A link or a file gives a different error on each system.
      if (!parent.look(name).isDirectory()) {
        throw StorageException.conflict(
            shown(names.subList(0, at + 1)) + " is in the way: it is not a folder");
      }
      throw e;
    }
    Path made = path;
    for (String each : names.subList(0, at + 1)) {
      made = made.resolve(each);
    }
    try {
      Files.createDirectory(made);
    } catch (FileAlreadyExistsException e) {
      // Another thread was quicker.
      return parent.enter(name);
    }
    return parent.enter(name);
  }

  private static void checkRegular(Place parent, String name, List<String> names, boolean write)
      throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = parent.look(name);
    } catch (NoSuchFileException e) {
      if (write) {
        return;
      }
      throw e;
    }
    if (!attributes.isRegularFile()) {
      throw StorageException.conflict(shown(names) + " is in the way: it is not a regular file");
    }
  }

  private static String shown(List<String> names) {
    return SafeText.of(String.join("/", names));
  }
}
