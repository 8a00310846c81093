package org.peerwire.bench.connections;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.channel.FileRegion;
import org.peerwire.netty.PeerAcceptor;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/**
 * A seeder of one torrent, to whom many connect: {@code Listener KEEP-ALIVE-SECONDS IDLE-SECONDS
 * [epoll]}. It says {@code listening PORT}, and answers each line with what it costs:
 *
 * <pre>
 *   cpu                 processor time alone, of the process and of the event loop
 *   keep-alive SECONDS  the same, and whoever comes from now on is sent one as often
 *   cost                what else there is to tell, too, after all garbage was collected
 *   trim                the same, after what the C library has free went back to the system
 * </pre>
 */
public final class Listener implements PeerListener {
  private static final PeerId ID = PeerId.ofAscii("-PW0000-listenerlist");

  private final FileChannel content;
  private final PieceSet all = new PieceSet(Torrent.PIECES);
  private final AtomicLong open = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong uploaded = new AtomicLong();
  private volatile Duration keepAlive;
  private volatile String lastEnd = "-";
  private long loopThread;

  private Listener(Duration keepAlive, FileChannel content) {
    this.keepAlive = keepAlive;
    this.content = content;
    all.addAll();
  }

  /** Runs until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    Path file = Files.createTempFile("listener", ".content");
    try (FileChannel content =
        FileChannel.open(
            Files.write(file, new byte[Torrent.PIECE_LENGTH]),
            StandardOpenOption.READ,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      Listener listener = new Listener(seconds(arguments[0]), content);
      WireOptions options = WireOptions.builder().idleTimeout(seconds(arguments[1])).build();
      PeerAcceptor acceptor = PeerAcceptor.builder().wire(options).build();
      acceptor.add(Torrent.INFO_HASH, peer -> listener);
      boolean epoll = arguments.length > 2;
      MultiThreadIoEventLoopGroup group =
          new MultiThreadIoEventLoopGroup(
              1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
      listener.loopThread = group.submit(() -> Thread.currentThread().getId()).get();
      InetSocketAddress address =
          (InetSocketAddress)
              new ServerBootstrap()
                  .group(group)
                  .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                  .option(ChannelOption.SO_BACKLOG, 4_096)
                  .handler(
                      new ChannelInboundHandlerAdapter() {
                        @Override
                        public void exceptionCaught(ChannelHandlerContext context, Throwable e) {
                          // Out of descriptors: Netty accepts no more for a second.
                        }
                      })
                  .childHandler(acceptor)
                  .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                  .sync()
                  .channel()
                  .localAddress();
      System.out.println("listening " + address.getPort());
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("keep-alive")) {
          listener.keepAlive = seconds(words[1]);
        }
        if (words[0].equals("trim")) {
          trim();
        }
        boolean all = words[0].equals("cost") || words[0].equals("trim");
        System.out.println(all ? listener.cost() : listener.cpu());
      }
      group.shutdownGracefully(0, 5, java.util.concurrent.TimeUnit.SECONDS).sync();
    }
  }

  private static Duration seconds(String number) {
    return Duration.ofMillis((long) (Double.parseDouble(number) * 1_000));
  }

  private String cpu() {
    return "open "
        + open
        + " closed "
        + closed
        + " cpu "
        + system().getProcessCpuTime()
        + " loop "
        + ManagementFactory.getThreadMXBean().getThreadCpuTime(loopThread);
  }

  private String cost() throws IOException {
    touchYoungGeneration();
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long direct =
        ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
    long anonymous = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) {
        anonymous = Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return cpu()
        + " heap "
        + heap
        + " direct "
        + direct
        + " anonymous "
        + anonymous
        + " descriptors "
        + system().getOpenFileDescriptorCount()
        + " threads "
        + ManagementFactory.getThreadMXBean().getThreadCount()
        + " uploaded "
        + uploaded
        + " last "
        + lastEnd;
  }

  /** So that what garbage once took is counted from the beginning. */
  private static void touchYoungGeneration() {
    long sum = 0;
    for (int i = 0; i < 3_000; i++) {
      sum += new byte[32 << 10].length;
    }
    if (sum == 0) {
      throw new IllegalStateException();
    }
  }

  /** The compiler's working memory, above all. */
  private static void trim() throws IOException {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              new Object[0],
              new String[0]);
    } catch (JMException e) {
      throw new IOException("this Java can't trim its native heap; 17.0.9 can", e);
    }
  }

  private static UnixOperatingSystemMXBean system() {
    return (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  @Override
  public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
    wire.handshake(infoHash, ID);
    wire.layout(Torrent.LAYOUT);
    wire.bitfield(all);
    wire.keepAlive(keepAlive);
  }

  @Override
  public void onHandshake(PeerWire wire, Handshake handshake) {
    open.incrementAndGet();
  }

  @Override
  public void onInterested(PeerWire wire) {
    wire.unchoke();
  }

  @Override
  public void onRequest(PeerWire wire, int piece, int begin, int length) {
    wire.respond(piece, begin, new FileRegion(content, begin, length));
  }

  @Override
  public void onUpload(PeerWire wire, int bytes) {
    uploaded.addAndGet(bytes);
  }

  @Override
  public void onClose(PeerWire wire, CloseCause cause) {
    if (wire.peerHandshake() != null) {
      open.decrementAndGet();
    }
    closed.incrementAndGet();
    lastEnd = cause.toString().replace(' ', '_');
  }
}
