package org.peerwire.client.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How the descriptors that the process may have open are shared out. What sockets took could not be
 * had for files, and a block that can't be read for want of one looks like a disk that fails; what
 * files took keeps peers out.
 *
 * @param files of a torrent that may be open at once
 * @param peers connections that may be
 * @param halfOpen of peers that dialled us and have not named a torrent
 * @param batch how many may be accepted at once, before any is looked at
 */
public record Descriptors(int files, int peers, int halfOpen, int batch) {
  /** What the virtual machine needs: its modules, our jars, selectors, folders. */
  static final int RESERVE = 32;

  private static final int MAX_FILES = 64;
  private static final int MAX_PEERS = 1 << 20;
  private static final int MAX_HALF_OPEN = 1_024;
  private static final int MAX_BATCH = 16;
  private static final String LINE = "Max open files";

  /** Where the limit can be read at no cost; elsewhere there is no such file. */
  private static final Path LIMITS = Path.of("/proc/self/limits");

  /** What this process may have; the virtual machine has raised that to what is allowed. */
  public static Descriptors ofProcess() {
    try {
      return share(limit(Files.readAllLines(LIMITS)));
    } catch (IOException e) {
      return share(Integer.MAX_VALUE);
    }
  }

  static Descriptors share(int limit) {
    int files = Math.max(4, Math.min(MAX_FILES, limit / 8));
    int sockets = Math.max(0, limit - RESERVE - files);
    int halfOpen = Math.max(2, Math.min(MAX_HALF_OPEN, sockets / 4));
    int batch = Math.min(MAX_BATCH, halfOpen);
    int peers = Math.max(2, Math.min(MAX_PEERS, sockets - halfOpen - batch));
    return new Descriptors(files, peers, halfOpen, batch);
  }

  /** Of lines such as {@code Max open files 1024 524288 files}, the first number. */
  static int limit(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith(LINE)) {
        String soft = line.substring(LINE.length()).strip().split("\\s+", 2)[0];
        return soft.matches("\\d{1,9}") ? Integer.parseInt(soft) : Integer.MAX_VALUE;
      }
    }
    return Integer.MAX_VALUE;
  }
}
