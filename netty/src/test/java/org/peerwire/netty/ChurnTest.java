package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.Channel;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peerwire.InfoHash;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.Torrents;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * D8, Z42: connections that come, shake hands and go leave nothing behind: memory, descriptors and
 * threads return to where they were. {@code -Dpeerwire.churn=1000000} is the soak.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class ChurnTest {
  private static final int CYCLES = Integer.getInteger("peerwire.churn", 20_000);
  private static final int WARM_UP = 3_000;
  private static final int THREADS = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final AtomicLong greeted = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final Mse mse =
      new Mse(MseOptions.of(EncryptionPolicy.REQUIRE), Torrents.NONE, RANDOM::nextBytes);

  private record Baseline(long heap, long direct, long descriptors, int threads) {
    static Baseline now() throws InterruptedException {
      ReferenceQueue<Object> gone = new ReferenceQueue<>();
      WeakReference<Object> one = new WeakReference<>(new Object(), gone);
      System.gc();
      assertThat(gone.remove(10_000)).isSameAs(one);
      System.gc(); // collects what the references of the first have enqueued
      return new Baseline(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory(),
          ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getOpenFileDescriptorCount(),
          ManagementFactory.getThreadMXBean().getThreadCount());
    }
  }

  @BeforeEach
  void watchLittle() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
  }

  @AfterEach
  void watchAgain() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @Test
  void z42_allReturnsToWhereItWas() throws Exception {
    PeerAcceptor acceptor =
        PeerAcceptor.builder()
            .encryption(
                MseOptions.builder(EncryptionPolicy.PREFER).handshakesPerSecond(100_000).build(),
                RANDOM::nextBytes)
            .build();
    acceptor.add(Said.TORRENT, peer -> new Host());
    ExecutorService peers = Executors.newFixedThreadPool(THREADS);
    Stack.NIO.run(
        sockets -> {
          Channel server = sockets.listen(acceptor);
          cycle(sockets, peers, server.localAddress(), WARM_UP);
          Baseline before = Baseline.now();
          cycle(sockets, peers, server.localAddress(), CYCLES);
          Baseline after = Baseline.now();
          assertThat(greeted).hasValue(WARM_UP + CYCLES);
          assertThat(acceptor.halfOpen()).isZero();
          assertThat(after.threads()).isEqualTo(before.threads());
          assertThat(after.descriptors()).isEqualTo(before.descriptors());
          assertThat(after.direct())
              .as("direct memory, %s before", before.direct())
              .isLessThanOrEqualTo(before.direct() + (1 << 20));
          assertThat(after.heap())
              .as("heap, %s before", before.heap())
              .isLessThan(before.heap() + (2 << 20));
        });
    peers.shutdown();
    assertThat(peers.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }

  private void cycle(Stack.Sockets sockets, ExecutorService peers, SocketAddress address, int count)
      throws Exception {
    long target = ended.get() + count;
    List<Future<Void>> running = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      running.add(
          peers.submit(
              () -> {
                for (int i = thread; i < count; i += THREADS) {
                  if (i % 50 == 1) {
                    encrypted(sockets, address);
                  } else {
                    plain(address, i);
                  }
                }
                return null;
              }));
    }
    for (Future<Void> each : running) {
      each.get();
    }
    long since = System.nanoTime();
    while (ended.get() < target) {
      assertThat(System.nanoTime() - since).as("all end").isLessThan(30_000_000_000L);
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Ends by a reset, or in order: from many addresses, as its port stays taken for a minute. */
  private static void plain(SocketAddress address, int number) throws IOException {
    try (SocketChannel peer = SocketChannel.open()) {
      if (number % 10 == 0) {
        byte[] from = {127, 0, (byte) (1 + number / 10 % 64), 1};
        peer.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
      } else {
        peer.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      peer.connect(address);
      peer.write(HANDSHAKE.duplicate());
      ByteBuffer answer = ByteBuffer.allocate(68);
      while (answer.hasRemaining()) {
        if (peer.read(answer) < 0) {
          throw new IOException("no handshake");
        }
      }
    }
  }

  private static final ByteBuffer HANDSHAKE = handshake();

  private static ByteBuffer handshake() {
    var bytes =
        Said.by(
            peer -> {
              peer.infoHash(0, Said.TORRENT);
              peer.peerId(Said.PEER);
            });
    ByteBuffer copy = ByteBuffer.allocateDirect(bytes.readableBytes());
    bytes.readBytes(copy).release();
    return copy.flip();
  }

  private void encrypted(Stack.Sockets sockets, SocketAddress address) throws Exception {
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    PeerWire wire =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire open, org.peerwire.Handshake handshake) {
                open.close();
              }

              @Override
              public void onClose(PeerWire open, CloseCause cause) {
                closed.complete(cause);
              }
            });
    wire.handshake(Said.TORRENT, Said.PEER);
    Channel channel =
        sockets.connect(
            new PeerWireHandler(wire, mse.initiate(wire.transport(), Said.TORRENT)), address);
    assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByUs());
    channel.closeFuture().sync();
  }

  private final class Host implements PeerListener {
    Host() {
      greeted.incrementAndGet();
    }

    @Override
    public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
      wire.handshake(infoHash, Said.US);
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      ended.incrementAndGet();
    }
  }
}
