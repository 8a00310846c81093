package org.peerwire.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.peerwire.BlockRegion;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Message;
import org.peerwire.frame.Outbox;
import org.peerwire.frame.OutputSink;

/** Bytes as one writes them down in a test. */
public final class WireBytes {
  private WireBytes() {}

  /**
   * Hexadecimal digits with remarks:
   *
   * <pre>
   *   13 "BitTorrent protocol"    # text between quotes is ASCII
   *   00000000 00100005           # white space is ignored, and what stands behind a #
   * </pre>
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static byte[] hex(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int high = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = Character.digit(c, 16);
      if (digit >= 0) {
        if (high >= 0) {
          bytes.write(high << 4 | digit);
        }
        high = high >= 0 ? -1 : digit;
      } else if (c == '#') {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else if (c == '"') {
        int end = text.indexOf('"', i + 1);
        if (end < 0) {
          throw new IllegalArgumentException("a quote is open: " + text.substring(i));
        }
        bytes.writeBytes(text.substring(i + 1, end).getBytes(StandardCharsets.ISO_8859_1));
        i = end;
      } else if (!Character.isWhitespace(c)) {
        throw new IllegalArgumentException("'" + c + "' at " + i + " of " + text);
      }
    }
    if (high >= 0) {
      throw new IllegalArgumentException("half a byte too much: " + text);
    }
    return bytes.toByteArray();
  }

  /** The bytes of messages, one after the other. */
  public static byte[] of(Message... messages) {
    Outbox outbox = new Outbox();
    FrameWriter writer = new FrameWriter(outbox);
    for (Message message : messages) {
      message.sayTo(writer);
    }
    Collector collector = new Collector();
    outbox.drainTo(collector, Long.MAX_VALUE);
    return collector.take();
  }

  /**
   * An {@link OutputSink} that copies all it is given and releases regions, as a transport would.
   */
  static final class Collector implements OutputSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void control(ByteBuffer control) {
      add(control);
    }

    @Override
    public void block(ByteBuffer block) {
      add(block);
    }

    @Override
    public void region(BlockRegion region, int offset, int length) {
      ByteBuffer target = ByteBuffer.allocate(length);
      try {
        region.read(offset, target);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      add(target.flip());
      if (offset + length == region.length()) {
        region.release();
      }
    }

    private void add(ByteBuffer part) {
      byte[] copy = new byte[part.remaining()];
      part.get(copy);
      bytes.writeBytes(copy);
    }

    byte[] take() {
      byte[] all = bytes.toByteArray();
      bytes.reset();
      return all;
    }
  }
}
