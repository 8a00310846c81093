package org.peerwire.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.SplitMix64;
import org.peerwire.channel.FileRegion;
import org.peerwire.frame.Message;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

@Timeout(30)
class WireProcessorTest {
  private static final Message HANDSHAKE = new Message.Handshake(Wires.THEIRS);

  @TempDir Path folder;

  @Test
  void twoProcessorsAreEachOthersSourceAndSink() throws Exception {
    int blocks = 40;
    byte[] content = new SplitMix64(1).bytes(blocks * Block.LENGTH);
    Path path = Files.write(folder.resolve("content"), content);
    try (FileChannel file = FileChannel.open(path)) {
      AtomicInteger released = new AtomicInteger();
      PeerWire seeder = new PeerWire(new Seeder(ByteBuffer.wrap(content), file, released));
      CompletableFuture<byte[]> got = new CompletableFuture<>();
      Leecher leecher = new Leecher(blocks, got);
      PeerWire wire = new PeerWire(leecher);
      wire.handshake(Wires.TORRENT, Wires.OURS);
      WireProcessor left = new WireProcessor(seeder);
      WireProcessor right = new WireProcessor(wire);
      left.subscribe(right);
      right.subscribe(left);
      assertThat(got.get(20, TimeUnit.SECONDS)).isEqualTo(content);
      assertThat(leecher.closed.get(5, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByUs());
      assertThat(released).hasValue(blocks / 2);
    }
  }

  @Test
  void aSinkGetsNoMoreThanItAsksForAndTheWireHoldsTheRestInBounds() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    PeerWire wire =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire seeder, Handshake handshake) {
                seeder.handshake(Wires.TORRENT, Wires.OURS);
                seeder.unchoke();
              }

              @Override
              public void onRequest(PeerWire seeder, int piece, int begin, int length) {
                asked.incrementAndGet();
                seeder.respond(piece, begin, ByteBuffer.allocate(length));
              }

