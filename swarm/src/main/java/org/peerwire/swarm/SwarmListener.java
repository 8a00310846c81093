package org.peerwire.swarm;

import org.peerwire.Handshake;
import org.peerwire.PeerAddress;

/**
 * What a person or a program may want to know about a swarm as it happens. Called by the thread
 * that drives the swarm. A method must not call the swarm, but for its state and {@link
 * Swarm#status}.
 */
public interface SwarmListener {
  /** Listens to nothing. */
  SwarmListener NONE = new SwarmListener() {};

  /**
   * A piece was fetched and is verified and stored.
   *
   * @param piece piece index, from 0
   */
  default void onPiece(int piece) {}

  /**
   * Every wanted piece is verified and stored; raised once, after the last {@link #onPiece}, and
   * not for what was so at the start.
   */
  default void onComplete() {}

  /**
   * A piece that was fetched is wrong, and is fetched again.
   *
   * @param piece piece index, from 0
   * @param sources how many peers its blocks came from; if one, that peer is banned
   */
  default void onCorruptPiece(int piece, int sources) {}

  /** A peer has shaken hands and is part of the swarm. */
  default void onPeer(PeerAddress address, Handshake handshake) {}

  /**
   * A peer is gone, or could not be reached.
   *
   * @param downloaded bytes of blocks that came over this connection
   * @param uploaded bytes of blocks that went over it
   * @param why one line for a person
   */
  default void onPeerGone(PeerAddress address, long downloaded, long uploaded, String why) {}

  /**
   * A peer was banned, as it is proved that it sent corrupt data.
   *
   * @param why one line for a person
   */
  default void onBan(PeerAddress address, String why) {}

  /** A peer does not serve what it lets us request; it gets one request at a time until it does. */
  default void onSnub(PeerAddress address) {}

  /** A peer took more than twice the torrent while it claims to have nothing; it is served last. */
  default void onOverdownload(PeerAddress address) {}

  /**
   * One piece was wrong from three peers in a row, each of which sent all of it: the swarm is
   * poisoned, or the torrent is.
   */
  default void onPoisoned(int piece) {}

  /**
   * The storage failed.
   *
   * @param piece piece index, from 0
   * @param message what it said
   */
  default void onStorageFailed(int piece, String message) {}
}
