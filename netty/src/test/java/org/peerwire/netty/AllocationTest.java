package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.PieceLayout;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** A message costs no object of its own, in or out: only a round does. */
class AllocationTest {
  private static final int MESSAGES = 1_000;
  private static final int ROUNDS = 300;

  /** Watching for leaks would cost more than all the rest. */
  @BeforeEach
  void watchNothing() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterEach
  void watchAgain() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @Test
  void messagesAllocateNothing() {
    int[] heard = new int[1];
    PeerWire wire =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHave(PeerWire wire, int piece) {
                heard[0]++;
                // Each is answered by a message of our own.
                wire.have(piece);
              }
            });
    EmbeddedChannel channel = new EmbeddedChannel();
    wire.handshake(Said.TORRENT, Said.US);
    wire.layout(PieceLayout.of(2 * ROUNDS * MESSAGES, 1));
    channel.pipeline().addLast(new PeerWireHandler(wire));
    channel.writeInbound(Said.handshake());
    List<ByteBuf> haves = new ArrayList<>();
    for (int i = 0; i < 2 * ROUNDS; i++) {
      int from = i * MESSAGES;
      haves.add(
          Said.by(
              peer -> {
                for (int piece = from; piece < from + MESSAGES; piece++) {
                  peer.have(piece);
                }
              }));
    }
    run(channel, haves.subList(0, ROUNDS));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    run(channel, haves.subList(ROUNDS, 2 * ROUNDS));
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(heard[0]).isEqualTo(2 * ROUNDS * MESSAGES);
    // What a round costs is some hundred bytes.
    assertThat((double) bytes / ROUNDS / MESSAGES).as("bytes a message").isLessThan(1);
    channel.finishAndReleaseAll();
  }

  private static void run(EmbeddedChannel channel, List<ByteBuf> inputs) {
    for (ByteBuf input : inputs) {
      channel.writeInbound(input);
      for (Object each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
        ReferenceCountUtil.release(each);
      }
    }
  }
}
