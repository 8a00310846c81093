package org.peerwire.client.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * A file that a torrent is made of.
 *
 * @param file where it is
 * @param path its names inside the torrent's folder; none if it is the torrent's only file
 * @param length in bytes, when it was looked at
 */
public record Content(Path file, List<String> path, long length) {}
