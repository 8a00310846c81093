package org.peerwire.mse;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/** Torrents in a hash table. Any thread may use it at any time. */
public final class TorrentTable implements Torrents {
  private final Map<ByteBuffer, InfoHash> byKey = new ConcurrentHashMap<>();

  /** A table without torrents. */
  public TorrentTable() {}

  /** Adds a torrent. Of one that has two info-hashes, add both. */
  public void add(InfoHash infoHash) {
    byKey.put(ByteBuffer.wrap(Torrents.key(infoHash)), infoHash);
  }

  /** Removes a torrent. */
  public void remove(InfoHash infoHash) {
    byKey.remove(ByteBuffer.wrap(Torrents.key(infoHash)));
  }

  @Override
  public @Nullable InfoHash find(byte[] key) {
    return byKey.get(ByteBuffer.wrap(key));
  }
}
