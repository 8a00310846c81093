package org.peerwire.channel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A stream that sends on at once what is written: most that are buffered would keep it. */
final class StreamSink implements WritableByteChannel {
  private static final int MOST = 16 << 10;

  private final OutputStream stream;
  private volatile boolean open = true;

  StreamSink(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    byte[] bytes = new byte[Math.min(MOST, source.remaining())];
    source.get(bytes);
    stream.write(bytes);
    stream.flush();
    return bytes.length;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    stream.close();
  }
}
