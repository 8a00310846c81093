package org.peerwire.client;

import org.peerwire.swarm.metainfo.FileEntry;

/**
 * What was found of one file of a torrent.
 *
 * @param file which
 * @param state what is the matter with it
 * @param found its length on disk, in bytes; 0 if it is not there
 */
public record FileCheck(FileEntry file, State state, long found) {
  /** What may be the matter with a file. */
  public enum State {
    /** All pieces that it has part in are right, and so is its length. */
    OK,
    /** It is not there. */
    MISSING,
    /** It is shorter than it should be. */
    SHORT,
    /** It has more bytes than it should; those that it should have are right. */
    LONG,
    /**
     * Its length is right, and a piece that it has part in is not; the fault may lie in a
     * neighbour.
     */
    CORRUPT,
    /**
     * A folder, a symbolic link or a device stands in its place, or in that of one of its folders.
     */
    NOT_A_FILE,
    /** It can't be read. */
    UNREADABLE
  }
}
