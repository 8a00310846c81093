package org.peerwire.wire;

import java.nio.ByteBuffer;

/** Told once how a request ended. One callback may serve any number of requests. */
@FunctionalInterface
public interface BlockCallback {
  /**
   * The request for this block ended.
   *
   * @param outcome how
   * @param piece piece index, from 0
   * @param begin offset inside the piece, in bytes
   * @param block the block if {@code outcome} is {@link RequestOutcome#BLOCK}, else empty. A view
   *     of the transport's input, valid until this method returns and not to be written to; copy it
   *     to keep it
   */
  void ended(RequestOutcome outcome, int piece, int begin, ByteBuffer block);
}
