package org.peerwire.swarm;

import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.Pieces;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * One torrent over many wires: fetches what is missing and serves what is there. It does no I/O; its client does:
 *
 * <pre>
 *   a peer is known           {@link #addCandidate}; the swarm asks for it by {@link SwarmActions#connect}
 *   a connection stands       {@link #dialled} or {@link #accepted}; drive the wire that is returned
 *   a dial failed             {@link #dialFailed}
 *   before a transport call   {@link #time}
 *   a piece was hashed        {@link #verified}
 *   the storage failed        {@link #writeFailed}, {@link #readFailed}
 *   after any call            {@link #nanosUntilTick}
 *   that long passed          {@link #tick}; an early call does no harm
 * </pre>
 *
 * <p>{@code now} is the clock that the transports are given, in nanoseconds; it only grows. A swarm and all of its wires
 * belong to one thread at a time, and no two calls of them run at once. Nothing here throws for what a peer does.
 */
public final class Swarm {
  /**
   * A swarm without peers.
   *
   * @param infoHash the torrent
   * @param peerId our own name
   * @param layout how the torrent is cut
   * @param verified the pieces that are stored and verified already; copied
   * @param options limits and habits
   * @param actions what the swarm asks of its client
   * @param listener told how it goes
   * @param seed of every choice by chance: the same seed and the same calls give the same actions
   * @throws IllegalArgumentException if {@code verified} is of another number of pieces than the layout
   */
  public Swarm(
      InfoHash infoHash,
      PeerId peerId,
      PieceLayout layout,
      Pieces verified,
      SwarmOptions options,
      SwarmActions actions,
      SwarmListener listener,
      long seed) {
    throw new UnsupportedOperationException();
  }

  // ---------------------------------------------------------------- peers

  /**
   * A peer that may be connected to. It is dialled soon, in {@link #tick}.
   *
   * @param persistent whether it is dialled again and again, also while there is nothing to fetch, as one named by the user;
   *     any other one is given up after a few failures
   * @return whether it was taken: not if it is known already, banned, or too many are known
   */
  public boolean addCandidate(PeerAddress address, boolean persistent) {
    throw new UnsupportedOperationException();
  }

  /**
   * We connected to a peer, as {@link SwarmActions#connect} asked.
   *
   * @return a new wire, to be driven; our handshake waits in it. Null if the peer is not welcome any more: drop the connection
   */
  public @Nullable PeerWire dialled(PeerAddress address, long now) {
    throw new UnsupportedOperationException();
  }

  /**
   * We could not connect to a peer, as {@link SwarmActions#connect} asked.
   *
   * @param why one line for a person
   */
  public void dialFailed(PeerAddress address, String why, long now) {
    throw new UnsupportedOperationException();
  }

  /**
   * A peer connected to us.
   *
   * @return a new wire, to be driven. It says nothing until the peer has asked for this torrent. Null if there are too many
   *     peers or this one is banned: drop the connection
   */
  public @Nullable PeerWire accepted(PeerAddress address, long now) {
    throw new UnsupportedOperationException();
  }

  /**
   * As {@link #accepted}, for a client that makes the wire itself because it can't know the torrent before the peer has
   * named it: it passes every event of the wire on to what is returned, from {@link PeerListener#onInfoHash} on.
   */
  public @Nullable PeerListener listener(PeerAddress address, long now) {
    throw new UnsupportedOperationException();
  }

  // ---------------------------------------------------------------- storage

  /** As {@link #verified(int, boolean, BlockDigests, long)} without digests: blame is found more slowly. */
  public void verified(int piece, boolean ok, long now) {
    verified(piece, ok, null, now);
  }

  /**
   * The answer to {@link SwarmActions#verify}.
   *
   * @param piece piece index, from 0
   * @param ok whether the piece has the right hash and is stored. From now on it is announced, served and counted
   * @param digests of the piece as it was received, if it is wrong or they were asked for
   * @throws IllegalStateException if it was not asked for
   */
  public void verified(int piece, boolean ok, @Nullable BlockDigests digests, long now) {
    throw new UnsupportedOperationException();
  }

  /**
   * A block that was given to {@link SwarmActions#write}, or its piece, could not be stored. The piece is fetched again, and
   * nothing is requested for a while. It also answers {@link SwarmActions#verify}.
   *
   * @param message what went wrong, for a person
   */
  public void writeFailed(int piece, String message, long now) {
    throw new UnsupportedOperationException();
  }

  /**
   * A verified piece can't be read, or is not what it was. It is not served any more, and fetched again.
   *
   * @param message what went wrong, for a person
   */
  public void readFailed(int piece, String message, long now) {
    throw new UnsupportedOperationException();
  }

  // ---------------------------------------------------------------- time

  /** Tells the time, and does nothing else. Events of wires do not carry the time, so call it before their transports. */
  public void time(long now) {
    throw new UnsupportedOperationException();
  }

  /** Time has passed: dials, chokes and unchokes, asks for more. Does nothing if nothing is due. */
  public void tick(long now) {
    throw new UnsupportedOperationException();
  }

  /** In how many nanoseconds {@link #tick} is due: 0 for now, {@link Long#MAX_VALUE} for never. */
  public long nanosUntilTick(long now) {
    throw new UnsupportedOperationException();
  }

  // ---------------------------------------------------------------- state

  /** The pieces that are verified and stored; a view that changes. */
  public Pieces verified() {
    throw new UnsupportedOperationException();
  }

  /** Whether every piece is verified and stored. */
  public boolean isComplete() {
    return verified().isFull() || verified().size() == 0;
  }

  /** Everything at once, as values. */
  public SwarmStatus status(long now) {
    throw new UnsupportedOperationException();
  }

  /** Closes every wire and dials no more; drive the wires until they have ended. Later calls do nothing. */
  public void close() {
    throw new UnsupportedOperationException();
  }
}
