package org.peerwire.mse;

import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/**
 * The torrents that may be asked for by those who connect to us. They name one only by a hash of
 * its info-hash, so that nobody learns from it what they ask for who does not know it already.
 *
 * @see TorrentTable
 */
@FunctionalInterface
public interface Torrents {
  /** None. */
  Torrents NONE = key -> null;

  /**
   * Finds a torrent, in a time that does not grow with their number: anyone can make us search.
   *
   * @param key 20 bytes, {@link #key} of the info-hash that is meant; not kept
   * @return the torrent's info-hash, or null if there is none
   */
  @Nullable InfoHash find(byte[] key);

  /** The SHA-1 of {@code "req2"} and the info-hash: 20 bytes. */
  static byte[] key(InfoHash infoHash) {
    return Secret.req2(infoHash);
  }
}
