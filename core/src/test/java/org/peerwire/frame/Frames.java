package org.peerwire.frame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.peerwire.BlockRegion;

/** Messages to bytes, for tests. */
final class Frames {
  private Frames() {}

  static byte[] bytesOf(List<Message> messages) {
    Outbox outbox = new Outbox();
    FrameWriter writer = new FrameWriter(outbox);
    messages.forEach(message -> message.sayTo(writer));
    return drain(outbox, Long.MAX_VALUE);
  }

  /** Takes at most {@code round} bytes at a time, as a slow transport does. */
  static byte[] drain(Outbox outbox, long round) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputSink sink =
        new OutputSink() {
          @Override
          public void control(ByteBuffer part) {
            copy(part);
          }

          @Override
          public void block(ByteBuffer part) {
            copy(part);
          }

          @Override
          public void region(BlockRegion region, int offset, int length) {
            throw new AssertionError("nobody wrote a region");
          }

          private void copy(ByteBuffer part) {
            while (part.hasRemaining()) {
              bytes.write(part.get());
            }
          }
        };
    while (!outbox.isEmpty()) {
      outbox.drainTo(sink, round);
    }
    return bytes.toByteArray();
  }
}
