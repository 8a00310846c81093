package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

@Timeout(30)
class QuickAckTest {
  private static final int BLOCK = 16 << 10;

  private final PeerWire wire =
      new PeerWire(
          new PeerListener() {
            @Override
            public void onRequest(PeerWire asked, int piece, int begin, int length) {
              asked.respond(piece, begin, ByteBuffer.allocate(length));
            }
          });
  private final Acknowledging channel = new Acknowledging();

  @AfterEach
  void finish() {
    channel.finishAndReleaseAll();
  }

  @Test
  void aPeerThatWasServedIsAcknowledgedWhenThereIsNothingToAnswer() {
    open();
    channel.writeInbound(Said.by(peer -> peer.request(0, 0, BLOCK)));
    assertThat(channel.acknowledged).as("the block does that").isZero();
    channel.writeInbound(Said.by(peer -> peer.have(1)));
    assertThat(channel.acknowledged).isEqualTo(1);
    channel.writeInbound(Said.by(peer -> peer.have(2)));
    assertThat(channel.acknowledged).isEqualTo(2);
  }

  @Test
  void whoWasNotServedCostsNothing() {
    open();
    channel.writeInbound(Said.by(peer -> peer.have(1)));
    assertThat(channel.acknowledged).isZero();
  }

  @Test
  void whoWasServedLongAgoCostsNothing() {
    open();
    for (int round = 1; round <= 2; round++) {
      channel.writeInbound(Said.by(peer -> peer.request(0, 0, BLOCK)));
      for (int i = 0; i < 2 * Output.QUICK_ACKS; i++) {
        channel.writeInbound(Said.by(peer -> peer.have(1)));
      }
      assertThat(channel.acknowledged).isEqualTo(round * Output.QUICK_ACKS);
    }
  }

  /** So that a name which Netty or the JDK changes does not go unnoticed. */
  @ParameterizedTest
  @EnumSource
  @EnabledOnOs(OS.LINUX)
  void socketsKnowIt(Stack stack) throws Exception {
    stack.run(
        sockets -> {
          Channel peer =
              sockets.join(new ChannelInboundHandlerAdapter(), new ChannelInboundHandlerAdapter());
          assertThat(QuickAck.of(peer)).isTrue();
          assertThat(peer.close().await(10, TimeUnit.SECONDS)).isTrue();
          assertThat(QuickAck.of(peer)).isFalse();
        });
  }

  private void open() {
    channel.pipeline().addLast(new PeerWireHandler(wire));
    wire.handshake(Said.TORRENT, Said.US);
    wire.layout(PieceLayout.of(4L * BLOCK, BLOCK));
    PieceSet all = new PieceSet(4);
    all.addAll();
    wire.bitfield(all);
    wire.unchoke();
    channel.writeInbound(Said.handshake(), Said.by(peer -> peer.haveNone()));
    channel.acknowledged = 0;
  }

  /** Counts how often it is told to acknowledge. */
  private static final class Acknowledging extends EmbeddedChannel {
    private int acknowledged;
    private @Nullable ChannelConfig config;

    @Override
    public ChannelConfig config() {
      if (config == null) {
        config =
            new DefaultChannelConfig(this) {
              @Override
              public <T> boolean setOption(ChannelOption<T> option, T value) {
                if (option.name().endsWith("TCP_QUICKACK")) {
                  acknowledged++;
                  return true;
                }
                return super.setOption(option, value);
              }
            };
      }
      return config;
    }
  }
}
