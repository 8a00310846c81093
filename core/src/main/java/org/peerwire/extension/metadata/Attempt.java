package org.peerwire.extension.metadata;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The blocks of one try: of one claimed size, from one peer or from many. */
final class Attempt {
  final int size;

  /** The one peer it is from, or null if it is from all that claim the size. */
  final @Nullable Source only;

  private final @Nullable ByteBuffer[] blocks;
  private final @Nullable Source[] from;
  private final boolean[] asked;
  private int missing;

  Attempt(int size, @Nullable Source only) {
    this.size = size;
    this.only = only;
    int count = UtMetadata.blocks(size);
    blocks = new ByteBuffer[count];
    from = new Source[count];
    asked = new boolean[count];
    missing = count;
  }

  boolean isFrom(Source source) {
    return only == null ? source.size == size : source == only;
  }

  /** Asks a peer for blocks that nobody was asked for. */
  void ask(Source source, long now) {
    for (int i = 0; i < asked.length && source.canAsk(); i++) {
      if (!asked[i]) {
        asked[i] = true;
        if (!source.ask(i, now)) {
          asked[i] = false;
          return;
        }
      }
    }
  }

  /** These were asked for in vain. */
  void giveBack(int[] pieces) {
    for (int piece : pieces) {
      if (piece < asked.length && blocks[piece] == null) {
        asked[piece] = false;
      }
    }
  }

  void put(Source source, int piece, ByteBuffer block) {
    blocks[piece] = ByteBuffer.allocate(block.remaining()).put(block).flip();
    from[piece] = source;
    missing--;
  }

  /** How much of it is held, in bytes. */
  long held() {
    long held = 0;
    for (ByteBuffer block : blocks) {
      held += block == null ? 0 : block.remaining();
    }
    return held;
  }

  boolean isComplete() {
    return missing == 0;
  }

  byte[] digest(MessageDigest digest) {
    for (ByteBuffer block : blocks) {
      if (block != null) {
        digest.update(block.duplicate());
      }
    }
    return digest.digest();
  }

  ByteBuffer whole() {
    ByteBuffer whole = ByteBuffer.allocate(size);
    for (ByteBuffer block : blocks) {
      if (block != null) {
        whole.put(block.duplicate());
      }
    }
    return whole.flip().asReadOnlyBuffer();
  }

  /** The one who gave every block, or null if there are two. */
  @Nullable Source giver() {
    Source first = from[0];
    for (Source each : from) {
      if (each != first) {
        return null;
      }
    }
    return first;
  }

  /** What is kept of a try that failed: enough to tell later who gave which wrong block. */
  List<Given> given(MessageDigest digest) {
    List<Given> given = new ArrayList<>();
    for (int i = 0; i < blocks.length; i++) {
      ByteBuffer block = blocks[i];
      Source source = from[i];
      if (block != null && source != null) {
        digest.update(block.duplicate());
        given.add(new Given(source, i, ByteBuffer.wrap(digest.digest())));
      }
    }
    return given;
  }

  /** One block of a try that failed. */
  record Given(Source source, int piece, ByteBuffer digest) {}
}
