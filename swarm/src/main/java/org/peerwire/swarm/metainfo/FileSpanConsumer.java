package org.peerwire.swarm.metainfo;

/**
 * Takes the runs of bytes that a block consists of.
 *
 * @param <X> what may go wrong
 */
@FunctionalInterface
public interface FileSpanConsumer<X extends Exception> {
  /**
   * One run, in the order of the torrent.
   *
   * @param file the file, a pad file among them
   * @param offset where the run starts in the file, in bytes
   * @param from where the run starts in the block, in bytes
   * @param length the length of the run, in bytes, 1 or more
   * @throws X if it cannot be dealt with, which ends the walk
   */
  void span(FileEntry file, long offset, int from, int length) throws X;
}
