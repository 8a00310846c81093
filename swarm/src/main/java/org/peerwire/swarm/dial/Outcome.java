package org.peerwire.swarm.dial;

/** What came of a connection, or of the attempt to make one. */
public enum Outcome {
  /** It was of use: the next attempt need not wait long. */
  USEFUL,
  /** A peer of the torrent is there, and it was of no use this time. */
  USELESS,
  /** Nobody answered, or nobody of this torrent. */
  FAILED
}
