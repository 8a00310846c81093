package org.peerwire.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.peerwire.Pieces;
import org.peerwire.swarm.metainfo.Metainfo;

/** Compares data on disk with a torrent. Nothing is written. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class DataCheck {
  private DataCheck() {}

  /**
   * What was found.
   *
   * @param verified the pieces whose bytes are there and have the right hash
   * @param bytesVerified bytes of those pieces
   * @param bytesTotal bytes of all pieces
   * @param files what was found of each file that belongs on disk, in the order of the torrent
   */
  public record Result(
      Pieces verified, long bytesVerified, long bytesTotal, List<FileCheck> files) {
    /** Whether every piece is right and every file has the right length. */
    public boolean isComplete() {
      return verified.isFull() && problems().isEmpty();
    }

    /** The files that are not as they should be. */
    public List<FileCheck> problems() {
      return files.stream().filter(file -> file.state() != FileCheck.State.OK).toList();
    }
  }

  /**
   * Checks all data, with a thread for each core. Blocks until that is done.
   *
   * @param folder holds the content under the torrent's name
   * @param progress called by this thread
   * @throws TransferException if the folder can't be looked at, or the torrent has no v1 hashes
   * @throws java.io.InterruptedIOException if the thread was interrupted
   */
  public static Result verify(Metainfo torrent, Path folder, Progress progress) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }
}
