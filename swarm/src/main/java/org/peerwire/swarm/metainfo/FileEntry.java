package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One file of a torrent. Immutable. */
public final class FileEntry {
  private final int index;
  private final List<String> path;
  private final long length;
  private final long offset;
  private final FileAttributes attributes;
  private final List<String> symlinkTarget;
  private final @Nullable ByteBuffer piecesRoot;

  FileEntry(int index, FileDraft draft, List<String> path) {
    this.index = index;
    this.path = List.copyOf(path);
    this.length = draft.length;
    this.offset = draft.offset;
    this.attributes = draft.attributes;
    this.symlinkTarget = draft.symlinkTarget;
    this.piecesRoot = draft.piecesRoot;
  }

  /** The place in {@link Metainfo#files()}, from 0. */
  public int index() {
    return index;
  }

  /**
   * Where the file belongs, relative to the output folder: one or more names, the torrent's own
   * first. Each is safe as an element of a path, and no two files that are written share a path,
   * not even where case or Unicode normal form do not count.
   */
  public List<String> path() {
    return path;
  }

  /** The path with slashes, for a person; it needs no escaping. */
  public String pathText() {
    return String.join("/", path);
  }

  /** The length, in bytes, 0 or more. */
  public long length() {
    return length;
  }

  /** Where the file starts among the torrent's bytes, 0 or more. */
  public long offset() {
    return offset;
  }

  /** Where the file ends among the torrent's bytes, exclusively. */
  public long end() {
    return offset + length;
  }

  /**
   * Whether the file goes to disk. Pad files do not, they are zeros; symbolic links do not, as what
   * they point to is a stranger's choice.
   */
  public boolean isWritten() {
    return !isPad() && !isSymlink();
  }

  /** Whether this is only padding: zeros that are hashed and never written. */
  public boolean isPad() {
    return attributes.pad();
  }

  /** Whether this is a symbolic link. Its length is 0. */
  public boolean isSymlink() {
    return attributes.symlink();
  }

  /** Whether the file is meant to be executable. */
  public boolean isExecutable() {
    return attributes.executable();
  }

  /** Whether the file is meant to be hidden. */
  public boolean isHidden() {
    return attributes.hidden();
  }

  /**
   * What a symbolic link points to, as the torrent says: not checked, not safe as a path; empty for
   * other files.
   */
  public List<String> symlinkTarget() {
    return symlinkTarget;
  }

  /**
   * v2: the 32-byte root of the file's hash tree, a read-only view; absent in v1 torrents and for
   * empty files.
   */
  public Optional<ByteBuffer> piecesRoot() {
    return Optional.ofNullable(piecesRoot).map(ByteBuffer::duplicate);
  }

  @Override
  public String toString() {
    return pathText() + " (" + length + " bytes at " + offset + ")";
  }
}