              @Override
              public void onClose(PeerWire seeder, CloseCause cause) {
                closed.complete(cause);
              }
            },
            Wires.PLAIN.controlWindow(1 << 20).sendTimeout(Duration.ofMillis(300)).build());
    WireProcessor processor = new WireProcessor(wire, Runnable::run);
    List<Message> said = new ArrayList<>(List.of(HANDSHAKE));
    for (int i = 0; i < 200; i++) {
      said.add(new Message.Request(i, 0, Block.LENGTH));
    }
    Sink<ByteBuffer> sink = new Sink<ByteBuffer>().asking(3);
    processor.subscribe(sink);
    processor.lists().onSubscribe(new Nothing());
    processor.lists().onNext(List.of(Wires.bytes(said.toArray(new Message[0]))));
    // Nobody asks for the rest: the peer does not read.
    assertThat(closed.get(10, TimeUnit.SECONDS))
        .isEqualTo(new CloseCause.TimedOut(org.peerwire.wire.Timeout.SEND_STALLED));
    assertThat(sink.end()).isNull();
    assertThat(sink.count()).isEqualTo(3);
    int window = WireOptions.DEFAULT.uploadWindow() / Block.LENGTH;
    assertThat(asked.get()).isBetween(window, window + 2);
  }

  @Test
  void aSourceIsAskedForAFewAndForNoMoreWhileMessagesWait() throws Exception {
    PeerWire wire = new PeerWire(new PeerListener() {}, Wires.PLAIN.build());
    WireProcessor processor = new WireProcessor(wire, Runnable::run);
    AtomicInteger made = new AtomicInteger();
    Sink<Message> sink = new Sink<>();
    processor.messages().subscribe(sink);
    int all = 5000;
    Wires.<ByteBuffer>source(
            all,
            n -> {
              made.incrementAndGet();
              return n == 0 ? Wires.bytes(HANDSHAKE) : keepAlives(100);
            })
        .subscribe(processor);
    int atFirst = made.get();
    assertThat(atFirst).isLessThan(MessageEvents.MOST / 100 + Inlet.WINDOW + 2);
    sink.ask(MessageEvents.MOST);
    assertThat(sink.count()).isEqualTo(MessageEvents.MOST);
    assertThat(made.get()).isBetween(atFirst + 5, 2 * atFirst);
    sink.ask(Long.MAX_VALUE);
    assertThat(sink.end()).isNull();
    assertThat(sink.count()).isEqualTo(1 + 100 * (all - 1));
    assertThat(made).hasValue(all);
  }

  /** Each of them is held, and no more are than may be, however they are cut. */
  @Test
  void messagesThatWaitAreCounted() {
    for (int size : new int[] {1, 3, 100, 10_000, 1 << 16}) {
      PeerWire wire = new PeerWire(new PeerListener() {}, Wires.PLAIN.build());
      MessageEvents events = MessageEvents.of(wire);
      wire.transport().receive(Wires.bytes(HANDSHAKE), 0);
      int count = 1;
      while (events.room() > 0) {
        ByteBuffer some = keepAlives(size / 4 + 1);
        some.limit(Math.min(Math.min(some.limit(), size), events.room()));
        wire.transport().receive(some, 0);
        count++;
        assertThat(count).isLessThan(10_000);
      }
      int waiting = 0;
      while (events.poll() != null) {
        waiting++;
      }
      assertThat(waiting).isBetween(MessageEvents.MOST / 2 + 1, MessageEvents.MOST);
    }
  }

  @Test
  void aSourceThatSendsUnaskedIsCutOff() throws Exception {
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    PeerWire wire = new PeerWire(closing(closed), Wires.PLAIN.build());
    WireProcessor processor = new WireProcessor(wire, Runnable::run);
    Nothing source = new Nothing();
    processor.onSubscribe(source);
    processor.messages(); // nobody takes them, so not all is read
    processor.onNext(Wires.bytes(HANDSHAKE));
    for (int i = 0; i < 100; i++) {
      processor.onNext(keepAlives(1000));
    }
    assertThat(closed.get(5, TimeUnit.SECONDS)).isInstanceOf(CloseCause.TransportFailed.class);
    assertThat(source.cancelled).isTrue();
  }

  @Test
  void theEndOfTheSourceIsThePeersEnd() throws Exception {
    for (int cut : new int[] {0, 1, 4}) {
      CompletableFuture<CloseCause> closed = new CompletableFuture<>();
      PeerWire wire = new PeerWire(closing(closed), Wires.PLAIN.build());
      WireProcessor processor = new WireProcessor(wire);
      Sink<ByteBuffer> sink = new Sink<>();
      Sink<Message> messages = new Sink<Message>().asking(100);
      processor.subscribe(sink);
      processor.messages().subscribe(messages);
      ByteBuffer have = Wires.bytes(new Message.Have(1));
      have.limit(have.limit() - cut);
      Wires.source(2, n -> n == 0 ? Wires.bytes(HANDSHAKE) : have).subscribe(processor);
      CloseCause cause = cut == 0 ? new CloseCause.ByPeer() : new CloseCause.CutInFrame(cut);
      assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(cause);
      assertThat(sink.end()).isNull();
      if (cut == 0) {
        assertThat(messages.end()).isNull();
        assertThat(messages.items).containsExactly(HANDSHAKE, new Message.Have(1));
      } else {
        assertThat(messages.end())
            .isInstanceOfSatisfying(
                WireEndedException.class, e -> assertThat(e.closeCause()).isEqualTo(cause));
        assertThat(messages.items).containsExactly(HANDSHAKE);
      }
    }
  }

  @Test
  void whatWaitsIsSentWhenTheWireIsClosedAndThenTheSinkCompletes() throws Exception {
    PeerWire wire = new PeerWire(new PeerListener() {}, Wires.PLAIN.build());
    wire.handshake(Wires.TORRENT, Wires.OURS);
    WireProcessor processor = new WireProcessor(wire);
    Nothing source = new Nothing();
    Sink<ByteBuffer> sink = new Sink<>();
    processor.onSubscribe(source);
    processor.execute(wire::close);
    processor.subscribe(sink);
    assertThat(sink.hasEnded()).isFalse();
    sink.ask(1);
    assertThat(sink.end()).isNull();
    assertThat(Sink.bytesOf(sink)).hasSize(68);
    assertThat(source.cancelled).isTrue();
    Sink<ByteBuffer> late = new Sink<>();
    processor.subscribe(late);
    assertThat(late.end()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSinkThatCancelsEndsTheWireAndTheSource() throws Exception {
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    PeerWire wire = new PeerWire(closing(closed));
    WireProcessor processor = new WireProcessor(wire);
    Sink<ByteBuffer> sink = new Sink<>();
    processor.subscribe(sink);
    sink.cancel();
    assertThat(closed.get(5, TimeUnit.SECONDS))
        .isEqualTo(new CloseCause.TransportFailed("the sink was cancelled"));
    Nothing source = new Nothing();
    processor.onSubscribe(source);
    CompletableFuture<Boolean> after = new CompletableFuture<>();
    processor.execute(() -> after.complete(source.cancelled || processorIsDone(processor)));
    assertThat(after.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aSilentPeerIsTimedOut() throws Exception {
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    Duration soon = Duration.ofMillis(50);
    PeerWire wire = new PeerWire(closing(closed), Wires.PLAIN.handshakeTimeout(soon, soon).build());
    WireProcessor processor = new WireProcessor(wire);
    Sink<Message> messages = new Sink<>();
    processor.messages().subscribe(messages);
    processor.onSubscribe(new Nothing());
    CloseCause cause = new CloseCause.TimedOut(org.peerwire.wire.Timeout.HANDSHAKE_TIMEOUT);
    assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(cause);
    assertThat(messages.end()).hasMessage(cause.toString());
  }

  @Test
  void aListenerThatThrowsFailsBothStreams() throws Exception {
    RuntimeException bug = new IllegalStateException("a bug");
    for (boolean atTheEnd : new boolean[] {false, true}) {
      PeerWire wire =
          new PeerWire(
              new PeerListener() {
                @Override
                public void onKeepAlive(PeerWire it) {
                  if (!atTheEnd) {
                    throw bug;
                  }
                }

                @Override
                public void onClose(PeerWire it, CloseCause cause) {
                  if (atTheEnd) {
                    throw bug;
                  }
                }
              },
              Wires.PLAIN.build());
      List<Throwable> uncaught = new CopyOnWriteArrayList<>();
      WireProcessor processor =
          new WireProcessor(
              wire,
              task -> {
                Thread thread = new Thread(task);
                thread.setUncaughtExceptionHandler((where, e) -> uncaught.add(e));
                thread.start();
              });
      Sink<ByteBuffer> sink = new Sink<>();
      Sink<Message> messages = new Sink<>();
      processor.subscribe(sink);
      processor.messages().subscribe(messages);
      Wires.source(2, n -> n == 0 ? Wires.bytes(HANDSHAKE) : keepAlives(1)).subscribe(processor);
      assertThat(sink.end()).isSameAs(bug);
      messages.ask(9);
      if (atTheEnd) {
        // All that the peer said was told by then.
        assertThat(messages.end()).isNull();
        assertThat(uncaught).containsExactly(bug);
      } else {
        assertThat(messages.end()).isInstanceOf(WireEndedException.class).hasCause(bug);
        assertThat(uncaught).isEmpty();
      }
      assertThat(messages.items).hasSize(2);
    }
  }

  @Test
  void aSourceMayGiveTheSameBuffersToOthers() throws Exception {
    CompletableFuture<CloseCause> first = new CompletableFuture<>();
    CompletableFuture<CloseCause> second = new CompletableFuture<>();
    ByteBuffer bytes = Wires.bytes(HANDSHAKE);
    try (SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>()) {
      for (CompletableFuture<CloseCause> each : List.of(first, second)) {
        source.subscribe(new WireProcessor(new PeerWire(closing(each), Wires.PLAIN.build())));
      }
      source.submit(bytes);
    }
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByPeer());
    assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(new CloseCause.ByPeer());
    assertThat(bytes.remaining()).isEqualTo(68);
  }

  /** A body of a request is what one wire sends, a body of an answer what another one hears. */
  @Test
  void theBodiesOfHttpAreASinkAndASource() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      PeerWire sends = new PeerWire(new PeerListener() {}, Wires.PLAIN.build());
      sends.handshake(Wires.TORRENT, Wires.THEIRS.peerId());
      WireProcessor request = new WireProcessor(sends);
      request.execute(sends::close);
      WireProcessor answer =
          new WireProcessor(new PeerWire(new PeerListener() {}, Wires.PLAIN.build()));
      Sink<Message> messages = new Sink<Message>().asking(9);
      answer.messages().subscribe(messages);
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                  .POST(HttpRequest.BodyPublishers.fromPublisher(request))
                  .build(),
              HttpResponse.BodyHandlers.fromSubscriber(answer.lists()));
      assertThat(messages.end()).isNull();
      assertThat(messages.items).containsExactly(HANDSHAKE);
    } finally {
      server.stop(0);
    }
  }

  private static boolean processorIsDone(WireProcessor processor) {
    Sink<ByteBuffer> another = new Sink<>();
    processor.subscribe(another);
    return another.hasEnded();
  }

  private static ByteBuffer keepAlives(int count) {
    return ByteBuffer.allocate(4 * count);
  }

  private static PeerListener closing(CompletableFuture<CloseCause> closed) {
    return new PeerListener() {
      @Override
      public void onClose(PeerWire wire, CloseCause cause) {
        closed.complete(cause);
      }
    };
  }

  /** A source of nothing. */
  private static final class Nothing implements Flow.Subscription {
    volatile boolean cancelled;

    @Override
    public void request(long count) {}

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  /** Half of the blocks from memory, half from a file. */
  private record Seeder(ByteBuffer content, FileChannel file, AtomicInteger released)
      implements PeerListener {
    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      wire.handshake(handshake.infoHash(), Wires.THEIRS.peerId());
      wire.unchoke();
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      if (begin / Block.LENGTH % 2 == 0) {
        wire.respond(piece, begin, content.slice(begin, length));
      } else {
        wire.respond(piece, begin, new FileRegion(file, begin, length, released::incrementAndGet));
      }
    }
  }

  private static final class Leecher implements PeerListener {
    final CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    private final int blocks;
    private final CompletableFuture<byte[]> got;
    private final ByteBuffer content;

    Leecher(int blocks, CompletableFuture<byte[]> got) {
      this.blocks = blocks;
      this.got = got;
      content = ByteBuffer.allocate(blocks * Block.LENGTH);
    }

    @Override
    public void onUnchoke(PeerWire wire) {
      for (int i = 0; i < blocks; i++) {
        wire.request(
            0,
            i * Block.LENGTH,
            Block.LENGTH,
            (outcome, piece, begin, block) -> {
              content.put(block);
              if (!content.hasRemaining()) {
                got.complete(content.array());
                wire.close();
              }
            });
      }
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      closed.complete(cause);
    }
  }
}
