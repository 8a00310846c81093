package org.peerwire.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a transfer can't begin, or ended before its time. The message is one sentence for a person.
 */
public final class TransferException extends IOException {
  private static final long serialVersionUID = 1;

  /** What went wrong: a closed set. */
  public enum Reason {
    /** Nothing was gained for {@link TransferOptions#stallTimeout}. */
    STALLED,
    /** The disk, or the quota, is full. */
    STORAGE_FULL,
    /** A file or folder may not be read or written. */
    DENIED,
    /** A file or folder could not be read or written for another reason. */
    IO,
    /**
     * Something else has the place: another run in the same folder, a file that does not belong to
     * the torrent, or a link, folder or device where a file should be.
     */
    CONFLICT,
    /** Peers keep sending data with the wrong hash, and none is left that does not. */
    POISONED,
    /** No peer gave the metadata of a magnet link. */
    NO_METADATA,
    /** What is to be seeded is not what the torrent describes. */
    MISMATCH,
    /** The torrent lacks hashes of its pieces, so that nothing could be verified. */
    UNSUPPORTED,
    /** The two halves of a hybrid torrent have hashes of different data. */
    INCONSISTENT_HYBRID,
    /** {@link Transfer#stop} was called, or the client was closed. */
    STOPPED
  }

  private final Reason reason;

  /** A failure with a sentence for a person, and what lies beneath it. */
  public TransferException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A failure with a sentence for a person. */
  public TransferException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** What went wrong. */
  public Reason reason() {
    return reason;
  }
}
