package org.peerwire.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;
import org.peerwire.frame.OutputSink;

/** The deterministic streams that everything here reads and writes. */
public enum Streams {
  /** Blocks of 16 KiB. */
  PIECE(64) {
    @Override
    void say(FrameWriter writer, int i) {
      piece(writer, i);
    }
  },
  /** Have, request, cancel. */
  SMALL(6000) {
    @Override
    void say(FrameWriter writer, int i) {
      switch (i % 3) {
        case 0 -> writer.have(i % PIECES);
        case 1 -> writer.request(i % PIECES, 0, Block.LENGTH);
        default -> writer.cancel((i - 1) % PIECES, 0, Block.LENGTH);
      }
    }
  },
  /** For each block a request, now and then a have, a keep-alive, an extended message. */
  MIXED(128) {
    @Override
    void say(FrameWriter writer, int i) {
      if (i % 2 == 0) {
        writer.request(i % PIECES, Block.LENGTH, Block.LENGTH);
      } else {
        piece(writer, i);
      }
      if (i % 8 == 0) {
        writer.have(i % PIECES);
      }
      if (i % 32 == 0) {
        writer.keepAlive();
        writer.extended(1, ByteBuffer.allocate(60));
      }
    }
  };

  /** How many pieces the torrent has that all of them speak of. */
  public static final int PIECES = 10_000;

  private static final ByteBuffer BLOCK = ByteBuffer.allocate(Block.LENGTH);

  private final int rounds;

  Streams(int rounds) {
    this.rounds = rounds;
  }

  abstract void say(FrameWriter writer, int i);

  static void piece(FrameWriter writer, int i) {
    writer.piece(i % PIECES, 0, Block.LENGTH);
    writer.bytes(BLOCK.duplicate());
  }

  /** Says the whole stream once. Returns how many rounds of messages that were. */
  int sayTo(FrameWriter writer) {
    for (int i = 0; i < rounds; i++) {
      say(writer, i);
    }
    return rounds;
  }

  /** The stream as bytes. */
  byte[] bytes() {
    Outbox outbox = new Outbox();
    sayTo(new FrameWriter(outbox));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    outbox.drainTo(
        new OutputSink() {
          @Override
          public void control(ByteBuffer part) {
            block(part);
          }

          @Override
          public void block(ByteBuffer part) {
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
          }

          @Override
          public void region(BlockRegion region, int offset, int length) {
            throw new IllegalStateException("there are no regions here");
          }
        },
        Long.MAX_VALUE);
    return bytes.toByteArray();
  }
}
