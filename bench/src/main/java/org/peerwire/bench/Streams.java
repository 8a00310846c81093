package org.peerwire.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.frame.FrameSink;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;
import org.peerwire.frame.OutputSink;

/** The deterministic streams that everything here reads and writes. */
public enum Streams {
  /** Blocks of 16 KiB. */
  PIECE(64, 64) {
    @Override
    void say(FrameSink writer, int i) {
      piece(writer, i);
    }
  },
  /** Have, request, cancel. */
  SMALL(2000, 3 * 2000) {
    @Override
    void say(FrameSink writer, int i) {
      writer.have(i);
      writer.request(i, 0, Block.LENGTH);
      writer.cancel(i, 0, Block.LENGTH);
    }
  },
  /**
   * For each block a request, now and then a have, a keep-alive, a choke and unchoke, an extended
   * message.
   */
  MIXED(128, 128 + 16 + 4 * 4) {
    @Override
    void say(FrameSink writer, int i) {
      if (i % 2 == 0) {
        writer.request(i, Block.LENGTH, Block.LENGTH);
      } else {
        piece(writer, i);
      }
      if (i % 8 == 0) {
        writer.have(i);
      }
      if (i % 32 == 0) {
        writer.keepAlive();
        writer.choke();
        writer.unchoke();
        writer.extended(1, EXTENDED.clear());
      }
    }
  };

  /** How many pieces the torrent has that all of them speak of. */
  public static final int PIECES = 10_000;

  private static final ByteBuffer[] BLOCKS = new ByteBuffer[128];
  private static final ByteBuffer EXTENDED = ByteBuffer.allocate(60);

  static {
    ByteBuffer block = ByteBuffer.allocate(Block.LENGTH);
    Arrays.setAll(BLOCKS, i -> block.duplicate());
  }

  private final int rounds;

  /** How many messages the stream holds. */
  final int messages;

  Streams(int rounds, int messages) {
    this.rounds = rounds;
    this.messages = messages;
  }

  abstract void say(FrameSink writer, int i);

  static void piece(FrameSink writer, int i) {
    writer.piece(i, 0, Block.LENGTH);
    // Whoever takes it by reference has it until the pass is over.
    writer.bytes(BLOCKS[i].clear());
  }

  /** Says the whole stream once. */
  void sayTo(FrameSink writer) {
    for (int i = 0; i < rounds; i++) {
      say(writer, i);
    }
  }

  /** The piece of the block that comes as the {@code n}th in the stream, and again and again. */
  int pieceOf(int n) {
    return switch (this) {
      case PIECE -> n % rounds;
      case MIXED -> 2 * n % rounds + 1;
      case SMALL -> throw new IllegalStateException("there are no blocks");
    };
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
