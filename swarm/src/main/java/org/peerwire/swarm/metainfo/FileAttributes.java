package org.peerwire.swarm.metainfo;

import org.jspecify.annotations.Nullable;

/**
 * The letters of {@code attr} (<a href="https://www.bittorrent.org/beps/bep_0047.html">BEP 47</a>).
 */
record FileAttributes(boolean pad, boolean symlink, boolean executable, boolean hidden) {
  static final FileAttributes NONE = new FileAttributes(false, false, false, false);

  static FileAttributes parse(@Nullable String attr) {
    if (attr == null) {
      return NONE;
    }
    return new FileAttributes(
        attr.indexOf('p') >= 0,
        attr.indexOf('l') >= 0,
        attr.indexOf('x') >= 0,
        attr.indexOf('h') >= 0);
  }
}
