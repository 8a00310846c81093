package org.peerwire.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Real sockets on loopback, for as long as a test needs them. */
final class NioLoop {
  /** What a test does with them. */
  interface Test {
    void run(EventLoopGroup group, Pair pair) throws Exception;
  }

  /** Two handlers, joined by a socket; and a listener. */
  static final class Pair {
    private final EventLoopGroup group;

    private Pair(EventLoopGroup group) {
      this.group = group;
    }

    /** Returns the connecting side's channel. */
    Channel join(ChannelHandler connecting, ChannelHandler accepting) throws Exception {
      Channel server = listen(accepting);
      Channel client =
          new Bootstrap()
              .group(group)
              .channel(NioSocketChannel.class)
              .handler(connecting)
              .connect(server.localAddress())
              .sync()
              .channel();
      return client;
    }

    /** Listens for one peer. */
    Channel listen(ChannelHandler accepting) throws Exception {
      return new ServerBootstrap()
          .group(group)
          .channel(NioServerSocketChannel.class)
          .childHandler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel.pipeline().addLast(accepting);
                }
              })
          .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .sync()
          .channel();
    }
  }

  private NioLoop() {}

  static void run(Test test) throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    try {
      test.run(group, new Pair(group));
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }
}
