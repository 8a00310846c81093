package org.peerwire.swarm.metainfo;

/** Which hashes a torrent has. */
public enum MetaVersion {
  /** SHA-1 of pieces (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>). */
  V1,
  /**
   * SHA-256 trees of files (<a href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>).
   */
  V2,
  /** Both, over the same files. */
  HYBRID;

  /** Whether pieces have SHA-1 hashes. */
  public boolean hasV1() {
    return this != V2;
  }

  /** Whether files have SHA-256 trees. */
  public boolean hasV2() {
    return this != V1;
  }
}
