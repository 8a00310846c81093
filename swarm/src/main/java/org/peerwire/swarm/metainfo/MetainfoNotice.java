package org.peerwire.swarm.metainfo;

/** What was wrong with a torrent and put up with: worth a line to a person. */
public enum MetainfoNotice {
  /** Keys are not sorted or not unique; the info-hash is over the original bytes all the same. */
  NOT_CANONICAL,
  /** White space follows the torrent. */
  TRAILING_SPACE,
  /** Names were changed, to be safe or to tell files apart. */
  RENAMED,
  /** There are symbolic links, which are not created. */
  SYMLINKS_SKIPPED,
  /** Tracker addresses were left out: not http, https or udp, or too many. */
  TRACKERS_SKIPPED,
  /** v2: hashes of pieces are missing and have to come from peers. */
  PIECE_LAYERS_MISSING
}
