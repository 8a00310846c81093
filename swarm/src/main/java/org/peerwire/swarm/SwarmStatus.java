package org.peerwire.swarm;

import java.util.List;

/**
 * A swarm at one moment: values, nothing that changes.
 *
 * @param pieces how many of the wanted pieces are verified and stored
 * @param pieceCount how many pieces are wanted: all, unless {@link SwarmOptions.Builder#wanted} was
 *     called
 * @param bytes how many bytes the wanted pieces have that are verified
 * @param totalBytes how many all wanted pieces have
 * @param downloaded bytes of blocks that came from all peers so far, also those of no use
 * @param uploaded bytes of blocks that went to all peers so far
 * @param wasted bytes of blocks that came and were of no use: late, twice, or of a piece that was
 *     fetched again
 * @param corrupt bytes of the pieces that came and were wrong; they are not among {@code wasted}
 * @param fetched bytes of the pieces that were fetched and verified since the start
 * @param downloadSpeed bytes a second, lately
 * @param uploadSpeed bytes a second, lately
 * @param stall why nothing moves, if so
 * @param why the same as one line for a person, with figures
 * @param peers those that are connected
 * @param candidates how many addresses are known, connected or not
 * @param banned how many are banned
 */
public record SwarmStatus(
    int pieces,
    int pieceCount,
    long bytes,
    long totalBytes,
    long downloaded,
    long uploaded,
    long wasted,
    long corrupt,
    long fetched,
    double downloadSpeed,
    double uploadSpeed,
    Stall stall,
    String why,
    List<PeerStatus> peers,
    int candidates,
    int banned) {
  /** A snapshot; the list is copied. */
  public SwarmStatus {
    peers = List.copyOf(peers);
  }

  /** Whether every wanted piece is verified and stored. */
  public boolean isComplete() {
    return pieces == pieceCount;
  }
}
