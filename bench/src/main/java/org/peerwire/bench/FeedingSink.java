package org.peerwire.bench;

import java.nio.ByteBuffer;
import org.peerwire.BlockRegion;
import org.peerwire.frame.OutputSink;
import org.peerwire.wire.PeerWire;

/** Says to a wire what another outbox held. */
record FeedingSink(PeerWire wire) implements OutputSink {
  @Override
  public void control(ByteBuffer bytes) {
    wire.transport().receive(bytes, 0);
  }

  @Override
  public void block(ByteBuffer block) {
    wire.transport().receive(block, 0);
  }

  @Override
  public void region(BlockRegion region, int offset, int length) {
    throw new IllegalStateException("there are no regions here");
  }
}
