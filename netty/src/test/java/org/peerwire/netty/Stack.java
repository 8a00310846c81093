package org.peerwire.netty;

import static org.junit.jupiter.api.Assumptions.abort;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Netty's transports: real sockets on loopback, for as long as a test needs them. */
@SuppressWarnings("ImmutableEnumChecker") // suppliers that remember nothing
enum Stack {
  NIO(() -> null, NioIoHandler::newFactory, NioSocketChannel.class, NioServerSocketChannel.class),
  EPOLL(
      Epoll::unavailabilityCause,
      EpollIoHandler::newFactory,
      EpollSocketChannel.class,
      EpollServerSocketChannel.class),
  IO_URING(
      IoUring::unavailabilityCause,
      IoUringIoHandler::newFactory,
      IoUringSocketChannel.class,
      IoUringServerSocketChannel.class);

  private final Supplier<@Nullable Throwable> unavailable;
  private final Supplier<IoHandlerFactory> factory;
  private final Class<? extends Channel> connecting;
  private final Class<? extends ServerChannel> listening;

  Stack(
      Supplier<@Nullable Throwable> unavailable,
      Supplier<IoHandlerFactory> factory,
      Class<? extends Channel> connecting,
      Class<? extends ServerChannel> listening) {
    this.unavailable = unavailable;
    this.factory = factory;
    this.connecting = connecting;
    this.listening = listening;
  }

  /** What a test does with sockets. */
  interface Test {
    void run(Sockets sockets) throws Exception;
  }

  /** Why this machine does not have it, or null. */
  @Nullable Throwable unavailable() {
    return unavailable.get();
  }

  /** Skips the test, by name, on a machine that does not have this transport. */
  void run(Test test) throws Exception {
    run(2, test);
  }

  void run(int threads, Test test) throws Exception {
    Throwable why = unavailable();
    if (why != null) {
      abort(this + " is not to be had here: " + why);
    }
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(threads, factory.get());
    try {
      test.run(new Sockets(group));
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  /** Channels of one event loop group. */
  final class Sockets {
    private final EventLoopGroup group;

    private Sockets(EventLoopGroup group) {
      this.group = group;
    }

    EventLoopGroup group() {
      return group;
    }

    /** Two handlers, joined by a socket. Returns the connecting side's channel. */
    Channel join(ChannelHandler dialling, ChannelHandler accepting) throws Exception {
      return connect(dialling, listen(only(accepting)).localAddress());
    }

    Channel connect(ChannelHandler handler, SocketAddress address) throws Exception {
      return new Bootstrap()
          .group(group)
          .channel(connecting)
          .handler(handler)
          .connect(address)
          .sync()
          .channel();
    }

    /** Listens; each connection gets this handler, which adds what it needs. */
    Channel listen(ChannelHandler each) throws Exception {
      return new ServerBootstrap()
          .group(group)
          .channel(listening)
          .childHandler(each)
          .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .sync()
          .channel();
    }

    /** For a listener to which one peer comes. */
    ChannelHandler only(ChannelHandler handler) {
      return new ChannelInitializer<Channel>() {
        @Override
        protected void initChannel(Channel channel) {
          channel.pipeline().addLast(handler);
        }
      };
    }
  }
}
