package org.peerwire.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;

/** A script as a blocking channel: a read a part. */
final class ScriptedChannel implements ByteChannel {
  private final Script script;
  private final Iterator<ByteBuffer> parts;
  private final CountDownLatch closed = new CountDownLatch(1);
  private ByteBuffer part = ByteBuffer.allocate(0);

  ScriptedChannel(Script script) {
    this.script = script;
    parts = script.parts().iterator();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!part.hasRemaining() && parts.hasNext()) {
      part = parts.next().duplicate();
    }
    if (part.hasRemaining()) {
      int count = Math.min(part.remaining(), target.remaining());
      target.put(part.slice(part.position(), count));
      part.position(part.position() + count);
      return count;
    }
    return switch (script.end()) {
      case ENDS -> -1;
      case FAILS -> throw new IOException("reset");
      case SILENT -> awaitClose();
    };
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (!script.reads()) {
      awaitClose();
    }
    int count = source.remaining();
    source.position(source.limit());
    return count;
  }

  @Override
  public boolean isOpen() {
    return closed.getCount() > 0;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private int awaitClose() throws IOException {
    try {
      closed.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    throw new AsynchronousCloseException();
  }
}
