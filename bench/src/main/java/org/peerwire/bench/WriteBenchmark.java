package org.peerwire.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;

/** Writing: copying the same bytes, a bare loop that puts the same fields, and the frame writer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WriteBenchmark {
  /** Which stream. */
  @Param({"PIECE", "SMALL", "MIXED"})
  public Streams stream = Streams.PIECE;

  private byte[] bytes = {};
  private byte[] copy = {};
  private ByteBuffer target = ByteBuffer.allocate(0);
  private final Outbox outbox = new Outbox();
  private final FrameWriter writer = new FrameWriter(outbox);

  /** Makes the stream. */
  @Setup
  public void setUp() {
    bytes = stream.bytes();
    copy = new byte[bytes.length];
    target = ByteBuffer.wrap(copy);
  }

  /** What a writer would cost that copies blocks. */
  @Benchmark
  public byte[] memcpy() {
    System.arraycopy(bytes, 0, copy, 0, bytes.length);
    return copy;
  }

  /** The fields of the stream of small messages, put without checks. */
  @Benchmark
  public ByteBuffer bareLoop() {
    ByteBuffer out = target.clear();
    int rounds = Math.min(2000, bytes.length / 43);
    for (int i = 0; i < rounds; i++) {
      out.putInt(5).put((byte) 4).putInt(i);
      out.putInt(13).put((byte) 6).putInt(i).putInt(0).putInt(16384);
      out.putInt(13).put((byte) 8).putInt(i).putInt(0).putInt(16384);
    }
    return out;
  }

  /** Calls to bytes, handed over at the end. */
  @Benchmark
  public long frameWriter() {
    stream.sayTo(writer);
    return outbox.drainTo(DroppingSink.INSTANCE, Long.MAX_VALUE);
  }
}
