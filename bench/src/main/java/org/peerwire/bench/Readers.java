package org.peerwire.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.peerwire.frame.FrameLimits;
import org.peerwire.frame.FrameReader;
import org.peerwire.netty.PeerWireHandler;

/** Ours, at three levels. */
final class Readers {
  private Readers() {}

  /** Bytes to calls. */
  static Contestant frames(Streams stream, int chunk) {
    return frames(new Chunks(stream, chunk));
  }

  /** Bytes to calls, from memory that Java manages itself. */
  static Contestant framesOnHeap(Streams stream, int chunk) {
    return frames(new Chunks(stream, chunk).onHeap());
  }

  private static Contestant frames(Chunks chunks) {
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    CountingSink sink = new CountingSink();
    return () -> {
      chunks.forEach(part -> reader.read(part, sink));
      return sink.sum;
    };
  }

  /** Bytes to events, with every rule and the peer's requests answered; requests are made too. */
  static Contestant wire(Streams stream, int chunk) {
    Chunks chunks = new Chunks(stream, chunk);
    OpenWire open = new OpenWire(stream);
    return () -> {
      chunks.forEach(open::receive);
      return open.sum();
    };
  }

  /** The same through a pipeline, in the buffers and by the calls by which a socket does it. */
  static Contestant netty(Streams stream, int chunk) {
    List<ByteBuf> parts = new ArrayList<>();
    new Chunks(stream, chunk)
        .forEach(part -> parts.add(PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(part)));
    OpenWire open = new OpenWire(stream);
    EmbeddedChannel channel = new EmbeddedChannel(new PeerWireHandler(open.wire));
    return () -> {
      for (ByteBuf part : parts) {
        open.ask();
        channel.pipeline().fireChannelRead(part.retain()).fireChannelReadComplete();
        channel.runPendingTasks();
        for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
          ReferenceCountUtil.release(sent);
        }
      }
      return open.sum();
    };
  }

  /** A request out, the block in, and the callback. */
  static Contestant roundTrip() {
    ByteBuffer answer = ByteBuffer.wrap(Streams.PIECE.bytes());
    int frame = answer.getInt(0) + 4;
    OpenWire open = new OpenWire(Streams.PIECE);
    return () -> {
      for (int i = 0; i < Streams.PIECE.messages; i++) {
        open.ask(1);
        open.receiveAlone(answer.limit((i + 1) * frame).position(i * frame));
      }
      return open.answered();
    };
  }
}
