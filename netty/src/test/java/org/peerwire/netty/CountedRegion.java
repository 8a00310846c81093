package org.peerwire.netty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.peerwire.BlockRegion;

/** A region that counts its releases, and fails if told to. */
final class CountedRegion implements BlockRegion {
  enum Kind {
    GOOD,
    SHORT,
    FAILING,
    THROWING
  }

  private final int length;
  private final Kind kind;
  volatile int released;

  CountedRegion(int length, Kind kind) {
    this.length = length;
    this.kind = kind;
  }

  CountedRegion(int length) {
    this(length, Kind.GOOD);
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public void read(int offset, ByteBuffer target) throws IOException {
    switch (kind) {
      case GOOD -> {
        byte[] bytes = new byte[target.remaining()];
        Arrays.fill(bytes, (byte) 7);
        target.put(bytes);
      }
      case SHORT -> target.put((byte) 7);
      case FAILING -> throw new IOException("the disk is gone");
      case THROWING -> throw new IllegalStateException("a bug");
    }
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread; read by the test
  public void release() {
    released++;
  }
}
