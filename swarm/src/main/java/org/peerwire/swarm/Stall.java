package org.peerwire.swarm;

/** Why nothing moves, or that it does. */
public enum Stall {
  /** Blocks are on their way. */
  NONE("blocks are on their way"),
  /** There is nothing left to fetch. */
  COMPLETE("every piece is here"),
  /** The storage failed; it is tried again from time to time. */
  STORAGE("the storage failed"),
  /** Nothing is known to be missing but what may turn out so while the disk is read. */
  CHECKING("what is on disk is being checked"),
  /** Everything asked for has come and is being stored and checked. */
  VERIFYING("waiting for the disk: pieces are being stored and checked"),
  /** Every known peer was banned for corrupt data. */
  POISONED("every peer sent corrupt data"),
  /** No peer is known. */
  NO_PEERS("no peer is known"),
  /** Peers are known, but none is connected. */
  NOT_CONNECTED("no peer has answered"),
  /** No connected peer has any piece that is missing. */
  NO_SOURCE("no connected peer has a missing piece"),
  /** The peers that have missing pieces choke us. */
  CHOKED("every peer that has a missing piece chokes us"),
  /** Requests are pending, and not answered in time. */
  TIMING_OUT("the peers do not answer requests in time"),
  /** The swarm was closed. */
  CLOSED("the swarm was closed");

  private final String sentence;

  Stall(String sentence) {
    this.sentence = sentence;
  }

  /** In a few words, for a person. */
  public String sentence() {
    return sentence;
  }
}
