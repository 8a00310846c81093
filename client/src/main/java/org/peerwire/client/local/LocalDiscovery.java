package org.peerwire.client.local;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.IpAddress;
import org.peerwire.swarm.local.LocalAnnounce;
import org.peerwire.swarm.local.LocalHearing;
import org.peerwire.swarm.local.LocalSchedule;

/**
 * Tells the local network which torrents are here, and hears who else has them (<a
 * href="https://www.bittorrent.org/beps/bep_0014.html">BEP 14</a>). There is a socket while there
 * are torrents. Whoever does not listen for peers hears, and says nothing. What goes wrong is told
 * once, and the rest of the client goes on. Belongs to the event loop.
 */
// What Netty's futures of closing and of timers tell changes nothing.
@SuppressWarnings("FutureReturnValueIgnored")
public final class LocalDiscovery {
  /** As far as the next router: these are the addresses that are believed. */
  private static final int HOPS = 1;

  /** New interfaces are looked for so often, where nothing is announced. */
  private static final long LOOK = TimeUnit.MINUTES.toNanos(1);

  /** A torrent that others may have. */
  public interface Torrent {
    /**
     * A peer of it has been heard, at its own address; it may be known, or be a lie.
     *
     * @param named the info-hash by which it knows the torrent
     */
    void heard(InetSocketAddress peer, InfoHash named);

    /** Local discovery does not work, or not fully; one line for a person. */
    void warning(String sentence);
  }

  private final EventLoop loop;
  private final LocalGroup group;
  private final Supplier<Optional<InetSocketAddress>> listen;
  private final String cookie;
  private final LocalSchedule schedule = new LocalSchedule();
  private final LocalHearing hearing = new LocalHearing();
  private final Map<InfoHash, Set<Torrent>> torrents = new HashMap<>();

  /** Those on which the group was joined. */
  private final Set<NetworkInterface> joined = new HashSet<>();

  private @Nullable DatagramChannel channel;
  private @Nullable ScheduledFuture<?> timer;
  private boolean opening;
  private boolean warned;

  /**
   * Does nothing yet.
   *
   * @param listen where peers are listened for, if they are
   * @param cookie by which our own announces are known, in visible ASCII, at most 32
   */
  public LocalDiscovery(
      EventLoop loop,
      LocalGroup group,
      Supplier<Optional<InetSocketAddress>> listen,
      String cookie) {
    this.loop = loop;
    this.group = group;
    this.listen = listen;
    this.cookie = cookie;
  }

  /** A torrent is here, which is not private. */
  public void add(InfoHash infoHash, Torrent torrent) {
    torrents.computeIfAbsent(infoHash, hash -> new LinkedHashSet<>()).add(torrent);
    schedule.add(infoHash);
    // Those that begin together are announced together.
    loop.execute(this::proceed);
  }

  /** A torrent is not here any more. */
  public void remove(InfoHash infoHash, Torrent torrent) {
    Set<Torrent> all = torrents.get(infoHash);
    if (all != null && all.remove(torrent) && all.isEmpty()) {
      torrents.remove(infoHash);
      schedule.remove(infoHash);
    }
    if (torrents.isEmpty()) {
      quit();
    }
  }

  private void quit() {
    ScheduledFuture<?> task = timer;
    if (task != null) {
      task.cancel(false);
      timer = null;
    }
    DatagramChannel open = channel;
    if (open != null) {
      channel = null;
      joined.clear();
      open.close();
    }
  }

  /** Does what is due. */
  private void proceed() {
    if (opening || torrents.isEmpty()) {
      return;
    }
    DatagramChannel open = channel;
    if (open == null) {
      open(group.address());
      return;
    }
    ScheduledFuture<?> task = timer;
    if (task != null) {
      task.cancel(false);
    }
    InetSocketAddress here = listen.get().orElse(null);
    List<NetworkInterface> interfaces = join(open, here == null ? null : here.getAddress());
    long wait = LOOK;
    if (here != null) {
      List<InfoHash> due = schedule.poll(now());
      if (!due.isEmpty()) {
        announce(open, interfaces, new LocalAnnounce(due, here.getPort(), cookie));
      }
      wait = Math.min(LOOK, schedule.nanosUntilPoll(now()));
    }
    timer = loop.schedule(this::proceed, wait, TimeUnit.NANOSECONDS);
  }

  private long now() {
    return loop.ticker().nanoTime();
  }

  // ---------------------------------------------------------------- the socket

  /**
   * Opens the socket, for others at the same port as well.
   *
   * @param at the group's address, so that nothing comes but what was sent to the group: what is
   *     sent to this machine alone may be from anywhere. Where a system can't do that, any address
   */
  private void open(InetSocketAddress at) {
    opening = true;
    ChannelFuture bound =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> new NioDatagramChannel(SocketProtocolFamily.INET))
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.IP_MULTICAST_TTL, HOPS)
            // One byte more, to tell those that are too long.
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(LocalAnnounce.MAX_LENGTH + 1))
            .handler(new Receiver())
            .bind(at);
    bound.addListener(
        future -> {
          opening = false;
          if (future.isSuccess()) {
            channel = (DatagramChannel) bound.channel();
            proceed();
            if (torrents.isEmpty()) {
              quit();
            }
          } else if (at.equals(group.address())) {
            open(new InetSocketAddress(at.getPort()));
          } else {
            warn(future.cause());
          }
        });
  }

  /** Joins the group wherever it was not. Returns where peers can dial us. */
  private List<NetworkInterface> join(DatagramChannel open, @Nullable InetAddress here) {
    try {
      List<NetworkInterface> interfaces = group.interfaces(here);
      joined.retainAll(interfaces);
      for (NetworkInterface each : interfaces) {
        if (joined.add(each)) {
          open.joinGroup(group.address(), each).addListener(future -> warn(future.cause()));
        }
      }
      if (interfaces.isEmpty()) {
        warn(new IOException("there is no network interface for it"));
      }
      return interfaces;
    } catch (IOException e) {
      warn(e);
      return List.of();
    }
  }

  private void announce(
      DatagramChannel open, List<NetworkInterface> interfaces, LocalAnnounce announce) {
    ByteBuffer datagram = announce.toDatagram(group.host());
    for (NetworkInterface each : interfaces) {
      try {
        open.config().setNetworkInterface(each);
        open.writeAndFlush(
                new DatagramPacket(Unpooled.wrappedBuffer(datagram.duplicate()), group.address()))
            .addListener(future -> warn(future.cause()));
      } catch (ChannelException e) {
        // It has just gone.
        warn(e);
      }
    }
  }

  private void warn(@Nullable Throwable e) {
    if (e == null || warned || torrents.isEmpty()) {
      return;
    }
    warned = true;
    String sentence = "peers of the local network may not be found: " + e.getMessage();
    torrents.values().iterator().next().iterator().next().warning(sentence);
  }

  private void heard(DatagramPacket packet) {
    InetAddress from = packet.sender().getAddress();
    if (!hearing.admits(IpAddress.of(from.getAddress()), now())) {
      return;
    }
    LocalAnnounce announce = LocalAnnounce.parse(packet.content().nioBuffer()).orElse(null);
    if (announce == null || announce.cookie().equals(cookie)) {
      return;
    }
    InetSocketAddress peer = new InetSocketAddress(from, announce.port());
    for (InfoHash infoHash : announce.infoHashes()) {
      List.copyOf(torrents.getOrDefault(infoHash, Set.of()))
          .forEach(each -> each.heard(peer, infoHash));
    }
  }

  /** Hears what is said in the group. */
  private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      heard(packet);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable e) {
      warn(e);
    }
  }
}
