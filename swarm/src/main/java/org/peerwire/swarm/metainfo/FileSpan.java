package org.peerwire.swarm.metainfo;

/**
 * A run of bytes inside one file.
 *
 * @param file the file
 * @param offset where the run starts in the file, in bytes, 0 or more
 * @param length its length, in bytes, 1 or more
 */
public record FileSpan(FileEntry file, long offset, int length) {}
