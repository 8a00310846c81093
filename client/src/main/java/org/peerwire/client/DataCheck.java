package org.peerwire.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.client.storage.PieceCheck;
import org.peerwire.client.storage.StorageException;
import org.peerwire.client.storage.Store;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.PieceMap;

/** Compares data on disk with a torrent. Nothing is written. */
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
   * @throws TransferException if the folder can't be looked at, or the torrent lacks hashes of its
   *     pieces, or is a hybrid whose halves contradict each other
   * @throws java.io.InterruptedIOException if the thread was interrupted
   */
  public static Result verify(Metainfo torrent, Path folder, Progress progress) throws IOException {
    Failures.checkSupported(torrent);
    try (Store store = Store.toRead(torrent, folder)) {
      PieceCheck check = new PieceCheck(store, (piece, right) -> {});
      check.look();
      Workers.run(check::work, check::stop, check::bytesLooked, torrent.totalLength(), progress);
      StorageException failure = check.failure();
      if (failure != null) {
        throw failure;
      }
      if (check.isInconsistent()) {
        throw Failures.inconsistent(torrent);
      }
      PieceSet verified = check.verified();
      List<FileCheck> files = new ArrayList<>();
      for (FileEntry file : torrent.files()) {
        if (file.isWritten()) {
          files.add(new FileCheck(file, stateOf(torrent, check, file), check.length(file)));
        }
      }
      return new Result(
          verified, Failures.bytesOf(torrent, verified), torrent.totalLength(), List.copyOf(files));
    } catch (StorageException e) {
      throw Failures.told(e);
    }
  }

  private static FileCheck.State stateOf(Metainfo torrent, PieceCheck check, FileEntry file) {
    return switch (check.found(file)) {
      case NOTHING -> FileCheck.State.MISSING;
      case OTHER -> FileCheck.State.NOT_A_FILE;
      case UNREADABLE -> FileCheck.State.UNREADABLE;
      case FILE -> stateOfContent(torrent, check, file);
    };
  }

  private static FileCheck.State stateOfContent(
      Metainfo torrent, PieceCheck check, FileEntry file) {
    long length = check.length(file);
    if (length < file.length()) {
      return FileCheck.State.SHORT;
    }
    if (file.length() > 0) {
      PieceMap map = torrent.pieceMap();
      for (int piece = map.firstPiece(file); piece <= map.lastPiece(file); piece++) {
        if (!check.verified().contains(piece)) {
          return FileCheck.State.CORRUPT;
        }
      }
    }
    return length > file.length() ? FileCheck.State.LONG : FileCheck.State.OK;
  }
}
