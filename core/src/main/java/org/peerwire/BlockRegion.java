package org.peerwire;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A block that does not lie in memory, such as a part of a file. The wire only passes it on; a
 * transport that knows the kind sends it without a copy (sendfile), any other one reads it.
 *
 * <p>A region handed to the wire is released exactly once: after it was sent, or when it never will
 * be.
 */
public interface BlockRegion {
  /** In bytes; it never changes. */
  int length();

  /**
   * Fills {@code target} with the bytes from {@code offset} on.
   *
   * @param offset from 0, in bytes
   * @param target has at most {@code length() - offset} bytes remaining, and none when this returns
   * @throws IOException if they can't be read; the peer was promised them, so the connection ends
   */
  void read(int offset, ByteBuffer target) throws IOException;

  /** The wire and its transport are done with the region. */
  default void release() {}
}
