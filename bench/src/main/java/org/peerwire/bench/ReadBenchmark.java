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
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.frame.FrameLimits;
import org.peerwire.frame.FrameReader;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * Reading: the limits (copying the same chunks; a bare loop that reads lengths and fields), the
 * frame reader alone, and the whole wire with its rules and a listener that counts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
  private static final InfoHash TORRENT = InfoHash.parse("ab".repeat(20));

  /** Which stream. */
  @Param({"PIECE", "SMALL", "MIXED"})
  public Streams stream = Streams.PIECE;

  /** In how many bytes it comes at a time. */
  @Param({"65536", "1460"})
  public int chunk;

  private byte[] bytes = {};
  private byte[] copy = {};
  private ByteBuffer input = ByteBuffer.allocate(0);
  private final CountingSink sink = new CountingSink();
  private final CountingListener listener = new CountingListener();
  private FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
  private PeerWire wire = new PeerWire(listener);
  private long now;

  /** Makes the stream, and a wire that is past its handshake. */
  @Setup
  public void setUp() {
    bytes = stream.bytes();
    copy = new byte[chunk];
    input = ByteBuffer.wrap(bytes);
    reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    wire = new PeerWire(listener);
    wire.handshake(TORRENT, PeerId.ofAscii("-PW0100-aaaaaaaaaaaa"));
    Outbox peer = new Outbox();
    FrameWriter said = new FrameWriter(peer);
    said.infoHash(0, TORRENT);
    said.peerId(PeerId.ofAscii("-PW0100-bbbbbbbbbbbb"));
    said.unchoke();
    peer.drainTo(new FeedingSink(wire), Long.MAX_VALUE);
    wire.layout(PieceLayout.of((long) Streams.PIECES * (4 * Block.LENGTH), 4 * Block.LENGTH));
    PieceSet all = new PieceSet(Streams.PIECES);
    all.addAll();
    wire.bitfield(all);
    wire.unchoke();
    next = stream == Streams.PIECE ? 0 : 1;
    drop();
  }

  /** The limit for anything that touches every byte. */
  @Benchmark
  public byte[] memcpy() {
    for (int at = 0; at < bytes.length; at += chunk) {
      System.arraycopy(bytes, at, copy, 0, Math.min(chunk, bytes.length - at));
    }
    return copy;
  }

  /** The limit for anything that reads the fields: no checks, no state, everything in one piece. */
  @Benchmark
  public long bareLoop() {
    long sum = 0;
    ByteBuffer in = input;
    int end = bytes.length;
    for (int at = 0; at < end; ) {
      int length = in.getInt(at);
      if (length > 0) {
        int id = in.get(at + 4);
        sum += id;
        if (length >= 5 && id != 20) {
          sum += in.getInt(at + 5);
        }
        if (length >= 13) {
          sum += in.getInt(at + 9) + in.getInt(at + 13);
        }
      }
      at += 4 + length;
    }
    return sum;
  }

  /** Bytes to calls. */
  @Benchmark
  public long frameReader() {
    ByteBuffer in = input;
    for (int at = 0; at < bytes.length; at += chunk) {
      reader.read(in.limit(Math.min(at + chunk, bytes.length)).position(at), sink);
    }
    return sink.sum;
  }

  /**
   * Bytes to events, with every rule; for the streams with blocks the requests are made as well.
   */
  @Benchmark
  public long wholeWire() {
    ByteBuffer in = input;
    for (int at = 0; at < bytes.length; at += chunk) {
      if (stream != Streams.SMALL) {
        ask();
      }
      wire.transport()
          .receive(in.limit(Math.min(at + chunk, bytes.length)).position(at), now += 1000);
      drop();
    }
    if (wire.isClosed()) {
      throw new IllegalStateException(wire.toString());
    }
    return listener.sum;
  }

  /** Keeps the next blocks of the stream requested. */
  private void ask() {
    while (wire.requestCount() < 8) {
      if (!wire.request(next, 0, Block.LENGTH, null)) {
        throw new IllegalStateException(wire.toString());
      }
      next += stream == Streams.PIECE ? 1 : 2;
      if (next >= blocks()) {
        next = stream == Streams.PIECE ? 0 : 1;
      }
    }
  }

  private int next;

  private int blocks() {
    return stream == Streams.PIECE ? 64 : 128;
  }

  private void drop() {
    long count = wire.transport().drainTo(DroppingSink.INSTANCE, Long.MAX_VALUE);
    if (count > 0) {
      wire.transport().sent(count, now);
    }
  }

  private static final class CountingListener implements PeerListener {
    long sum;

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      sum++;
    }

    @Override
    public void onHave(PeerWire wire, int piece) {
      sum += piece;
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      sum += piece + begin + length;
    }

    @Override
    public void onCancel(PeerWire wire, int piece, int begin, int length) {
      sum += piece + begin + length;
    }

    @Override
    public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
      sum += piece + begin + block.remaining();
    }
  }
}
