package org.peerwire.client.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.peerwire.SafeText;

/** Lists the files of a folder for a torrent, in an order that is the same everywhere. */
public final class ContentList {
  /** No torrent has more of either. */
  private static final int MAX_FILES = 1_000_000;

  private static final int MAX_DEPTH = 100;

  private ContentList() {}

  /**
   * All regular files below a folder, folder by folder, in the order of their names as UTF-8 bytes.
   *
   * @param notices told what is left out: links, and what is neither file nor folder
   * @throws StorageException if a folder can't be read, or there is more in it than a torrent may
   *     have
   */
  public static List<Content> of(Path folder, Consumer<String> notices) throws IOException {
    List<Content> contents = new ArrayList<>();
    Deque<Iterator<Path>> open = new ArrayDeque<>();
    List<String> names = new ArrayList<>();
    open.push(entries(folder));
    while (!open.isEmpty()) {
      if (!open.peek().hasNext()) {
        open.pop();
        if (!names.isEmpty()) {
          names.remove(names.size() - 1);
        }
        continue;
      }
      Path entry = open.peek().next();
      BasicFileAttributes attributes = attributes(entry);
      names.add(String.valueOf(entry.getFileName()));
      if (attributes.isDirectory() && names.size() < MAX_DEPTH) {
        open.push(entries(entry));
        continue;
      }
      if (attributes.isDirectory() || contents.size() == MAX_FILES) {
        throw new StorageException(
            StorageException.Kind.IO,
            "there is more in " + shown(folder) + " than a torrent may have",
            null);
      }
      if (attributes.isRegularFile()) {
        contents.add(Content.of(entry, names, attributes));
      } else {
        String what = attributes.isSymbolicLink() ? "a link" : "neither a file nor a folder";
        notices.accept("left out, as it is " + what + ": " + shown(entry));
      }
      names.remove(names.size() - 1);
    }
    return contents;
  }

  private static BasicFileAttributes attributes(Path entry) throws StorageException {
    try {
      return Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw StorageException.of("can't read " + shown(entry), e);
    }
  }

  private static Iterator<Path> entries(Path folder) throws StorageException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      IOException cause = e.getCause();
      throw StorageException.of(
          "can't read " + shown(folder), cause == null ? new IOException(e) : cause);
    } catch (IOException e) {
      throw StorageException.of("can't read " + shown(folder), e);
    }
    entries.sort(Comparator.comparing(ContentList::nameOf, Arrays::compareUnsigned));
    return entries.iterator();
  }

  private static byte[] nameOf(Path entry) {
    return String.valueOf(entry.getFileName()).getBytes(UTF_8);
  }

  private static String shown(Path path) {
    return SafeText.of(path.toString());
  }
}
