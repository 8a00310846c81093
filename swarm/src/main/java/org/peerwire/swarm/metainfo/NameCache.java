package org.peerwire.swarm.metainfo;

import org.jspecify.annotations.Nullable;

/**
 * Shares equal names. Folders repeat for every file in them, and a String takes many times the
 * bytes of a short name in a torrent. One place for each hash is enough for that, and takes the
 * same room whatever the torrent.
 */
final class NameCache {
  private static final int SIZE = 4_096;

  private final @Nullable String[] names = new @Nullable String[SIZE];

  /** A name equal to {@code name}, the same one as before if it is still known. */
  String share(String name) {
    int hash = name.hashCode();
    int at = (hash ^ hash >>> 12) & (SIZE - 1);
    String known = names[at];
    if (known != null && known.equals(name)) {
      return known;
    }
    names[at] = name;
    return name;
  }
}
