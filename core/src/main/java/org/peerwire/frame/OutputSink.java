package org.peerwire.frame;

import java.nio.ByteBuffer;
import org.peerwire.BlockRegion;

/** Takes what leaves a wire, each byte once and in order. */
public interface OutputSink {
  /**
   * Messages and the headers of blocks.
   *
   * @param bytes the wire's own memory, used again after this returns: take all of it now
   */
  void control(ByteBuffer bytes);

  /**
   * A block, or the next part of one.
   *
   * @param block what the application handed to the wire. From now on it is the sink's, which may
   *     keep it until it is sent; its content must not be changed
   */
  void block(ByteBuffer block);

  /**
   * The next part of a block that does not lie in memory. Whoever takes the part that ends the
   * region releases the region when that part is sent, or never will be.
   *
   * @param offset inside the region, in bytes
   * @param length in bytes, from 1
   */
  void region(BlockRegion region, int offset, int length);
}
