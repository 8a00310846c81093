package org.peerwire.cli;

/** What the tool's exit codes mean; scripts rely on them. */
final class ExitCode {
  /** Done. */
  static final int DONE = 0;

  /** Not done: incomplete, no handshake, data that does not match. */
  static final int NOT_DONE = 1;

  /** Wrong usage. */
  static final int USAGE = 2;

  /** The torrent, magnet link or info-hash is not valid. */
  static final int NOT_VALID = 3;

  /** A local error of input or output: disk full, no permission. */
  static final int LOCAL = 4;

  /** Ended by SIGINT, as shells count it; the JVM itself says 143 for SIGTERM. */
  static final int INTERRUPTED = 130;

  /** Nobody reads standard output any more: what shells say of a program that SIGPIPE ended. */
  static final int BROKEN_PIPE = 141;

  private ExitCode() {}
}
