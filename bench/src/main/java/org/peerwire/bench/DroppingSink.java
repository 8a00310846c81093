package org.peerwire.bench;

import java.nio.ByteBuffer;
import org.peerwire.BlockRegion;
import org.peerwire.frame.OutputSink;

/** Takes what a wire sends, and forgets it. */
enum DroppingSink implements OutputSink {
  INSTANCE;

  @Override
  public void control(ByteBuffer bytes) {}

  @Override
  public void block(ByteBuffer block) {}

  @Override
  public void region(BlockRegion region, int offset, int length) {
    if (offset + length == region.length()) {
      region.release();
    }
  }
}
