package org.peerwire.swarm;

/** One block that is asked of one peer and has not come. */
final class Request {
  final PeerState peer;
  final PieceProgress piece;
  final int block;

  /**
   * The peer does not answer: the block may be asked of others as if this were not. It is still
   * taken if it comes.
   */
  boolean stale;

  /** It was made while another peer may already have been sending the block. */
  boolean race;

  Request(PeerState peer, PieceProgress piece, int block) {
    this.peer = peer;
    this.piece = piece;
    this.block = block;
  }
}
