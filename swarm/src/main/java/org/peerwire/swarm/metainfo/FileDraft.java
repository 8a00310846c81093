package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file while its torrent is being parsed: as the torrent has it, then with its offset. */
final class FileDraft {
  /** As in the torrent: not safe. */
  final List<String> rawPath;

  final long length;
  final FileAttributes attributes;
  final List<String> symlinkTarget;
  @Nullable ByteBuffer piecesRoot;
  long offset;

  FileDraft(
      List<String> rawPath,
      long length,
      FileAttributes attributes,
      List<String> symlinkTarget,
      @Nullable ByteBuffer piecesRoot) {
    this.rawPath = rawPath;
    this.length = length;
    this.attributes = attributes;
    this.symlinkTarget = symlinkTarget;
    this.piecesRoot = piecesRoot;
  }

  boolean isWritten() {
    return !attributes.pad() && !attributes.symlink();
  }
}
