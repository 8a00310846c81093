package org.peerwire.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.peerwire.InfoHash;
import org.peerwire.flow.WireProcessor;
import org.peerwire.wire.PeerWire;

/** The wire of {@link FetchPiece} as a {@link Flow.Processor}: the listener is the same. */
public final class FlowFetch {
  // region flow
  static CompletableFuture<byte[]> fetch(
      Flow.Publisher<ByteBuffer> source,
      Flow.Subscriber<ByteBuffer> sink,
      InfoHash torrent,
      FetchPiece listener) {
    PeerWire wire = new PeerWire(listener);
    wire.handshake(torrent, FetchPiece.PEER_ID);
    WireProcessor processor = new WireProcessor(wire);
    source.subscribe(processor);
    processor.subscribe(sink);
    return listener.result;
  }

  // endregion

  /** Publishes what a socket gives; {@code submit} waits while nobody wants more. */
  static void read(SocketChannel socket, SubmissionPublisher<ByteBuffer> source) {
    try (source) {
      while (true) {
        ByteBuffer bytes = ByteBuffer.allocate(32 << 10);
        if (socket.read(bytes) < 0) {
          return;
        }
        source.submit(bytes.flip());
      }
    } catch (IOException e) {
      // The wire has ended, and the sink has closed the socket.
      source.closeExceptionally(e);
    }
  }

  /** Writes to a socket, a buffer at a time, and closes it at the end. */
  record Sink(SocketChannel socket) implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      try {
        while (bytes.hasRemaining()) {
          socket.write(bytes);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void onError(Throwable why) {
      onComplete();
    }

    @Override
    public void onComplete() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private FlowFetch() {}

  /** Arguments: host, port, info-hash, piece, length of the piece in bytes. */
  public static void main(String... args) throws Exception {
    FetchPiece listener = new FetchPiece(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    SocketChannel socket =
        SocketChannel.open(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
    SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>();
    CompletableFuture<byte[]> piece =
        fetch(source, new Sink(socket), InfoHash.parse(args[2]), listener);
    read(socket, source);
    System.out.println("got " + piece.get().length + " bytes");
  }
}
