package org.peerwire.client.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.client.system.Descriptors;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.RandomSource;
import org.peerwire.mse.Torrents;
import org.peerwire.netty.IncomingPeer;
import org.peerwire.netty.PeerAcceptor;
import org.peerwire.netty.PeerHost;
import org.peerwire.netty.PeerWireHandler;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/**
 * One event loop, on which all connections of a client live, so that a swarm and its wires have one
 * thread. The blocks' way is short enough that the loop outruns disks and hashes; a second one
 * would buy locks. Methods are for the loop's thread where nothing else is said.
 */
// What Netty's futures tell of closing and writing is told by the channels' events too.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Network {
  /**
   * The options of all wires: those of a torrent without v2 hashes are closed over such messages.
   *
   * <p>More requests of a peer are held than it may assume. rtorrent does not look at what we say
   * of that, asks for a fifth as many blocks as it gets KiB in a second, and without the fast
   * extension never learns of those that were dropped: beyond 1.2 MB/s it would lose some of 250.
   */
  public static final WireOptions WIRE =
      WireOptions.builder().hashMessages(true).maxPeerRequests(2000).build();

  private static final int DIAL_MILLIS = 10_000;

  private static final int MAX_HALF_OPEN_OF_ONE = 64;

  /**
   * Enough for the kernel to be busy while the loop is elsewhere, and little to hold for a peer.
   */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 << 10, 512 << 10);

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final Descriptors descriptors;
  private final ReceiveBuffer receiveBuffer = new ReceiveBuffer();
  private final int maxPeers;
  private final PeerAcceptor acceptor;

  /** For those that we dial. */
  private final Mse mse;

  // All that follows belongs to the loop.
  private final Map<Channel, PeerWire> open = new HashMap<>();
  private int dialling;
  private boolean paused;

  private volatile @Nullable Channel listener;

  /**
   * Starts the event loop.
   *
   * @param maxPeers how many connections there may be; fewer, if the process may not have so many
   *     descriptors
   * @param encryption what is expected of peers that dial us, and done with those that we dial
   * @throws IOException if the system does not give what that needs
   */
  public Network(int maxPeers, MseOptions encryption, RandomSource random) throws IOException {
    group = startLoop();
    loop = group.next();
    descriptors = Descriptors.ofProcess();
    this.maxPeers = Math.min(maxPeers, descriptors.peers());
    mse = new Mse(encryption, Torrents.NONE, random);
    int halfOpen = descriptors.halfOpen();
    acceptor =
        PeerAcceptor.builder()
            .wire(WIRE)
            .encryption(encryption, random)
            .maxHalfOpen(halfOpen, Math.min(MAX_HALF_OPEN_OF_ONE, halfOpen))
            .build();
  }

  private static MultiThreadIoEventLoopGroup startLoop() throws IOException {
    try {
      return new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("peerwire-net", true), NioIoHandler.newFactory());
    } catch (IllegalStateException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new IOException("can't start to use the network: " + message(cause), e);
    }
  }

  /** Whether connections are encrypted; by any thread. */
  public EncryptionPolicy encryption() {
    return mse.options().policy();
  }

  /** The event loop; by any thread. */
  public EventLoop loop() {
    return loop;
  }

  /** The clock of the wires, in nanoseconds; by any thread. */
  public long now() {
    return loop.ticker().nanoTime();
  }

  /** Listens for peers; blocks; by any thread but the loop's. */
  public void listen(InetSocketAddress address) throws IOException {
    io.netty.channel.ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 128)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(descriptors.batch()))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffer)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(acceptor)
            .bind(address)
            .awaitUninterruptibly();
    Throwable cause = bound.cause();
    if (cause != null) {
      throw new IOException("can't listen on " + text(address) + ": " + message(cause), cause);
    }
    Channel channel = bound.channel();
    // Out of descriptors, say: the rest goes on, and accepting after a while.
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(ChannelHandlerContext context, Throwable e) {
                // ServerBootstrap has stopped accepting for a second, and that is all there is to
                // do.
              }
            });
    listener = channel;
  }

  /** Where it listens; by any thread. */
  public Optional<InetSocketAddress> listenAddress() {
    Channel channel = listener;
    return channel == null
        ? Optional.empty()
        : Optional.of((InetSocketAddress) channel.localAddress());
  }

  /**
   * A torrent is here: peers that name it are let in.
   *
   * @return false if it was already
   */
  public boolean add(InfoHash infoHash, Host host) {
    return acceptor.add(infoHash, new Entrance(this, host));
  }

  /** A torrent is not here any more. */
  public void remove(InfoHash infoHash, Host host) {
    acceptor.remove(infoHash, new Entrance(this, host));
  }

  /**
   * Dials a peer; {@link Host#dialled} is called if it answers.
   *
   * @param encrypted whether encryption is asked for
   * @param failed told why not, as one line
   */
  public void dial(
      InetSocketAddress address, Host host, boolean encrypted, Consumer<String> failed) {
    if (open.size() + dialling >= maxPeers) {
      loop.execute(() -> failed.accept("there are " + maxPeers + " connections already"));
      return;
    }
    dialling++;
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffer)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, DIAL_MILLIS)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .handler(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
              }
            })
        .connect(address)
        .addListener(
            (io.netty.channel.ChannelFutureListener)
                future -> {
                  dialling--;
                  if (future.isSuccess()) {
                    dialled(future.channel(), address, host, encrypted);
                  } else {
                    failed.accept("can't connect: " + message(future.cause()));
                  }
                });
  }

  /** Reads no more from any connection, or again. The peers' requests wait as well then. */
  public void pause(boolean value) {
    if (paused != value) {
      paused = value;
      open.values().forEach(wire -> wire.pause(value));
    }
  }

  /** Ends everything; blocks for a bounded time; by any thread but the loop's. */
  public void close() {
    Channel channel = listener;
    if (channel != null) {
      channel.close();
    }
    if (group
        .shutdownGracefully(0, 2, TimeUnit.SECONDS)
        .awaitUninterruptibly(5, TimeUnit.SECONDS)) {
      receiveBuffer.release();
    }
  }

  // ---------------------------------------------------------------- inside

  /** Where those come in that ask for a torrent. Two are equal if they lead to the same host. */
  private record Entrance(Network network, Host host) implements PeerHost {
    @Override
    public @Nullable PeerListener greet(IncomingPeer peer) {
      return network.letIn(peer, host);
    }
  }

  /** A peer has dialled us and has named a torrent. */
  private @Nullable PeerListener letIn(IncomingPeer peer, Host host) {
    Channel channel = peer.channel();
    PeerListener listener =
        open.size() + dialling < maxPeers
                && channel.remoteAddress() instanceof InetSocketAddress address
            ? host.greeted(peer, address)
            : null;
    if (listener != null) {
      opened(channel, peer.wire(), host);
      channel.pipeline().addFirst(new SwarmClock(host));
    }
    return listener;
  }

  private void dialled(Channel channel, InetSocketAddress address, Host host, boolean encrypted) {
    PeerWire wire = host.dialled(address);
    if (wire == null) {
      channel.close();
    } else if (encrypted) {
      MseTransport layer = mse.initiate(wire.transport(), host.infoHash(address));
      host.encrypts(address, layer);
      join(channel, host, new PeerWireHandler(wire, layer));
    } else {
      join(channel, host, new PeerWireHandler(wire));
    }
  }

  private void join(Channel channel, Host host, PeerWireHandler handler) {
    opened(channel, handler.wire(), host);
    channel.pipeline().addLast(new SwarmClock(host), handler);
  }

  private void opened(Channel channel, PeerWire wire, Host host) {
    open.put(channel, wire);
    wire.pause(paused);
    channel
        .closeFuture()
        .addListener(
            future -> {
              open.remove(channel);
              host.disconnected();
            });
  }

  private static String text(InetSocketAddress address) {
    String host =
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  private static String message(@Nullable Throwable e) {
    if (e instanceof io.netty.channel.ConnectTimeoutException) {
      return "no answer within " + DIAL_MILLIS / 1000 + " s";
    }
    if (e == null || e.getMessage() == null) {
      return String.valueOf(e);
    }
    String message = e.getMessage();
    // Netty appends the address, which is known.
    int at = message.indexOf(": ");
    return e instanceof java.net.ConnectException && at > 0 ? message.substring(0, at) : message;
  }
}
