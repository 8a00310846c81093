package org.peerwire.client.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * An open folder, from which one goes on by a single name at a time and never through a link. Where
 * the system can, it is held by a handle, so that a folder that is replaced meanwhile makes no
 * difference; elsewhere each step is checked.
 */
sealed interface Place extends Closeable {
  /** Opens a folder by its path; that may lead through links, as it is the user's own choice. */
  // The stream is the handle, and is kept as long as the place.
  @SuppressWarnings("StreamResourceLeak")
  static Place open(Path path) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new Held(secure, path);
    }
    stream.close();
    return new Named(path);
  }

  /** Opens a folder inside this one. */
  Place enter(String name) throws IOException;

  /** What a name stands for; a link is told as such. */
  BasicFileAttributes look(String name) throws IOException;

  /** Opens a file inside this folder; {@code options} do not follow links. */
  FileChannel openFile(String name, Set<OpenOption> options) throws IOException;

  /** Renames a file inside this folder, and replaces what has the name. */
  void rename(String from, String to) throws IOException;

  private static FileChannel file(SeekableByteChannel channel) throws IOException {
    if (channel instanceof FileChannel file) {
      return file;
    }
    channel.close();
    throw new IOException("the file system has no file channels");
  }

  /** A folder by its handle. */
  record Held(SecureDirectoryStream<Path> stream, Path path) implements Place {
    @Override
    public Place enter(String name) throws IOException {
      return new Held(
          stream.newDirectoryStream(relative(name), LinkOption.NOFOLLOW_LINKS), path.resolve(name));
    }

    @Override
    public BasicFileAttributes look(String name) throws IOException {
      return stream
          .getFileAttributeView(
              relative(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes();
    }

    @Override
    public FileChannel openFile(String name, Set<OpenOption> options) throws IOException {
      return file(stream.newByteChannel(relative(name), options));
    }

    @Override
    public void rename(String from, String to) throws IOException {
      stream.move(relative(from), stream, relative(to));
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }

    private Path relative(String name) {
      return path.getFileSystem().getPath(name);
    }
  }

  /** A folder by its path. */
  record Named(Path path) implements Place {
    @Override
    public Place enter(String name) throws IOException {
      if (!look(name).isDirectory()) {
        throw new NotDirectoryException(name);
      }
      return new Named(path.resolve(name));
    }

    @Override
    public BasicFileAttributes look(String name) throws IOException {
      return Files.readAttributes(
          path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public FileChannel openFile(String name, Set<OpenOption> options) throws IOException {
      return file(Files.newByteChannel(path.resolve(name), options));
    }

    @Override
    public void rename(String from, String to) throws IOException {
      Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {}
  }
}
