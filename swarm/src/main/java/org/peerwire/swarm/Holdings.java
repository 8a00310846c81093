package org.peerwire.swarm;

import org.peerwire.PieceSet;
import org.peerwire.Pieces;

/**
 * Who has which piece, as far as it is believed: the picker counts how rare each is, and each peer
 * how many of those that are missing it could give.
 */
final class Holdings {
  private final Picker picker;
  private final PieceSet missing;

  /** None; {@code missing} stays the caller's. */
  Holdings(Picker picker, PieceSet missing) {
    this.picker = picker;
    this.missing = missing;
  }

  /** A peer has these, and no others. */
  void set(PeerState peer, Pieces pieces) {
    forget(peer);
    if (pieces.isFull()) {
      // Whoever has all of them makes none rarer than another: they are not counted.
      peer.has.addAll();
      peer.countedAsSeed = true;
      peer.useful = missing.count();
      return;
    }
    peer.countedAsSeed = false;
    peer.useful = 0;
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      add(peer, piece);
    }
  }

  void add(PeerState peer, int piece) {
    if (peer.has.add(piece)) {
      picker.increment(piece);
      peer.useful += missing.contains(piece) ? 1 : 0;
    }
  }

  /** A peer has a piece no more. Returns whether it had it. */
  boolean remove(PeerState peer, int piece) {
    if (!peer.has.contains(piece)) {
      return false;
    }
    if (peer.countedAsSeed) {
      peer.countedAsSeed = false;
      for (int each = 0; each < missing.size(); each++) {
        picker.increment(each);
      }
    }
    peer.has.remove(piece);
    if (!peer.doubts.settled(piece)) {
      picker.decrement(piece);
    }
    peer.useful -= missing.contains(piece) ? 1 : 0;
    return true;
  }

  /** A peer did not give in time what it says it has. */
  void doubt(PeerState peer, int piece) {
    if (!peer.countedAsSeed && peer.has.contains(piece) && peer.doubts.timedOut(piece)) {
      picker.decrement(piece);
    }
  }

  /** A peer gave a block of what it says it has. */
  void trust(PeerState peer, int piece) {
    if (peer.doubts.settled(piece)) {
      picker.increment(piece);
    }
  }

  /** What a peer has counts no more. */
  void forget(PeerState peer) {
    if (!peer.countedAsSeed) {
      for (int piece = peer.has.next(0); piece >= 0; piece = peer.has.next(piece + 1)) {
        if (!peer.doubts.contains(piece)) {
          picker.decrement(piece);
        }
      }
    }
    peer.doubts.clear();
    peer.has.clear();
  }

  /** We have a piece that was missing. Its place in {@code missing} is the caller's. */
  void gained(Iterable<PeerState> peers, int piece) {
    for (PeerState peer : peers) {
      peer.useful -= peer.has.contains(piece) ? 1 : 0;
    }
  }

  /** A piece that we had is missing again. */
  void lost(Iterable<PeerState> peers, int piece) {
    for (PeerState peer : peers) {
      peer.useful += peer.has.contains(piece) ? 1 : 0;
    }
  }
}
