package org.peerwire.cli;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;
import org.peerwire.client.TransferException;
import org.peerwire.swarm.metainfo.MetainfoException;

/** Why a command did not do what it was asked: an exit code and one line for a person. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;
  private boolean told;

  Failure(int exitCode, String message) {
    this(exitCode, message, null);
  }

  Failure(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message);
  }

  static Failure notDone(String message) {
    return new Failure(ExitCode.NOT_DONE, message);
  }

  /** What was read is no torrent or magnet link. */
  static Failure notValid(String what, MetainfoException e) {
    return new Failure(ExitCode.NOT_VALID, what + ": " + e.getMessage(), e);
  }

  /** The disk, or a port of this machine. */
  static Failure local(IOException e) {
    if (e instanceof TransferException transfer) {
      return of(transfer);
    }
    return new Failure(ExitCode.LOCAL, describe(e), e);
  }

  private static Failure of(TransferException e) {
    int code =
        switch (e.reason()) {
          case STALLED, POISONED, MISMATCH, NO_METADATA -> ExitCode.NOT_DONE;
          case STORAGE_FULL, DENIED, IO, CONFLICT -> ExitCode.LOCAL;
          case UNSUPPORTED, INCONSISTENT_HYBRID -> ExitCode.NOT_VALID;
          case STOPPED -> ExitCode.INTERRUPTED;
        };
    return new Failure(code, describe(e), e);
  }

  private static String describe(IOException e) {
    String said = said(e);
    return said.contains("Too many open files")
        ? said + "; 'ulimit -n' tells how many this process may have, and allows more"
        : said;
  }

  /** The JDK's messages are often a path alone. */
  private static String said(IOException e) {
    if (e instanceof FileSystemException file && file.getFile() != null) {
      if (e instanceof NoSuchFileException) {
        return file.getFile() + ": there is no such file";
      }
      if (e instanceof AccessDeniedException) {
        return file.getFile() + ": permission denied";
      }
      if (e instanceof NotDirectoryException) {
        return file.getFile() + ": not a folder";
      }
      String reason = file.getReason();
      return file.getFile() + ": " + (reason == null ? e.getClass().getSimpleName() : reason);
    }
    String message = e.getMessage();
    if (e.getCause() instanceof BindException) {
      return message + "; name another with --listen, or port 0 for any that is free";
    }
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  /** The JSON on standard output says it already. */
  Failure told() {
    told = true;
    return this;
  }

  boolean isTold() {
    return told;
  }

  int exitCode() {
    return exitCode;
  }

  /** The line for a person. */
  String line() {
    String message = getMessage();
    return message == null ? "failed" : message;
  }
}
