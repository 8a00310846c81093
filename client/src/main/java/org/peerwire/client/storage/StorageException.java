package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;

/** What went wrong on disk, told apart. The message is one sentence for a person. */
public final class StorageException extends IOException {
  private static final long serialVersionUID = 1;

  /** What went wrong: a closed set. */
  public enum Kind {
    /** The disk, or the quota, is full. */
    FULL,
    /** It is not permitted. */
    DENIED,
    /** Something else has the place. */
    CONFLICT,
    /** Anything else. */
    IO
  }

  private final Kind kind;

  /** A failure with a sentence for a person. */
  public StorageException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /**
   * Whether the same may work later, without anybody changing their mind: space comes back, an
   * error of the device goes by.
   */
  public boolean mayPass() {
    return kind == Kind.FULL || kind == Kind.IO;
  }

  /** Whether the process, or the system, has too many files open. */
  boolean isOutOfHandles() {
    return String.valueOf(getMessage()).contains("Too many open files");
  }

  static StorageException conflict(String message) {
    return new StorageException(Kind.CONFLICT, message, null);
  }

  /**
   * What the system said, sorted and put into a sentence. The JDK has no code for a full disk, only
   * the system's words.
   *
   * @param what was tried, such as {@code "can't write a/b"}; fit to be shown
   */
  public static StorageException of(String what, IOException e) {
    if (e instanceof StorageException sorted) {
      return sorted;
    }
    String said = words(e);
    String lower = said.toLowerCase(Locale.ROOT);
    Kind kind = Kind.IO;
    if (lower.contains("no space left")
        || lower.contains("quota exceeded")
        || lower.contains("not enough space")
        || lower.contains("out of disk space")) {
      kind = Kind.FULL;
    } else if (e instanceof AccessDeniedException || lower.contains("read-only file system")) {
      kind = Kind.DENIED;
    }
    return new StorageException(kind, what + ": " + said, e);
  }

  private static String words(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    } else if (e instanceof NoSuchFileException) {
      return "it is not there";
    }
    String said = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
    return said == null ? e.getClass().getSimpleName() : SafeText.of(said);
  }
}
