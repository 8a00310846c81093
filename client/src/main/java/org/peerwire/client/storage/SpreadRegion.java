package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.peerwire.BlockRegion;

/** A block that lies in several files; read when it is sent. */
record SpreadRegion(Store store, int piece, int begin, int length, Consumer<IOException> onFailure)
    implements BlockRegion {
  @Override
  public void read(int offset, ByteBuffer target) throws IOException {
    try {
      store.read(piece, begin + offset, target);
    } catch (IOException e) {
      onFailure.accept(e);
      throw e;
    }
  }
}
