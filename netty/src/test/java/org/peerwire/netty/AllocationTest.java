package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peerwire.PieceLayout;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** A message costs no object of its own, in or out: only a round does. */
@ExtendWith(Leaks.class)
class AllocationTest {
  private static final int MESSAGES = 1_000;
  private static final int ROUNDS = 300;

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
    wire.layout(PieceLayout.of(MESSAGES, 1));
    channel.pipeline().addLast(new PeerWireHandler(wire));
    channel.writeInbound(Said.handshake());
    ByteBuf haves =
        Said.by(
            peer -> {
              for (int i = 0; i < MESSAGES; i++) {
                peer.have(i);
              }
            });
    run(channel, haves, ROUNDS);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    run(channel, haves, ROUNDS);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(heard[0]).isEqualTo(2 * ROUNDS * MESSAGES);
    // The round's own cost, with each buffer watched for leaks, is some thousand bytes.
    assertThat((double) bytes / ROUNDS / MESSAGES).as("bytes a message").isLessThan(8);
    channel.finishAndReleaseAll();
    haves.release();
  }

  private static void run(EmbeddedChannel channel, ByteBuf haves, int rounds) {
    for (int i = 0; i < rounds; i++) {
      channel.writeInbound(haves.retainedDuplicate());
      for (Object each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
        ReferenceCountUtil.release(each);
      }
    }
  }
}
