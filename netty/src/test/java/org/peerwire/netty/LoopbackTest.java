package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.BlockRegion;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.channel.FileRegion;
import org.peerwire.frame.FrameWriter;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.TorrentTable;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;
import org.peerwire.wire.WireOptions;

/** Whole transfers over real sockets, and peers that vanish. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class LoopbackTest {
  private static final int BLOCK = 16 << 10;
  private static final int PIECE = 64 << 10;

  /** Not a whole number of anything. */
  private static final int SIZE = (4 << 20) + 12_345;

  private static final PieceLayout LAYOUT = PieceLayout.of(SIZE, PIECE);

  private final Stack stack;
  private final byte[] content = new byte[SIZE];
  private final List<Counted> regions = new CopyOnWriteArrayList<>();
  private final CompletableFuture<CloseCause> seederClosed = new CompletableFuture<>();
  private final FileChannel file;

  /** How the seeder answers. */
  enum Answer {
    BUFFER,
    FILE,
    REGION
  }

  private record Counted(AtomicInteger released) {}

  LoopbackTest(Stack stack, @TempDir Path folder) throws IOException {
    this.stack = stack;
    new Random(4).nextBytes(content);
    file = FileChannel.open(Files.write(folder.resolve("content"), content));
  }

  @AfterEach
  void theFileIsStillOpenAndEachRegionWasReleasedOnce() throws IOException {
    assertThat(file.isOpen()).isTrue();
    file.close();
    assertThat(regions).allSatisfy(region -> assertThat(region.released()).hasValue(1));
  }

  @ParameterizedTest
  @EnumSource
  void allOfItArrives(Answer answer) throws Exception {
    stack.run(
        sockets -> {
          Leecher leecher = new Leecher();
          PeerWire wire = new PeerWire(leecher);
          wire.handshake(Said.TORRENT, Said.US);
          wire.layout(LAYOUT);
          PeerWire seeder = new PeerWire(new Seeder(answer));
          sockets.join(new PeerWireHandler(wire), new PeerWireHandler(seeder));
          assertThat(leecher.closed.get(20, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByUs());
          assertThat(seederClosed.get(5, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByPeer());
          assertThat(leecher.got).isEqualTo(content);
          assertThat(seeder.uploaded()).isEqualTo(SIZE);
          assertThat(wire.bytesReceived()).isEqualTo(seeder.bytesSent());
        });
    if (answer != Answer.BUFFER) {
      assertThat(regions).hasSize((SIZE + BLOCK - 1) / BLOCK);
    }
  }

  @ParameterizedTest
  @EnumSource
  void allOfItArrivesEncrypted(Answer answer) throws Exception {
    TorrentTable torrents = new TorrentTable();
    torrents.add(Said.TORRENT);
    Mse mse =
        new Mse(MseOptions.of(EncryptionPolicy.REQUIRE), torrents, new SecureRandom()::nextBytes);
    stack.run(
        sockets -> {
          Leecher leecher = new Leecher();
          PeerWire wire = new PeerWire(leecher);
          wire.handshake(Said.TORRENT, Said.US);
          wire.layout(LAYOUT);
          PeerWire seeder = new PeerWire(new Seeder(answer));
          MseTransport out = mse.initiate(wire.transport(), Said.TORRENT);
          MseTransport in = mse.accept(seeder.transport());
          sockets.join(new PeerWireHandler(wire, out), new PeerWireHandler(seeder, in));
          assertThat(leecher.closed.get(20, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByUs());
          assertThat(seederClosed.get(5, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByPeer());
          assertThat(leecher.got).isEqualTo(content);
          assertThat(out.encryption()).isEqualTo(Encryption.RC4);
          assertThat(in.encryption()).isEqualTo(Encryption.RC4);
        });
  }

  /**
   * A local channel of the same event loop reads inside of a write: the wire must not be entered
   * twice.
   */
  @Test
  void bothSidesMayShareAThreadAndAStack() throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    Leecher leecher = new Leecher();
    PeerWire wire = new PeerWire(leecher);
    wire.handshake(Said.TORRENT, Said.US);
    wire.layout(LAYOUT);
    LocalAddress address = new LocalAddress("shared by " + stack);
    new ServerBootstrap()
        .group(group)
        .channel(LocalServerChannel.class)
        .childHandler(new PeerWireHandler(new PeerWire(new Seeder(Answer.BUFFER))))
        .bind(address)
        .sync();
    new Bootstrap()
        .group(group)
        .channel(LocalChannel.class)
        .handler(new PeerWireHandler(wire))
        .connect(address)
        .sync();
    assertThat(leecher.closed.get(20, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByUs());
    assertThat(seederClosed.get(5, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByPeer());
    assertThat(leecher.got).isEqualTo(content);
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
  }

  @ParameterizedTest
  @EnumSource
  void aPeerVanishesWhileItIsServed(Answer answer) throws Exception {
    for (boolean reset : new boolean[] {false, true}) {
      CompletableFuture<CloseCause> closed = new CompletableFuture<>();
      stack.run(
          sockets -> {
            PeerWire seeder = new PeerWire(new Seeder(answer, closed));
            Channel server = sockets.listen(sockets.only(new PeerWireHandler(seeder)));
            try (Socket peer = connect(server, 8 << 10)) {
              ask(peer, 200);
              DataInputStream input = new DataInputStream(peer.getInputStream());
              input.readFully(new byte[3 * BLOCK + 5_000]);
              if (reset) {
                peer.setSoLinger(true, 0);
              }
            }
            // A peer that closes with bytes unread resets, whether it means to or not.
            assertThat(closed.get(10, TimeUnit.SECONDS))
                .isInstanceOfAny(CloseCause.TransportFailed.class, CloseCause.ByPeer.class);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13 - 4, 13, BLOCK})
  void aPeerVanishesInTheMiddleOfABlock(int missing) throws Exception {
    stack.run(
        sockets -> {
          Leecher leecher = new Leecher();
          PeerWire wire = new PeerWire(leecher);
          wire.handshake(Said.TORRENT, Said.US);
          wire.layout(LAYOUT);
          try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            sockets.connect(new PeerWireHandler(wire), server.getLocalSocketAddress());
            try (Socket peer = server.accept()) {
              say(
                  peer,
                  to -> {
                    to.infoHash(0, Said.TORRENT);
                    to.peerId(Said.PEER);
                    PieceSet all = new PieceSet(LAYOUT.pieceCount());
                    all.addAll();
                    to.bitfield(all);
                    to.unchoke();
                  });
              DataInputStream input = new DataInputStream(peer.getInputStream());
              input.readFully(new byte[68 + 5 + 17]);
              byte[] message = new byte[13 + BLOCK];
              ByteBuffer.wrap(message).putInt(9 + BLOCK).put((byte) 7);
              peer.getOutputStream().write(message, 0, message.length - missing);
              peer.shutdownOutput();
              CloseCause cause = leecher.closed.get(10, TimeUnit.SECONDS);
              if (missing == 0) {
                assertThat(cause).isEqualTo(new CloseCause.ByPeer());
              } else {
                assertThat(cause).isEqualTo(new CloseCause.CutInFrame(missing));
              }
            }
          }
          assertThat(leecher.blocks).isEqualTo(missing == 0 ? 1 : 0);
          assertThat(leecher.lost).isEqualTo(Leecher.PIPELINE);
        });
  }

  @Test
  void aPeerThatStopsReadingIsClosedAsStalled() throws Exception {
    stack.run(
        sockets -> {
          WireOptions options = WireOptions.builder().sendTimeout(Duration.ofMillis(300)).build();
          PeerWire seeder = new PeerWire(new Seeder(Answer.FILE, seederClosed), options);
          Channel server =
              sockets.listen(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.config().setOption(ChannelOption.SO_SNDBUF, 16 << 10);
                      channel.pipeline().addLast(new PeerWireHandler(seeder));
                    }
                  });
          try (Socket peer = connect(server, 4 << 10)) {
            ask(peer, 200);
            assertThat(seederClosed.get(20, TimeUnit.SECONDS))
                .hasToString(
                    new CloseCause.TimedOut(org.peerwire.wire.Timeout.SEND_STALLED).toString());
          }
        });
    assertThat(regions.size()).as("bounded by the window, not by what was asked").isLessThan(150);
  }

  /** D4: what one connection's listener throws ends that connection, and no other of its loop. */
  @Test
  void z29_aListenerThatThrowsEndsItsOwnConnectionAlone() throws Exception {
    CompletableFuture<CloseCause> thrown = new CompletableFuture<>();
    stack.run(
        1,
        sockets -> {
          Leecher leecher = new Leecher();
          PeerWire wire = new PeerWire(leecher);
          wire.handshake(Said.TORRENT, Said.US);
          wire.layout(LAYOUT);
          PeerWire broken =
              new PeerWire(
                  new Leecher() {
                    @Override
                    public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
                      throw new IllegalStateException("a bug of the application");
                    }

                    @Override
                    public void onClose(PeerWire wire, CloseCause cause) {
                      thrown.complete(cause);
                    }
                  });
          broken.handshake(Said.TORRENT, Said.US);
          broken.layout(LAYOUT);
          Channel server =
              sockets.listen(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      PeerWire seeder =
                          new PeerWire(new Seeder(Answer.FILE, new CompletableFuture<>()));
                      channel.pipeline().addLast(new PeerWireHandler(seeder));
                    }
                  });
          sockets.connect(new PeerWireHandler(broken), server.localAddress());
          assertThat(thrown.get(20, TimeUnit.SECONDS))
              .isInstanceOf(CloseCause.ListenerFailed.class);
          sockets.connect(new PeerWireHandler(wire), server.localAddress());
          assertThat(leecher.closed.get(20, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByUs());
          assertThat(leecher.got).isEqualTo(content);
        });
  }

  /** B17: whoever does not read, is not sent to: what comes waits with the peer, not with us. */
  @Test
  void z30_anApplicationThatDoesNotReadHoldsUpThePeer() throws Exception {
    int haves = 2_000_000;
    AtomicInteger heard = new AtomicInteger();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    PeerWire slow =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.handshake(Said.TORRENT, Said.US);
              }

              @Override
              public void onHave(PeerWire wire, int piece) {
                heard.incrementAndGet();
              }

              @Override
              public void onClose(PeerWire wire, CloseCause cause) {
                closed.complete(cause);
              }
            });
    stack.run(
        sockets -> {
          CompletableFuture<Channel> accepted = new CompletableFuture<>();
          Channel server =
              sockets.listen(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.config().setOption(ChannelOption.SO_RCVBUF, 64 << 10);
                      channel.pipeline().addLast(new PeerWireHandler(slow));
                      accepted.complete(channel);
                    }
                  });
          SocketChannel peer = SocketChannel.open(server.localAddress());
          peer.configureBlocking(false);
          Channel channel = accepted.get(5, TimeUnit.SECONDS);
          channel.config().setAutoRead(false);
          ByteBuffer words =
              nio(
                  Said.by(
                      to -> {
                        to.infoHash(0, Said.TORRENT);
                        to.peerId(Said.PEER);
                        for (int piece = 0; piece < haves; piece++) {
                          to.have(piece);
                        }
                      }));
          int all = words.remaining();
          int before = -1;
          while (words.position() != before && words.hasRemaining()) {
            before = words.position();
            for (int i = 0; i < 50; i++) {
              peer.write(words);
              LockSupport.parkNanos(2_000_000);
            }
          }
          assertThat(words.remaining()).as("most waits with the peer").isGreaterThan(all / 3);
          assertThat(heard.get()).isLessThan(haves / 3);
          channel.config().setAutoRead(true);
          peer.configureBlocking(true);
          while (words.hasRemaining()) {
            peer.write(words);
          }
          peer.shutdownOutput();
          assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByPeer());
          assertThat(heard).hasValue(haves);
          peer.close();
        });
  }

  private static ByteBuffer nio(ByteBuf bytes) {
    ByteBuffer copy = ByteBuffer.allocate(bytes.readableBytes());
    bytes.readBytes(copy).release();
    return copy.flip();
  }

  /** The application ends its event loops while much waits for a peer that does not read. */
  @ParameterizedTest
  @EnumSource
  void whatWaitsIsLetGoOfWithTheEventLoop(Answer answer) throws Exception {
    stack.run(
        sockets -> {
          CompletableFuture<CloseCause> closed = new CompletableFuture<>();
          PeerWire seeder = new PeerWire(new Seeder(answer, closed));
          Channel server = sockets.listen(sockets.only(new PeerWireHandler(seeder)));
          Socket peer = connect(server, 4 << 10);
          left.add(peer);
          ask(peer, 200);
          peer.getInputStream().readNBytes(1_000);
        });
    for (Socket peer : left) {
      peer.close();
    }
  }

  private final List<Socket> left = new CopyOnWriteArrayList<>();

  // ---------------------------------------------------------------- the two sides

  private final class Seeder implements PeerListener {
    private final Answer answer;
    private final CompletableFuture<CloseCause> closed;

    Seeder(Answer answer) {
      this(answer, seederClosed);
    }

    Seeder(Answer answer, CompletableFuture<CloseCause> closed) {
      this.answer = answer;
      this.closed = closed;
    }

    @Override
    public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
      wire.handshake(infoHash, Said.PEER);
      wire.layout(LAYOUT);
      PieceSet all = new PieceSet(LAYOUT.pieceCount());
      all.addAll();
      wire.bitfield(all);
      wire.unchoke();
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      int at = piece * PIECE + begin;
      AtomicInteger released = new AtomicInteger();
      if (answer != Answer.BUFFER) {
        regions.add(new Counted(released));
      }
      switch (answer) {
        case BUFFER -> wire.respond(piece, begin, ByteBuffer.wrap(content, at, length));
        case FILE ->
            wire.respond(piece, begin, new FileRegion(file, at, length, released::incrementAndGet));
        case REGION ->
            wire.respond(
                piece,
                begin,
                new BlockRegion() {
                  @Override
                  public int length() {
                    return length;
                  }

                  @Override
                  public void read(int offset, ByteBuffer target) {
                    target.put(content, at + offset, target.remaining());
                  }

                  @Override
                  public void release() {
                    released.incrementAndGet();
                  }
                });
      }
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      closed.complete(cause);
    }
  }

  /** Fetches all, with a few requests ahead, and closes. */
  private static class Leecher implements PeerListener {
    static final int PIPELINE = 20;

    final byte[] got = new byte[SIZE];
    final CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    int blocks;
    int lost;
    private int next;

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      wire.interested();
    }

    @Override
    public void onUnchoke(PeerWire wire) {
      for (int i = 0; i < PIPELINE; i++) {
        ask(wire);
      }
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      closed.complete(cause);
    }

    private void ask(PeerWire wire) {
      if (next < SIZE) {
        int at = next;
        int length = Math.min(BLOCK, SIZE - at);
        next += length;
        wire.request(
            at / PIECE,
            at % PIECE,
            length,
            (outcome, piece, begin, block) -> {
              if (outcome == RequestOutcome.BLOCK) {
                block.get(got, at, length);
                blocks++;
                ask(wire);
              } else {
                lost++;
              }
            });
      } else if (wire.requestCount() == 0) {
        wire.close();
      }
    }
  }

  // ---------------------------------------------------------------- a peer by hand

  private static Socket connect(Channel server, int receiveBuffer) throws IOException {
    Socket peer = new Socket();
    peer.setReceiveBufferSize(receiveBuffer);
    peer.connect((InetSocketAddress) server.localAddress());
    return peer;
  }

  private static void ask(Socket peer, int blocks) throws IOException {
    say(
        peer,
        to -> {
          to.infoHash(0, Said.TORRENT);
          to.peerId(Said.US);
          to.interested();
          for (int i = 0; i < blocks; i++) {
            to.request(i * BLOCK / PIECE, i * BLOCK % PIECE, BLOCK);
          }
        });
  }

  private static void say(Socket peer, Consumer<FrameWriter> words) throws IOException {
    ByteBuf bytes = Said.by(words);
    bytes.readBytes(peer.getOutputStream(), bytes.readableBytes());
    bytes.release();
  }
}
