package org.peerwire.client.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.mse.EncryptionPolicy;

/**
 * Holds a connection that was accepted until the peer has named a torrent that is here, or turns
 * out to be none that speaks plaintext. It says nothing, and so gives nothing away: neither who we
 * are nor what we have.
 */
// What Netty's futures tell of closing is told by the channel's events too.
@SuppressWarnings("FutureReturnValueIgnored")
final class Doorman extends ChannelInboundHandlerAdapter {
  private static final byte[] PROTOCOL =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);
  private static final int RESERVED = 8;
  private static final int NEEDED = PROTOCOL.length + RESERVED + InfoHash.LENGTH;
  private static final long FROM_FIRST_BYTE_SECONDS = 5;
  private static final long WHOLE_SECONDS = 10;

  private final Network network;
  private @Nullable ByteBuf held;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean handedOn;

  Doorman(Network network) {
    this.network = network;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    closeIn(context, WHOLE_SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf input = (ByteBuf) message;
    ByteBuf bytes = held;
    if (bytes == null) {
      bytes = context.alloc().buffer(Math.max(NEEDED, input.readableBytes()));
      held = bytes;
      closeIn(context, FROM_FIRST_BYTE_SECONDS);
    }
    bytes.writeBytes(input);
    input.release();
    if (!begins(bytes)) {
      held = null;
      handedOn = true;
      stopDeadline();
      network.decrypt(context, bytes);
    } else if (bytes.readableBytes() >= PROTOCOL.length
        && network.encryption() == EncryptionPolicy.REQUIRE) {
      context.close();
    } else if (bytes.readableBytes() >= NEEDED) {
      byte[] hash = ByteBufUtil.getBytes(bytes, NEEDED - InfoHash.LENGTH, InfoHash.LENGTH);
      held = null;
      stopDeadline();
      network.letIn(context, InfoHash.of(hash), bytes);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stopDeadline();
    ByteBuf bytes = held;
    if (bytes != null) {
      held = null;
      bytes.release();
    }
    if (!handedOn) {
      network.left(context.channel());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  private static boolean begins(ByteBuf bytes) {
    for (int i = 0; i < PROTOCOL.length && i < bytes.readableBytes(); i++) {
      if (bytes.getByte(i) != PROTOCOL[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The earlier of the deadlines counts, and that is the one set last unless the first was nearer.
   */
  private void closeIn(ChannelHandlerContext context, long seconds) {
    ScheduledFuture<?> before = deadline;
    if (before != null && before.getDelay(TimeUnit.SECONDS) < seconds) {
      return;
    }
    stopDeadline();
    deadline =
        context
            .executor()
            .schedule(
                () -> {
                  context.close();
                },
                seconds,
                TimeUnit.SECONDS);
  }

  private void stopDeadline() {
    ScheduledFuture<?> before = deadline;
    if (before != null) {
      before.cancel(false);
      deadline = null;
    }
  }
}
