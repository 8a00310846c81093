package org.peerwire.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.SplitMix64;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Message;
import org.peerwire.frame.Outbox;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** What peers, channels and listeners do to the pipe. */
@Timeout(60)
class ChannelCasesTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  private static final Message THEIRS =
      new Message.Handshake(new Handshake(0, TORRENT, PeerId.ofAscii("-PW0000-bbbbbbbbbbbb")));
  private static final Duration SOON = Duration.ofMillis(200);

  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

  // ---------------------------------------------------------------- Z15, Z17, Z18: how peers go

  @Test
  void z15_aResetInMidPieceEndsThePipeAndWhatCameBeforeIsKept() throws Exception {
    Log log = new Log();
    try (Peer peer = new Peer(new PeerWire(log, plain().build()))) {
      peer.says(THEIRS, new Message.Unchoke());
      log.await("unchoke");
      peer.pipe.execute(() -> peer.wire.request(0, 0, 100, null));
      peer.pipe.execute(() -> peer.wire.request(0, 100, 100, null));
      peer.says(new Message.Piece(0, 0, ByteBuffer.allocate(100)));
      log.await("piece 0 0");
      byte[] second = bytes(new Message.Piece(0, 100, ByteBuffer.allocate(100)));
      peer.says(Arrays.copyOf(second, 60));
      peer.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      peer.channel.close();
      assertThat(log.closed()).isInstanceOf(CloseCause.TransportFailed.class);
      peer.awaitEnd();
      assertThat(peer.wire.downloaded()).isEqualTo(100);
    }
  }

  @Test
  void z17_whatWaitsIsSentToAPeerThatHasSaidItsLast() throws Exception {
    Log log = new Log();
    log.unchokes = true;
    byte[] block = new SplitMix64(7).bytes(Block.LENGTH);
    log.onRequest = (wire, piece) -> wire.respond(piece, 0, ByteBuffer.wrap(block));
    try (Peer peer = new Peer(new PeerWire(log, plain().build()))) {
      List<Message> said = new ArrayList<>(List.of(THEIRS));
      for (int i = 0; i < 8; i++) {
        said.add(new Message.Request(i, 0, Block.LENGTH));
      }
      peer.says(said.toArray(new Message[0]));
      peer.channel.shutdownOutput();
      ByteBuffer heard = peer.readAll();
      assertThat(heard.remaining()).isEqualTo(68 + 5 + 8 * (13 + Block.LENGTH));
      byte[] last = new byte[Block.LENGTH];
      heard.position(heard.limit() - Block.LENGTH).get(last);
      assertThat(last).isEqualTo(block);
      assertThat(log.closed()).isEqualTo(new CloseCause.ByPeer());
      peer.awaitEnd();
    }
  }

  @Test
  void z18_aPeerThatStallsBehindTheHeaderOfAPieceIsGivenUp() throws Exception {
    Log log = new Log();
    try (Peer peer = new Peer(new PeerWire(log, plain().frameTimeout(SOON).build()))) {
      peer.says(THEIRS, new Message.Unchoke());
      log.await("unchoke");
      peer.pipe.execute(() -> peer.wire.request(0, 0, 100, null));
      byte[] piece = bytes(new Message.Piece(0, 0, ByteBuffer.allocate(100)));
      peer.says(Arrays.copyOf(piece, 13));
      assertThat(log.closed())
          .isEqualTo(new CloseCause.TimedOut(org.peerwire.wire.Timeout.FRAME_STALLED));
      peer.channel.close();
      peer.awaitEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 8})
  void f12_theEndIsAtABoundaryOrInsideAMessage(int missing) throws Exception {
    Pipe in = Pipe.open();
    Pipe out = Pipe.open();
    Log log = new Log();
    Thread pipe = start(() -> new WirePipe(in.source(), out.sink(), new PeerWire(log), factory()));
    byte[] said = bytes(THEIRS, new Message.Have(3));
    in.sink().write(ByteBuffer.wrap(said, 0, said.length - missing));
    in.sink().close();
    assertThat(log.closed())
        .isEqualTo(
            missing == 0 ? new CloseCause.ByPeer() : new CloseCause.CutInFrame(missing(missing)));
    pipe.join();
    assertThat(in.source().isOpen()).isFalse();
    assertThat(out.sink().isOpen()).isFalse();
    assertAllEnded();
  }

  /** Of a message of 9 bytes; before the length is there no more than that is known to miss. */
  private static int missing(int cut) {
    return cut > 5 ? cut - 5 : cut;
  }

  /** A close on bytes that nobody has read would reset, and take away what is on its way. */
  @Test
  void f14_whatThePeerSaysAfterOurCloseIsDroppedAndItGetsAllThatWeSaid() throws Exception {
    Log log = new Log();
    try (Peer peer = new Peer(new PeerWire(log, plain().build()))) {
      peer.pipe.execute(() -> peer.wire.handshake(TORRENT, OURS));
      peer.says(THEIRS);
      log.await("handshake");
      peer.pipe.execute(
          () -> {
            for (int i = 0; i < 100; i++) {
              peer.wire.have(i);
            }
            peer.wire.close();
          });
      assertThat(log.closed()).isEqualTo(new CloseCause.ByUs());
      int events = log.lines.size();
      for (int i = 0; i < 50; i++) {
        peer.says(new byte[4096]);
      }
      assertThat(peer.readAll().remaining()).isEqualTo(68 + 9 * 100);
      peer.channel.close();
      peer.awaitEnd();
      assertThat(log.lines).hasSize(events);
    }
  }

  // ---------------------------------------------------------------- Z25, Z26: odd channels

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 20_000})
  void z25_z26_fewBytesAtATimeOrNoneGiveTheSameEventsAndTheSameBytes(int most) throws Exception {
    List<Message> said = new ArrayList<>(List.of(THEIRS, new Message.Interested()));
    byte[] content = new SplitMix64(3).bytes(4 * Block.LENGTH);
    for (int i = 0; i < 4; i++) {
      said.add(new Message.Have(i));
      said.add(new Message.Request(i, 0, most < 100 ? 500 : Block.LENGTH));
    }
    Log log = new Log();
    log.unchokes = true;
    log.onRequest =
        (wire, piece) ->
            wire.respond(
                piece,
                0,
                ByteBuffer.wrap(content, piece * Block.LENGTH, most < 100 ? 500 : Block.LENGTH));
    PeerWire wire = new PeerWire(log, plain().build());
    ChoppyChannel channel = new ChoppyChannel(most, most, bytes(said.toArray(new Message[0])));
    WirePipe pipe = new WirePipe(channel, channel, wire, factory());
    log.onDrained =
        () -> {
          if (wire.uploaded() >= 4L * (most < 100 ? 500 : Block.LENGTH)) {
            wire.close();
          }
        };
    start(() -> pipe).join();
    assertThat(log.lines)
        .containsExactly(
            "handshake", "interested", "have 0", "have 1", "have 2", "have 3", "close");
    List<Message> heard = new ArrayList<>(List.of());
    heard.add(new Message.Handshake(Objects.requireNonNull(wire.handshake())));
    heard.add(new Message.Unchoke());
    for (int i = 0; i < 4; i++) {
      heard.add(
          new Message.Piece(
              i, 0, ByteBuffer.wrap(content, i * Block.LENGTH, most < 100 ? 500 : Block.LENGTH)));
    }
    assertThat(channel.written())
        .as("seed %d", most)
        .isEqualTo(bytes(heard.toArray(new Message[0])));
    assertAllEnded();
  }

  @Test
  void z26_aChannelThatTakesNothingIsGivenUp() throws Exception {
    Log log = new Log();
    PeerWire wire = new PeerWire(log, plain().sendTimeout(SOON).build());
    ChoppyChannel channel = new ChoppyChannel(1, 100, bytes(THEIRS)).stalled();
    start(() -> new WirePipe(channel, channel, wire, factory())).join();
    assertThat(log.closed())
        .isEqualTo(new CloseCause.TimedOut(org.peerwire.wire.Timeout.SEND_STALLED));
    assertAllEnded();
  }

  @Test
  void aChannelThatWouldNotWaitIsRefused() throws Exception {
    try (SocketChannel channel = SocketChannel.open()) {
      channel.configureBlocking(false);
      assertThatThrownBy(() -> new WirePipe(channel, new PeerWire(new PeerListener() {})))
          .isInstanceOf(IllegalBlockingModeException.class);
    }
  }

  @Test
  void aChannelThatIsNotConnectedIsAConnectionThatFailed() throws Exception {
    Log log = new Log();
    WirePipe.run(SocketChannel.open(), new PeerWire(log));
    assertThat(log.closed()).isInstanceOf(CloseCause.TransportFailed.class);
  }

  /** So a slow peer is seen to take something long before it has taken a whole round. */
  @Test
  void noCallWritesMoreThanASlowPeerTakesInAWhile() throws Exception {
    ChoppyChannel sink = new ChoppyChannel(1, Integer.MAX_VALUE - 1, new byte[0]);
    Gather gather = new Gather(sink);
    byte[] content = new SplitMix64(9).bytes(100_000);
    AtomicInteger released = new AtomicInteger();
    gather.control(ByteBuffer.wrap(content, 0, 1000));
    gather.block(ByteBuffer.wrap(content, 1000, 60_000));
    gather.control(ByteBuffer.wrap(content, 61_000, 2000));
    gather.region(
        new BlockRegion() {
          @Override
          public int length() {
            return 37_000;
          }

          @Override
          public void read(int offset, ByteBuffer target) {
            target.put(content, 63_000 + offset, target.remaining());
          }

          @Override
          public void release() {
            released.incrementAndGet();
          }
        },
        0,
        37_000);
    gather.end();
    long all = 0;
    for (long count = gather.write(); count > 0; count = gather.write()) {
      assertThat(count).isLessThanOrEqualTo(32 << 10);
      all += count;
    }
    assertThat(all).isEqualTo(content.length);
    assertThat(sink.written()).isEqualTo(content);
    assertThat(released).hasValue(1);
  }

  // ---------------------------------------------------------------- listeners that throw

  @ParameterizedTest
  @ValueSource(strings = {"handshake", "close", "drained"})
  void whateverAListenerThrowsThePipeEndsAndItsThreadsDo(String where) throws Exception {
    for (Throwable bug : List.of(new IllegalStateException("a bug"), new AssertionError("a bug"))) {
      Log log = new Log();
      log.bug = bug;
      log.bugAt = where;
      try (Peer peer = new Peer(new PeerWire(log, plain().build()))) {
        peer.says(THEIRS, new Message.Interested());
        while (where.equals("drained") && !log.drained) {
          Thread.onSpinWait();
        }
        peer.channel.shutdownOutput();
        peer.awaitEnd();
        assertThat(peer.wire.isClosed()).isTrue();
      }
      if (where.equals("close") || bug instanceof Error) {
        assertThat(uncaught).contains(bug);
      }
    }
  }

  // ---------------------------------------------------------------- back-pressure

  /** Each holds a window of blocks, whatever it asks for, and is closed as stalled. */
  @Test
  void peersThatDoNotReadHoldNoMoreThanTheirWindow() throws Exception {
    int peers = 60;
    int window = 128 << 10;
    WireOptions options = plain().uploadWindow(window).sendTimeout(Duration.ofMillis(500)).build();
    List<Peer> open = new ArrayList<>();
    List<Log> logs = new ArrayList<>();
    List<AtomicInteger> asked = new ArrayList<>();
    for (int i = 0; i < peers; i++) {
      AtomicInteger count = new AtomicInteger();
      Log log = new Log();
      log.unchokes = true;
      log.onRequest =
          (wire, piece) -> {
            count.incrementAndGet();
            wire.respond(piece, 0, ByteBuffer.allocate(Block.LENGTH));
          };
      logs.add(log);
      asked.add(count);
      Peer peer = new Peer(new PeerWire(log, options), 4 << 10);
      open.add(peer);
      List<Message> said = new ArrayList<>(List.of(THEIRS));
      for (int k = 0; k < 250; k++) {
        said.add(new Message.Request(k, 0, Block.LENGTH));
      }
      peer.says(said.toArray(new Message[0]));
    }
    for (int i = 0; i < peers; i++) {
      assertThat(logs.get(i).closed())
          .isEqualTo(new CloseCause.TimedOut(org.peerwire.wire.Timeout.SEND_STALLED));
      // What the application has given is either with the wire, within its window, or gone into
      // the sockets.
      long given = (long) asked.get(i).get() * Block.LENGTH;
      assertThat(given - open.get(i).wire.uploaded()).isLessThanOrEqualTo(window + Block.LENGTH);
      assertThat(asked.get(i).get()).isLessThan(250);
    }
    for (Peer peer : open) {
      peer.close();
      peer.awaitEnd();
    }
  }

  /** What is read into is little for a quiet peer, and bounded for all that are not. */
  @Test
  void theMemoryToReadIntoIsShared() {
    List<Input> inputs = new ArrayList<>();
    int large = 0;
    for (int i = 0; i < 300; i++) {
      Input input = new Input();
      inputs.add(input);
      assertThat(input.buffer().capacity()).isEqualTo(Input.SMALL);
      input.read(Input.SMALL - 1);
      assertThat(input.buffer().capacity()).isEqualTo(Input.SMALL);
      input.read(Input.SMALL);
      large += input.buffer().capacity() == Input.LARGE ? 1 : 0;
    }
    assertThat(large).isEqualTo(256);
    inputs.get(0).read(Input.SMALL + 1);
    assertThat(inputs.get(0).buffer().capacity()).isEqualTo(Input.LARGE);
    inputs.get(0).read(Input.SMALL);
    assertThat(inputs.get(0).buffer().capacity()).isEqualTo(Input.SMALL);
    inputs.get(299).read(Input.SMALL);
    assertThat(inputs.get(299).buffer().capacity()).isEqualTo(Input.LARGE);
    inputs.forEach(Input::release);
  }

  // ---------------------------------------------------------------- connect, accept, streams

  @Test
  @SuppressWarnings("try") // closed first to end the accepting
  void connectAndAcceptAreALineEach() throws Exception {
    int clients = 6;
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ServerSocketChannel server = listen()) {
      Thread accepting =
          start(
              () ->
                  WirePipe.accept(
                      server,
                      2,
                      () ->
                          new PeerWire(
                              new PeerListener() {
                                @Override
                                public void onHandshake(PeerWire wire, Handshake handshake) {
                                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                  wire.handshake(TORRENT, OURS);
                                }

                                @Override
                                public void onClose(PeerWire wire, CloseCause cause) {
                                  now.decrementAndGet();
                                }
                              })));
      List<Thread> connecting = new ArrayList<>();
      List<Log> logs = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Log log = new Log();
        log.closesAt = "handshake";
        logs.add(log);
        PeerWire wire = new PeerWire(log);
        wire.handshake(TORRENT, PeerId.ofAscii("-PW0000-cccccccccccc"));
        connecting.add(
            start(() -> WirePipe.connect(server.getLocalAddress(), Duration.ofSeconds(10), wire)));
      }
      for (Thread each : connecting) {
        each.join();
      }
      for (Log log : logs) {
        assertThat(log.lines).startsWith("handshake").endsWith("close");
      }
      assertThat(most.get()).isBetween(1, 2);
      server.close();
      accepting.join();
    }
  }

  @Test
  void aConnectionThatIsRefusedLeavesTheWireAsItWas() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocketChannel server = listen()) {
      nobody = (InetSocketAddress) server.getLocalAddress();
    }
    PeerWire wire = new PeerWire(new PeerListener() {});
    assertThatThrownBy(() -> WirePipe.connect(nobody, Duration.ofSeconds(10), wire))
        .isInstanceOf(IOException.class);
    assertThat(wire.isOpen() || !wire.isClosed()).isTrue();
  }

  @Test
  void aProcessIsAPeerToo() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                StdioPeer.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream out = process.getInputStream()) {
      Log log = new Log();
      CompletableFuture<byte[]> got = new CompletableFuture<>();
      log.onUnchoke =
          wire ->
              wire.request(
                  0,
                  0,
                  Block.LENGTH,
                  (outcome, piece, begin, block) -> {
                    byte[] copy = new byte[block.remaining()];
                    block.get(copy);
                    got.complete(copy);
                    wire.close();
                  });
      PeerWire wire = new PeerWire(log);
      wire.handshake(TORRENT, OURS);
      WirePipe.run(out, process.getOutputStream(), wire);
      assertThat(got.get(1, TimeUnit.SECONDS)).isEqualTo(StdioPeer.block());
      assertThat(log.closed()).isEqualTo(new CloseCause.ByUs());
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  // ---------------------------------------------------------------- what they need

  private static WireOptions.Builder plain() {
    return WireOptions.builder().features(Set.of());
  }

  static byte[] bytes(Message... messages) {
    Outbox outbox = new Outbox();
    FrameWriter writer = new FrameWriter(outbox);
    for (Message message : messages) {
      message.sayTo(writer);
    }
    ByteBuffer all = ByteBuffer.allocate((int) outbox.size());
    Gather gather =
        new Gather(
            new java.nio.channels.WritableByteChannel() {
              @Override
              public int write(ByteBuffer source) {
                int count = source.remaining();
                all.put(source);
                return count;
              }

              @Override
              public boolean isOpen() {
                return true;
              }

              @Override
              public void close() {}
            });
    outbox.drainTo(gather, Long.MAX_VALUE);
    gather.end();
    try {
      while (gather.write() > 0) {
        // All of it.
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return all.array();
  }

  private static ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** What may be run, or made and then run. */
  private interface Work {
    void run() throws Exception;
  }

  private interface Making {
    WirePipe pipe() throws Exception;
  }

  private Thread start(Making making) {
    return start((Work) () -> making.pipe().run());
  }

  private Thread start(Work work) {
    return start(
        () -> {
          try {
            work.run();
          } catch (Exception e) {
            uncaught.add(e);
          }
        },
        "running");
  }

  private Thread start(Runnable task, String name) {
    Thread thread = factory().newThread(task);
    thread.setName(name);
    thread.start();
    return thread;
  }

  private java.util.concurrent.ThreadFactory factory() {
    return task -> {
      Thread thread = new Thread(task, "pipe");
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler((where, e) -> uncaught.add(e));
      threads.add(thread);
      return thread;
    };
  }

  private void assertAllEnded() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(20_000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  /** The other end of a socket that a wire is piped through, by hand. */
  private final class Peer implements AutoCloseable {
    final SocketChannel channel;
    final PeerWire wire;
    final WirePipe pipe;
    private final Thread running;

    Peer(PeerWire wire) throws IOException {
      this(wire, 64 << 10);
    }

    Peer(PeerWire wire, int buffers) throws IOException {
      this.wire = wire;
      try (ServerSocketChannel server = listen()) {
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, buffers);
        channel.connect(server.getLocalAddress());
        SocketChannel ours = server.accept();
        ours.setOption(StandardSocketOptions.SO_SNDBUF, buffers);
        pipe = new WirePipe(ours, ours, wire, factory());
      }
      running = start(() -> pipe);
    }

    void says(Message... messages) throws IOException {
      says(bytes(messages));
    }

    void says(byte[] bytes) throws IOException {
      ByteBuffer all = ByteBuffer.wrap(bytes);
      while (all.hasRemaining()) {
        channel.write(all);
      }
    }

    ByteBuffer readAll() throws IOException {
      ByteBuffer all = ByteBuffer.allocate(1 << 20);
      while (channel.read(all) >= 0) {
        // All of it.
      }
      return all.flip();
    }

    void awaitEnd() throws InterruptedException {
      running.join(20_000);
      assertAllEnded();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** A listener that notes, and does what it is told. */
  private static final class Log implements PeerListener {
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    java.util.function.BiConsumer<PeerWire, Integer> onRequest = (wire, piece) -> {};
    java.util.function.Consumer<PeerWire> onUnchoke = wire -> {};
    Runnable onDrained = () -> {};
    Throwable bug = new IllegalStateException();
    String bugAt = "";
    String closesAt = "";
    boolean unchokes;
    volatile boolean drained;

    CloseCause closed() throws Exception {
      return closed.get(30, TimeUnit.SECONDS);
    }

    void await(String line) {
      while (!lines.contains(line)) {
        Thread.onSpinWait();
      }
    }

    private void note(PeerWire wire, String line) {
      lines.add(line);
      if (line.equals(closesAt)) {
        wire.close();
      }
      throwAt(line);
    }

    private void throwAt(String line) {
      if (line.equals(bugAt)) {
        if (bug instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) bug;
      }
    }

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      if (wire.handshake() == null) {
        wire.handshake(TORRENT, OURS);
      }
      if (unchokes) {
        wire.unchoke();
      }
      note(wire, "handshake");
    }

    @Override
    public void onUnchoke(PeerWire wire) {
      note(wire, "unchoke");
      onUnchoke.accept(wire);
    }

    @Override
    public void onInterested(PeerWire wire) {
      note(wire, "interested");
    }

    @Override
    public void onHave(PeerWire wire, int piece) {
      note(wire, "have " + piece);
    }

    @Override
    public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
      note(wire, "piece " + piece + " " + begin);
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      onRequest.accept(wire, piece);
    }

    @Override
    public void onDrained(PeerWire wire) {
      drained = true;
      onDrained.run();
      throwAt("drained");
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      lines.add("close");
      closed.complete(cause);
      throwAt("close");
    }
  }

  /** A program that serves a block on its standard streams. */
  static final class StdioPeer {
    private StdioPeer() {}

    static byte[] block() {
      return new SplitMix64(5).bytes(Block.LENGTH);
    }

    public static void main(String... args) {
      PeerWire wire =
          new PeerWire(
              new PeerListener() {
                @Override
                public void onHandshake(PeerWire seeder, Handshake handshake) {
                  seeder.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0000-dddddddddddd"));
                  seeder.unchoke();
                }

                @Override
                public void onRequest(PeerWire seeder, int piece, int begin, int length) {
                  seeder.respond(piece, begin, ByteBuffer.wrap(block(), begin, length));
                }
              });
      WirePipe.run(System.in, System.out, wire);
    }
  }
}
