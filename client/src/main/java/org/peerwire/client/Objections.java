package org.peerwire.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.Pieces;
import org.peerwire.client.storage.PieceCheck;
import org.peerwire.client.storage.StorageException;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.Metainfo;

/** Why a transfer may not go on with what lies in its place. */
final class Objections {
  private final Metainfo torrent;
  private final PieceCheck check;

  Objections(Metainfo torrent, PieceCheck check) {
    this.torrent = torrent;
    this.check = check;
  }

  /**
   * To a download.
   *
   * @param overwrite whether files may be there of which nothing is right
   */
  @Nullable TransferException toFetch(Pieces verified, boolean overwrite) {
    StorageException failure = check.failure();
    if (failure != null) {
      return Failures.told(failure);
    }
    boolean strange = false;
    for (FileEntry file : torrent.files()) {
      PieceCheck.Found found = check.found(file);
      if (found == PieceCheck.Found.OTHER) {
        return new TransferException(
            TransferException.Reason.CONFLICT,
            file.pathText() + " is in the way: it, or a folder of it, is a link or not a file");
      } else if (found == PieceCheck.Found.UNREADABLE) {
        return new TransferException(
            TransferException.Reason.DENIED, file.pathText() + " can't be read");
      }
      strange |= file.isWritten() && check.length(file) > 0;
    }
    if (strange && verified.isEmpty() && !overwrite) {
      return new TransferException(
          TransferException.Reason.CONFLICT,
          "there are files named as in "
              + torrent.name()
              + ", and nothing in them belongs to this torrent; they are overwritten only if asked to");
    }
    return null;
  }

  /** To seeding it. */
  @Nullable TransferException toServe(Pieces verified) {
    StorageException failure = check.failure();
    if (failure != null) {
      return Failures.told(failure);
    }
    if (verified.isFull()) {
      return null;
    }
    int wrong = torrent.pieceCount() - verified.count();
    List<String> missing = new ArrayList<>();
    for (FileEntry file : torrent.files()) {
      if (file.isWritten() && file.length() > 0 && check.found(file) == PieceCheck.Found.NOTHING) {
        missing.add(file.pathText());
      }
    }
    String why =
        missing.isEmpty()
            ? ""
            : "; missing: "
                + missing.get(0)
                + (missing.size() > 1 ? " and " + (missing.size() - 1) + " more files" : "");
    return new TransferException(
        TransferException.Reason.MISMATCH,
        "the data is not what the torrent describes: "
            + wrong
            + " of "
            + torrent.pieceCount()
            + " pieces are wrong or missing"
            + why);
  }
}
