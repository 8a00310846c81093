package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.InfoHash;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/**
 * B6, C13: 200 peers that ask for all they may and never read. What is held for them is bounded by
 * the windows, whatever more they say, and they are closed as stalled.
 */
@Timeout(90)
class SlowReadersTest {
  private static final int PEERS = 200;
  private static final int BLOCK = 16 << 10;
  private static final int PIECES = 1_000;
  private static final PieceLayout LAYOUT = PieceLayout.of((long) PIECES * BLOCK, BLOCK);

  /** In one go, of which each peer says many. */
  private static final int REQUESTS = 500;

  private static final WireOptions OPTIONS =
      WireOptions.builder().sendTimeout(Duration.ofSeconds(6)).build();

  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong released = new AtomicLong();
  private final AtomicInteger shaken = new AtomicInteger();
  private final BlockingQueue<CloseCause> ends = new LinkedBlockingQueue<>();

  /** Watching each buffer takes longer than the peers have. */
  @BeforeEach
  void watchLittle() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
  }

  @AfterEach
  void watchAgain() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @Test
  void c13_memoryStaysFlatAndTheyAreClosedAsStalled() throws Exception {
    PeerAcceptor acceptor = PeerAcceptor.builder().wire(OPTIONS).maxHalfOpen(PEERS, PEERS).build();
    acceptor.add(Said.TORRENT, peer -> new Seeder());
    List<SocketChannel> peers = new ArrayList<>();
    Stack.NIO.run(
        sockets -> {
          Channel server =
              sockets.listen(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      // Or the kernel would hold all of it.
                      channel.config().setOption(ChannelOption.SO_SNDBUF, 16 << 10);
                      channel.pipeline().addLast(acceptor);
                    }
                  });
          long direct = direct();
          List<ByteBuffer> words = new ArrayList<>();
          List<ByteBuffer> more = new ArrayList<>();
          for (int i = 0; i < PEERS; i++) {
            SocketChannel peer = SocketChannel.open();
            peer.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 10);
            peer.connect(server.localAddress());
            peer.configureBlocking(false);
            peers.add(peer);
            // Those with the fast extension are told of each request that is refused.
            words.add(words((i & 1) == 0 ? 0 : Feature.FAST.mask()));
            more.add(requests());
          }
          long sent = 0;
          for (int i = 0; i < PEERS; i++) {
            while (words.get(i).hasRemaining()) {
              sent += peers.get(i).write(words.get(i));
            }
          }
          awaitStall();
          long heap = heap();
          long directAtFirst = direct() - direct;

          // Each goes on asking for as long as anyone listens.
          sent += say(peers, more, 64L * PEERS * REQUESTS * 17);
          long directLater = direct() - direct;
          long heapGrowth = heap() - heap;
          assertThat(sent).as("much was said").isGreaterThan(PEERS * REQUESTS * 17L);
          long windows = (long) PEERS * OPTIONS.uploadWindow();
          assertThat(directAtFirst)
              .as("the windows are full")
              .isBetween(windows / 2, windows + (windows >> 1) + (16 << 20));
          assertThat(directLater).as("and stay so").isLessThan(directAtFirst + (4 << 20));
          // The refusals that wait, in an array that may be twice as large.
          assertThat(heapGrowth)
              .as("growth of the heap")
              .isLessThan(PEERS / 2 * (2L * OPTIONS.controlWindow()));

          for (int i = 0; i < PEERS; i++) {
            assertThat(ends.poll(40, TimeUnit.SECONDS))
                .isEqualTo(new CloseCause.TimedOut(org.peerwire.wire.Timeout.SEND_STALLED));
          }
        });
    assertThat(shaken).hasValue(PEERS);
    assertThat(released).as("all is let go of").hasValue(asked.get());
    for (SocketChannel peer : peers) {
      peer.close();
    }
  }

  /** Until no block has moved for a while. */
  private void awaitStall() {
    long before = -1;
    for (long now = asked.get(); now != before || shaken.get() < PEERS; now = asked.get()) {
      before = now;
      LockSupport.parkNanos(200_000_000);
    }
  }

  /**
   * Writes this to each peer's connection, again and again, until none takes any or all is said.
   */
  private static long say(List<SocketChannel> peers, List<ByteBuffer> words, long most)
      throws Exception {
    long total = 0;
    long lastProgress = System.nanoTime();
    while (total < most && System.nanoTime() - lastProgress < 300_000_000L) {
      for (int i = 0; i < peers.size() && total < most; i++) {
        int count = write(peers.get(i), words.get(i));
        if (!words.get(i).hasRemaining()) {
          words.get(i).rewind();
        }
        total += count;
        if (count > 0) {
          lastProgress = System.nanoTime();
        }
      }
    }
    return total;
  }

  /** A peer may have been closed already. */
  private static int write(SocketChannel peer, ByteBuffer words) {
    try {
      return peer.write(words);
    } catch (IOException e) {
      return 0;
    }
  }

  private static ByteBuffer words(long reserved) {
    return nio(
        Said.by(
            peer -> {
              peer.infoHash(reserved, Said.TORRENT);
              peer.peerId(Said.PEER);
              if (reserved != 0) {
                peer.haveNone();
              }
              peer.interested();
              for (int i = 0; i < REQUESTS; i++) {
                peer.request(i, 0, BLOCK);
              }
            }));
  }

  private static ByteBuffer requests() {
    return nio(
        Said.by(
            peer -> {
              // Others than those that are pending, or it would be another violation.
              for (int i = 0; i < REQUESTS; i++) {
                peer.request(REQUESTS + i, 0, BLOCK);
              }
            }));
  }

  private static ByteBuffer nio(ByteBuf bytes) {
    ByteBuffer copy = ByteBuffer.allocateDirect(bytes.readableBytes());
    bytes.readBytes(copy).release();
    return copy.flip();
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  private final class Seeder implements PeerListener {
    @Override
    public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
      shaken.incrementAndGet();
      wire.handshake(infoHash, Said.US);
      wire.layout(LAYOUT);
      PieceSet all = new PieceSet(PIECES);
      all.addAll();
      wire.bitfield(all);
      wire.unchoke();
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      asked.addAndGet(length);
      wire.respond(piece, begin, new Held(length));
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      ends.add(cause);
    }
  }

  /** Read into memory of Netty's when it is its turn. */
  private final class Held implements BlockRegion {
    private final int length;

    Held(int length) {
      this.length = length;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public void read(int offset, ByteBuffer target) {
      target.position(target.limit());
    }

    @Override
    public void release() {
      released.addAndGet(length);
    }
  }
}
