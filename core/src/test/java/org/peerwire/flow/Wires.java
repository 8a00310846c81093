package org.peerwire.flow;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.peerwire.BlockRegion;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Message;
import org.peerwire.frame.Outbox;
import org.peerwire.frame.OutputSink;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** Wires, and sources of bytes for them. */
final class Wires {
  static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  static final Handshake THEIRS = new Handshake(0, TORRENT, PeerId.ofAscii("-PW0000-bbbbbbbbbbbb"));

  /** No feature, so that a wire says nothing of its own accord. */
  static final WireOptions.Builder PLAIN = WireOptions.builder().features(Set.of());

  private Wires() {}

  /**
   * A wire behind both handshakes that says back what it hears: one {@code have} for each. It reads
   * none while one waits to be sent, so that each leaves in a buffer of its own.
   */
  static PeerWire echo() {
    PeerWire wire =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHave(PeerWire echo, int piece) {
                echo.have(piece);
              }
            },
            PLAIN.controlWindow(1).build());
    wire.handshake(TORRENT, OURS);
    long now = System.nanoTime();
    long sent = wire.transport().drainTo(new Nowhere(), Long.MAX_VALUE);
    wire.transport().sent(sent, now);
    wire.transport().receive(bytes(new Message.Handshake(THEIRS)), now);
    return wire;
  }

  /** The bytes of messages. */
  static ByteBuffer bytes(Message... messages) {
    Outbox outbox = new Outbox();
    FrameWriter writer = new FrameWriter(outbox);
    for (Message message : messages) {
      message.sayTo(writer);
    }
    ByteBuffer all = ByteBuffer.allocate((int) outbox.size());
    outbox.drainTo(
        new OutputSink() {
          @Override
          public void control(ByteBuffer bytes) {
            all.put(bytes);
          }

          @Override
          public void block(ByteBuffer block) {
            all.put(block);
          }

          @Override
          public void region(BlockRegion region, int offset, int length) {
            throw new IllegalArgumentException();
          }
        },
        Long.MAX_VALUE);
    return all.flip();
  }

  /** Publishes {@code count} elements and completes, on the thread that asks. */
  static <T> Flow.Publisher<T> source(long count, LongFunction<T> elements) {
    return subscriber ->
        subscriber.onSubscribe(
            new Flow.Subscription() {
              private final AtomicLong asked = new AtomicLong();
              private long next;
              private volatile boolean over = count == 0;

              {
                if (over) {
                  subscriber.onComplete();
                }
              }

              @Override
              public void request(long more) {
                if (asked.getAndAdd(more) > 0) {
                  return;
                }
                do {
                  if (!over) {
                    subscriber.onNext(elements.apply(next));
                    over = ++next == count;
                    if (over) {
                      subscriber.onComplete();
                    }
                  }
                } while (asked.decrementAndGet() > 0);
              }

              @Override
              public void cancel() {
                over = true;
              }
            });
  }

  private static final class Nowhere implements OutputSink {
    @Override
    public void control(ByteBuffer bytes) {}

    @Override
    public void block(ByteBuffer block) {}

    @Override
    public void region(BlockRegion region, int offset, int length) {}
  }
}
