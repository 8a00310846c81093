package org.peerwire.client.tracker;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.mse.RandomSource;
import org.peerwire.swarm.tracker.Announce;
import org.peerwire.swarm.tracker.TrackerAnswer;
import org.peerwire.swarm.tracker.TrackerException;
import org.peerwire.swarm.tracker.UdpAnnounce;
import org.peerwire.swarm.tracker.UdpConnection;

/**
 * Asks trackers over UDP: one socket, opened when it is first needed. A packet counts only if it
 * comes from the address and port that were asked. Belongs to the event loop.
 */
// Netty's futures of timers and writes tell nothing: what is lost is sent again.
@SuppressWarnings("FutureReturnValueIgnored")
final class UdpSocket implements AutoCloseable {
  /** After 15 and 30 seconds more than that a tracker is given up for now. */
  private static final int TRANSMISSIONS = 2;

  private static final int MAX_RECEIVED = 4_096;
  private static final int MAX_CONNECTIONS = 200;

  private final EventLoop loop;
  private final RandomSource random;
  private final Map<InetSocketAddress, List<Exchange>> exchanges = new HashMap<>();
  private final Map<InetSocketAddress, UdpConnection> connections = new Connections();
  private @Nullable ChannelFuture opening;

  UdpSocket(EventLoop loop, RandomSource random) {
    this.loop = loop;
    this.random = random;
  }

  CompletableFuture<Reply> ask(InetSocketAddress tracker, String path, Announce announce) {
    UdpAnnounce udp =
        new UdpAnnounce(
            announce,
            path,
            connections.computeIfAbsent(tracker, address -> new UdpConnection()),
            random,
            tracker.getAddress() instanceof Inet6Address,
            TRANSMISSIONS);
    Exchange exchange = new Exchange(tracker, udp);
    exchanges.computeIfAbsent(tracker, address -> new ArrayList<>()).add(exchange);
    ChannelFuture open = open();
    open.addListener(
        future -> {
          if (future.isSuccess()) {
            exchange.proceed(open.channel());
          } else {
            exchange.fail(new AskException("can't open a UDP socket", future.cause()));
          }
        });
    return exchange.result;
  }

  private ChannelFuture open() {
    ChannelFuture before = opening;
    if (before != null && (!before.isDone() || before.channel().isActive())) {
      return before;
    }
    ChannelFuture open =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_RECEIVED))
            .handler(new Receiver())
            .bind(0);
    opening = open;
    return open;
  }

  @Override
  public void close() {
    ChannelFuture open = opening;
    if (open != null) {
      open.channel().close();
    }
  }

  /** Hands packets to those who wait for one from there. */
  private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      ByteBuffer bytes = packet.content().nioBuffer();
      for (Exchange exchange : List.copyOf(exchanges.getOrDefault(packet.sender(), List.of()))) {
        exchange.receive(bytes, context.channel());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable e) {
      // Such as "port unreachable": the timeout tells as well, and cannot be forged.
    }
  }

  /** One announce. */
  private final class Exchange {
    final CompletableFuture<Reply> result = new CompletableFuture<>();
    private final InetSocketAddress tracker;
    private final UdpAnnounce udp;
    private @Nullable ScheduledFuture<?> timer;

    Exchange(InetSocketAddress tracker, UdpAnnounce udp) {
      this.tracker = tracker;
      this.udp = udp;
    }

    void receive(ByteBuffer bytes, Channel channel) {
      udp.receive(bytes, loop.ticker().nanoTime());
      proceed(channel);
    }

    void proceed(Channel channel) {
      long now = loop.ticker().nanoTime();
      if (result.isDone()) {
        end();
        return;
      }
      ByteBuffer packet = ByteBuffer.allocate(UdpAnnounce.MAX_PACKET);
      if (udp.poll(packet, now)) {
        channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(packet.flip()), tracker));
      }
      TrackerAnswer answer = udp.answer();
      TrackerException failure = udp.failure();
      if (answer != null) {
        end();
        result.complete(new Reply(answer, Names.ip(tracker)));
      } else if (failure != null) {
        fail(failure);
      } else {
        ScheduledFuture<?> before = timer;
        if (before != null) {
          before.cancel(false);
        }
        timer =
            loop.schedule(() -> proceed(channel), udp.nanosUntilPoll(now), TimeUnit.NANOSECONDS);
      }
    }

    void fail(Throwable e) {
      end();
      result.completeExceptionally(e);
    }

    private void end() {
      ScheduledFuture<?> before = timer;
      if (before != null) {
        before.cancel(false);
      }
      exchanges.computeIfPresent(
          tracker,
          (address, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }

  /** The oldest goes when there are too many. */
  private static final class Connections extends LinkedHashMap<InetSocketAddress, UdpConnection> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, UdpConnection> eldest) {
      return size() > MAX_CONNECTIONS;
    }
  }
}
