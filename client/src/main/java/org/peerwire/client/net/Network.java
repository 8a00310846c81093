package org.peerwire.client.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.RandomSource;
import org.peerwire.mse.TorrentTable;
import org.peerwire.netty.PeerWireHandler;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * One event loop, on which all connections of a client live, so that a swarm and its wires have one
 * thread. The blocks' way is short enough that the loop outruns disks and hashes; a second one
 * would buy locks. Methods are for the loop's thread where nothing else is said.
 */
// What Netty's futures tell of closing and writing is told by the channels' events too.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Network {
  private static final int DIAL_MILLIS = 10_000;
  private static final int MAX_HALF_OPEN = 1_024;
  private static final int MAX_HALF_OPEN_OF_ONE = 64;

  /**
   * Enough for the kernel to be busy while the loop is elsewhere, and little to hold for a peer.
   */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 << 10, 512 << 10);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("peerwire-net", true), NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final int maxPeers;
  private final TorrentTable torrents = new TorrentTable();
  private final Mse mse;

  // All that follows belongs to the loop.
  private final Map<InfoHash, Host> hosts = new HashMap<>();
  private final Set<Channel> open = new HashSet<>();
  private final Map<Channel, InetAddress> halfOpen = new LinkedHashMap<>();
  private boolean paused;

  private volatile @Nullable Channel listener;

  /**
   * Starts the event loop.
   *
   * @param maxPeers how many connections there may be
   * @param encryption what is expected of peers that dial us, and done with those that we dial
   */
  public Network(int maxPeers, MseOptions encryption, RandomSource random) {
    this.maxPeers = maxPeers;
    mse = new Mse(encryption, torrents, random);
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
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accepted(channel);
                  }
                })
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
    if (hosts.putIfAbsent(infoHash, host) != null) {
      return false;
    }
    torrents.add(infoHash);
    return true;
  }

  /** A torrent is not here any more. */
  public void remove(InfoHash infoHash, Host host) {
    if (hosts.remove(infoHash, host)) {
      torrents.remove(infoHash);
    }
  }

  /**
   * Dials a peer; {@link Host#connected} is called if it answers.
   *
   * @param encrypted whether encryption is asked for
   * @param failed told why not, as one line
   */
  public void dial(
      InetSocketAddress address, Host host, boolean encrypted, Consumer<String> failed) {
    if (open.size() >= maxPeers) {
      loop.execute(() -> failed.accept("there are " + maxPeers + " connections already"));
      return;
    }
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
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
      for (Channel channel : open) {
        channel.config().setAutoRead(!value);
      }
    }
  }

  /** Ends everything; blocks for a bounded time; by any thread but the loop's. */
  public void close() {
    Channel channel = listener;
    if (channel != null) {
      channel.close();
    }
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  // ---------------------------------------------------------------- inside

  private void accepted(SocketChannel channel) {
    InetAddress from =
        channel.remoteAddress() == null ? null : channel.remoteAddress().getAddress();
    if (from == null || open.size() + halfOpen.size() >= maxPeers + MAX_HALF_OPEN) {
      channel.close();
      return;
    }
    makeRoom(from);
    halfOpen.put(channel, from);
    channel.pipeline().addLast(new Doorman(this));
  }

  /** The oldest goes first: an honest peer has said who it wants long before. */
  private void makeRoom(InetAddress from) {
    Channel oldest = null;
    int ofOne = 0;
    for (Map.Entry<Channel, InetAddress> each : halfOpen.entrySet()) {
      if (each.getValue().equals(from)) {
        oldest = oldest == null ? each.getKey() : oldest;
        ofOne++;
      }
    }
    Channel drop = ofOne >= MAX_HALF_OPEN_OF_ONE ? oldest : null;
    if (drop == null && halfOpen.size() >= MAX_HALF_OPEN) {
      drop = halfOpen.keySet().iterator().next();
    }
    if (drop != null) {
      halfOpen.remove(drop);
      drop.close();
    }
  }

  /** A peer has named a torrent. The bytes are what it said so far, ours to release. */
  void letIn(ChannelHandlerContext context, InfoHash infoHash, ByteBuf bytes) {
    Channel channel = context.channel();
    Host host = open.size() >= maxPeers ? null : hosts.get(infoHash);
    if (host == null
        || !(channel.remoteAddress() instanceof InetSocketAddress address)
        || !accept(channel, address, host)) {
      bytes.release();
      context.close();
      return;
    }
    context.fireChannelRead(bytes);
    channel.pipeline().remove(context.handler());
  }

  /**
   * A peer speaks no plain BitTorrent, so it begins an encrypted handshake or is none. It stays
   * half open until it has named a torrent.
   *
   * @param bytes what it said so far, ours to release
   */
  void decrypt(ChannelHandlerContext context, ByteBuf bytes) {
    Channel channel = context.channel();
    if (encryption() == EncryptionPolicy.OFF
        || !(channel.remoteAddress() instanceof InetSocketAddress address)) {
      bytes.release();
      left(channel);
      context.close();
      return;
    }
    Lobby lobby = new Lobby(channel, address);
    PeerWire wire = new PeerWire(lobby);
    MseTransport layer = mse.accept(wire.transport());
    lobby.layer = layer;
    channel.pipeline().addLast(new PeerWireHandler(wire, layer));
    channel.closeFuture().addListener(future -> left(channel));
    context.fireChannelRead(bytes);
    channel.pipeline().remove(context.handler());
  }

  /** Hears a wire under which encryption is negotiated, until the peer has named a torrent. */
  private final class Lobby implements PeerListener {
    private final Channel channel;
    private final InetSocketAddress address;
    private @Nullable MseTransport layer;

    Lobby(Channel channel, InetSocketAddress address) {
      this.channel = channel;
      this.address = address;
    }

    @Override
    public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
      left(channel);
      Host host = open.size() >= maxPeers ? null : hosts.get(infoHash);
      PeerListener listener = host == null ? null : host.greeted(address);
      if (host == null || listener == null) {
        wire.close();
        return;
      }
      MseTransport known = layer;
      if (known != null) {
        host.encrypts(address, known);
      }
      wire.handOver(listener);
      opened(channel, host);
      channel.pipeline().addFirst(new SwarmClock(host));
      listener.onInfoHash(wire, infoHash, reserved);
    }
  }

  /** A connection is no longer half open. */
  void left(Channel channel) {
    halfOpen.remove(channel);
  }

  private void dialled(Channel channel, InetSocketAddress address, Host host, boolean encrypted) {
    PeerWire wire = host.connected(address, true);
    if (wire == null) {
      channel.close();
    } else if (encrypted) {
      MseTransport layer = mse.initiate(wire.transport(), host.infoHash());
      host.encrypts(address, layer);
      join(channel, host, new PeerWireHandler(wire, layer));
    } else {
      join(channel, host, new PeerWireHandler(wire));
    }
  }

  private boolean accept(Channel channel, InetSocketAddress address, Host host) {
    PeerWire wire = host.connected(address, false);
    if (wire == null) {
      channel.close();
      return false;
    }
    join(channel, host, new PeerWireHandler(wire));
    return true;
  }

  private void join(Channel channel, Host host, PeerWireHandler handler) {
    opened(channel, host);
    channel.pipeline().addLast(new SwarmClock(host), handler);
  }

  private void opened(Channel channel, Host host) {
    open.add(channel);
    if (paused) {
      channel.config().setAutoRead(false);
    }
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
