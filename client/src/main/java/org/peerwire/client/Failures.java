package org.peerwire.client;

import org.peerwire.Pieces;
import org.peerwire.client.storage.StorageException;
import org.peerwire.swarm.metainfo.Metainfo;

/** What storage says, as the client tells it. */
final class Failures {
  private Failures() {}

  static TransferException told(StorageException e) {
    TransferException.Reason reason =
        switch (e.kind()) {
          case FULL -> TransferException.Reason.STORAGE_FULL;
          case DENIED -> TransferException.Reason.DENIED;
          case CONFLICT -> TransferException.Reason.CONFLICT;
          case IO -> TransferException.Reason.IO;
        };
    return new TransferException(reason, String.valueOf(e.getMessage()), e);
  }

  static void checkSupported(Metainfo torrent) throws TransferException {
    if (!torrent.version().hasV1() && !torrent.missingLayers().isEmpty()) {
      throw new TransferException(
          TransferException.Reason.UNSUPPORTED,
          "the torrent lacks the hashes of its pieces; 'get' and 'metadata' ask peers for them");
    }
  }

  /** No data can be right by both halves of a hybrid torrent. */
  static TransferException inconsistent(Metainfo torrent) {
    return new TransferException(
        TransferException.Reason.INCONSISTENT_HYBRID,
        "the v1 and the v2 hashes of "
            + torrent.name()
            + " are of different data; no peer is to blame");
  }

  /** How many bytes those pieces have. */
  static long bytesOf(Metainfo torrent, Pieces pieces) {
    long bytes = 0;
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      bytes += torrent.pieceMap().dataSize(piece);
    }
    return bytes;
  }
}
