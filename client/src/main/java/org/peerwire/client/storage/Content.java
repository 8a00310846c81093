package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;

/**
 * A file that a torrent is made of, as it was when it was looked at.
 *
 * @param file where it is
 * @param path its names inside the torrent's folder; none if it is the torrent's only file
 * @param length in bytes
 * @param modified when it was last written to
 * @param key what tells it from another file in its place, where the file system has that
 */
public record Content(
    Path file, List<String> path, long length, FileTime modified, @Nullable Object key) {
  /** A file as its attributes tell it. */
  public static Content of(Path file, List<String> path, BasicFileAttributes attributes) {
    return new Content(
        file,
        List.copyOf(path),
        attributes.size(),
        attributes.lastModifiedTime(),
        attributes.fileKey());
  }

  /**
   * Looks at the file again.
   *
   * @throws IOException if it is not there any more, or not what it was
   */
  public void checkUnchanged() throws IOException {
    BasicFileAttributes now =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (now.size() != length
        || !now.lastModifiedTime().equals(modified)
        || !Objects.equals(now.fileKey(), key)) {
      throw changed();
    }
  }

  StorageException changed() {
    return new StorageException(
        StorageException.Kind.IO,
        SafeText.of(file.toString()) + " changed while it was hashed",
        null);
  }
}
