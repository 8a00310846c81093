package org.peerwire.client;

import java.util.List;
import java.util.Optional;
import org.peerwire.Pieces;
import org.peerwire.swarm.tracker.TrackerStatus;

/**
 * How a transfer goes, at one instant. Immutable.
 *
 * @param phase what it does
 * @param pieces the pieces that are verified and written
 * @param piecesDone how many of the pieces to be fetched are
 * @param pieceCount how many pieces are to be fetched: all, unless files were selected
 * @param bytesChecked bytes of the data on disk that were looked at before the transfer began
 * @param bytesDone bytes of the {@code piecesDone}
 * @param bytesTotal bytes of all pieces to be fetched
 * @param downloaded bytes of blocks that came in this run, wasted ones included
 * @param uploaded bytes of blocks that were sent in this run
 * @param wasted bytes of blocks that came in this run and were of no use: repeated, late, or part
 *     of a piece with the wrong hash
 * @param downloadSpeed bytes a second, lately
 * @param uploadSpeed bytes a second, lately
 * @param peers the connected peers
 * @param trackers the trackers, in the order in which they are asked
 * @param obstacle why nothing moves, as one sentence; empty while something does, or nothing has to
 */
public record TransferStatus(
    Phase phase,
    Pieces pieces,
    int piecesDone,
    int pieceCount,
    long bytesChecked,
    long bytesDone,
    long bytesTotal,
    long downloaded,
    long uploaded,
    long wasted,
    double downloadSpeed,
    double uploadSpeed,
    List<PeerStatus> peers,
    List<TrackerStatus> trackers,
    Optional<String> obstacle) {

  /** What a transfer does. */
  public enum Phase {
    /** Looks at what is on disk. No peer is spoken to yet. */
    CHECKING,
    /** Fetches what is missing, and serves what is there. */
    DOWNLOADING,
    /** Has all that it is to have, and serves it. */
    SEEDING,
    /** Has ended: it was complete and not to be seeded, was stopped, or failed. */
    STOPPED
  }

  /** Whether every piece to be fetched is verified and written. */
  public boolean isComplete() {
    return piecesDone == pieceCount;
  }
}
