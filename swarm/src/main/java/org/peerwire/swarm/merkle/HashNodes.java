package org.peerwire.swarm.merkle;

import java.nio.ByteBuffer;

/** Nodes of a file's tree; not all of them need be known. */
interface HashNodes {
  /**
   * Appends a node to {@code target}.
   *
   * @param layer of a node that is known, or is padding
   * @param index from 0, below {@link TreeShape#fullWidth}
   */
  void put(int layer, long index, ByteBuffer target);
}
