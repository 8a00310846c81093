package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.BlockRegion;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.channel.FileRegion;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.TorrentTable;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** The handler on an embedded channel, in virtual time. */
@Timeout(30)
class PeerWireHandlerTest {
  private static final int BLOCK = 16 << 10;

  private final Log log = new Log();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final PeerWire wire = new PeerWire(log);

  @AfterEach
  void finish() {
    channel.finishAndReleaseAll();
  }

  // ---------------------------------------------------------------- bytes in and out

  @Test
  void whatWasSaidBeforeTheHandlerIsAddedLeavesWhenItIs() {
    wire.handshake(Said.TORRENT, Said.US);
    add(wire);
    assertThat(sent()).isEqualTo(68);
  }

  @Test
  void beforeTheChannelIsConnectedNothingLeavesAndNoTimePasses() {
    EmbeddedChannel unconnected =
        new EmbeddedChannel() {
          @Override
          public boolean isActive() {
            return super.isActive() && connected.get() > 0;
          }
        };
    unconnected.freezeTime();
    wire.handshake(Said.TORRENT, Said.US);
    unconnected.pipeline().addLast(new PeerWireHandler(wire));
    unconnected.advanceTimeBy(1, TimeUnit.HOURS);
    assertThat(unconnected.outboundMessages()).isEmpty();
    assertThat(log.events).isEmpty();

    connected.incrementAndGet();
    unconnected.pipeline().fireChannelActive();
    assertThat(unconnected.outboundMessages()).hasSize(1);
    unconnected.finishAndReleaseAll();
  }

  private final AtomicInteger connected = new AtomicInteger();

  @Test
  void aConnectionThatNeverCameEndsTheWire() {
    EmbeddedChannel unconnected =
        new EmbeddedChannel() {
          @Override
          public boolean isActive() {
            return false;
          }
        };
    unconnected.pipeline().addLast(new PeerWireHandler(wire));
    wire.handshake(Said.TORRENT, Said.US);
    unconnected.unsafe().close(unconnected.voidPromise());
    unconnected.runPendingTasks();
    assertThat(log.events)
        .containsExactly(
            "close: the connection failed: the channel was closed before it was connected");
  }

  @Test
  void inputMayBeCutAnywhere() {
    open();
    ByteBuf all =
        Said.by(
            peer -> {
              peer.haveNone();
              peer.have(3);
              peer.unchoke();
            });
    while (all.isReadable()) {
      channel.writeInbound(all.readRetainedSlice(1));
    }
    all.release();
    assertThat(log.events).containsExactly("handshake", "have 3", "unchoke");
  }

  @Test
  void aLayerBetweenChannelAndWireSeesEachByteFirst() {
    TorrentTable torrents = new TorrentTable();
    torrents.add(Said.TORRENT);
    Mse mse = new Mse(MseOptions.of(EncryptionPolicy.REQUIRE), torrents, new Random(7)::nextBytes);
    wire.handshake(Said.TORRENT, Said.US);
    channel
        .pipeline()
        .addLast(new PeerWireHandler(wire, mse.initiate(wire.transport(), Said.TORRENT)));
    Log theirLog = new Log();
    PeerWire theirs = new PeerWire(theirLog);
    MseTransport acceptor = mse.accept(theirs.transport());
    EmbeddedChannel peer = new EmbeddedChannel(new PeerWireHandler(theirs, acceptor));
    theirs.handshake(Said.TORRENT, Said.PEER);
    for (int i = 0; i < 5; i++) {
      move(channel, peer);
      move(peer, channel);
    }
    assertThat(log.events).containsExactly("handshake");
    assertThat(theirLog.events).containsExactly("handshake");
    assertThat(acceptor.encryption()).isEqualTo(Encryption.RC4);
    channel.pipeline().get(PeerWireHandler.class).wire().unchoke();
    channel.runPendingTasks();
    move(channel, peer);
    assertThat(theirLog.events).containsExactly("handshake", "unchoke");
    peer.finishAndReleaseAll();
  }

  /** One byte at a time. */
  private static void move(EmbeddedChannel from, EmbeddedChannel to) {
    from.runPendingTasks();
    ByteBuf bytes = from.readOutbound();
    while (bytes != null) {
      while (bytes.isReadable()) {
        to.writeInbound(bytes.readRetainedSlice(1));
      }
      bytes.release();
      bytes = from.readOutbound();
    }
  }

  @Test
  void inputMayLieInManyBuffersOrInAnArray() {
    open();
    CompositeByteBuf parts = Unpooled.compositeBuffer();
    parts.addComponent(true, Said.by(peer -> peer.haveNone()));
    ByteBuf have = Said.by(peer -> peer.have(3));
    parts.addComponent(true, have.readRetainedSlice(6));
    parts.addComponent(true, have);
    channel.writeInbound(parts);
    ByteBuf unchoke = Said.by(peer -> peer.unchoke());
    channel.writeInbound(Unpooled.copiedBuffer(unchoke));
    channel.writeInbound(Unpooled.EMPTY_BUFFER);
    unchoke.release();
    assertThat(log.events).containsExactly("handshake", "have 3", "unchoke");
    assertThat(parts.refCnt()).isZero();
  }

  @Test
  void whatIsNotBytesIsPassedOn() {
    add(wire);
    channel.writeInbound("a message of another handler");
    assertThat(channel.<String>readInbound()).isEqualTo("a message of another handler");
  }

  @Test
  void messagesSaidInOneBurstOfInputLeaveAsOne() {
    Log answering =
        new Log() {
          @Override
          public void onHave(PeerWire wire, int piece) {
            wire.have(piece);
          }
        };
    open(new PeerWire(answering));
    ByteBuf[] burst = new ByteBuf[10];
    for (int i = 0; i < burst.length; i++) {
      int piece = i;
      burst[i] = Said.by(peer -> peer.have(piece));
    }
    channel.writeInbound((Object[]) burst);
    assertThat(channel.outboundMessages()).hasSize(1);
    assertThat(sent()).isEqualTo(5 + 10 * 9);
  }

  @Test
  void verbsOutsideOfEventsLeaveTogetherAndSoon() {
    open();
    wire.unchoke();
    wire.have(1);
    assertThat(channel.outboundMessages()).isEmpty();
    channel.runPendingTasks();
    assertThat(channel.outboundMessages()).hasSize(1);
  }

  // ---------------------------------------------------------------- threads

  @Test
  void anotherThreadGoesThroughExecute() throws Exception {
    Stack.NIO.run(
        sockets -> {
          PeerWire other = new PeerWire(log);
          PeerWireHandler handler = new PeerWireHandler(other);
          CompletableFuture<Void> early = new CompletableFuture<>();
          handler.execute(
              () -> {
                other.handshake(Said.TORRENT, Said.US);
                early.complete(null);
              });
          assertThat(early).isNotDone();
          sockets.join(handler, new PeerWireHandler(new PeerWire(new Log())));
          early.get(5, TimeUnit.SECONDS);
          assertThatThrownBy(() -> other.setKeepAlive(true))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("execute");
          CompletableFuture<Boolean> late = new CompletableFuture<>();
          handler.execute(() -> late.complete(other.isClosed()));
          assertThat(late.get(5, TimeUnit.SECONDS)).isFalse();
        });
  }

  @Test
  void aTaskOnTheEventLoopRunsAtOnce() {
    PeerWireHandler handler = open();
    handler.execute(wire::unchoke);
    assertThat(wire.amChoking()).isFalse();
    assertThat(handler.wire()).isSameAs(wire);
  }

  // ---------------------------------------------------------------- back-pressure

  @Test
  void nothingLeavesWhileTheChannelIsNotWritable() {
    open();
    writable(false);
    log.drained = false;
    wire.unchoke();
    channel.runPendingTasks();
    assertThat(channel.outboundMessages()).isEmpty();
    assertThat(log.drained).isFalse();
    writable(true);
    assertThat(sent()).isEqualTo(5 + 5);
    assertThat(log.drained).isTrue();
  }

  @Test
  void autoReadIsOffWhileTheWireWantsNoInput() {
    WireOptions options = WireOptions.builder().controlWindow(100).build();
    open(new PeerWire(new PeerListener() {}, options));
    writable(false);
    channel.writeInbound(requests(0, 10));
    assertThat(channel.config().isAutoRead()).isFalse();
    writable(true);
    assertThat(channel.config().isAutoRead()).isTrue();
    // A have-none, for there is something to say, and a reject for each, as we choke.
    assertThat(sent()).isEqualTo(5 + 10 * 17);
  }

  @Test
  void anApplicationThatReadsByItselfIsLeftAlone() {
    WireOptions options = WireOptions.builder().controlWindow(100).build();
    open(new PeerWire(new PeerListener() {}, options));
    channel.config().setAutoRead(false);
    writable(false);
    channel.writeInbound(requests(0, 10));
    writable(true);
    assertThat(channel.config().isAutoRead()).isFalse();
  }

  @Test
  void blocksAreAskedForOnlyAsFastAsTheyAreSent() {
    WireOptions options = WireOptions.builder().uploadWindow(2 * BLOCK).build();
    PeerWire small = new PeerWire(log, options);
    serve(small);
    writable(false);
    channel.writeInbound(requests(0, 5));
    respond(small, 0, ByteBuffer.allocate(BLOCK));
    respond(small, 1, ByteBuffer.allocate(BLOCK));
    channel.runPendingTasks();
    assertThat(log.events).filteredOn(event -> event.startsWith("request")).hasSize(2);
    writable(true);
    assertThat(log.events)
        .containsSubsequence("upload 32768", "request 0 32768 16384", "request 0 49152 16384")
        .filteredOn(event -> event.startsWith("request"))
        .hasSize(4);
    assertThat(small.uploaded()).isEqualTo(2 * BLOCK);
  }

  // ---------------------------------------------------------------- blocks

  @Test
  void blocksLeaveByReference() {
    serve(wire);
    channel.writeInbound(requests(0, 1));
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    respond(wire, 0, block);
    channel.runPendingTasks();
    ByteBuf header = channel.readOutbound();
    ByteBuf body = channel.readOutbound();
    assertThat(header.readableBytes()).isEqualTo(13);
    assertThat(body.readableBytes()).isEqualTo(BLOCK);
    assertThat(body.array()).isSameAs(block.array());
    header.release();
    body.release();
  }

  @Test
  void blocksInFilesLeaveAsOneAndAreReleasedOnceTheChannelIsDone(@TempDir Path folder)
      throws IOException {
    serve(wire);
    channel.writeInbound(requests(0, 2));
    AtomicInteger released = new AtomicInteger();
    Path path = Files.write(folder.resolve("data"), new byte[3 * BLOCK]);
    try (FileChannel file = FileChannel.open(path)) {
      wire.respond(0, 0, new FileRegion(file, BLOCK, BLOCK, released::incrementAndGet));
      wire.respond(0, BLOCK, new FileRegion(file, 0, BLOCK, released::incrementAndGet));
      channel.runPendingTasks();
      io.netty.channel.FileRegion run = channel.readOutbound();
      assertThat(channel.<Object>readOutbound()).isNull();
      assertThat(run.count()).isEqualTo(2 * (13 + BLOCK));
      assertThat(released).hasValue(0);
      run.release();
      assertThat(released).hasValue(2);
      assertThat(file.isOpen()).isTrue();
    }
  }

  @Test
  void anotherRegionIsReadAndReleasedAtOnce() {
    serve(wire);
    channel.writeInbound(requests(0, 2));
    CountedRegion region = new CountedRegion(BLOCK);
    respond(wire, 0, region);
    channel.runPendingTasks();
    assertThat(region.released).isEqualTo(1);
    ReferenceCountUtil.release(channel.readOutbound());
    ByteBuf body = channel.readOutbound();
    assertThat(body.readableBytes()).isEqualTo(BLOCK);
    assertThat(body.getByte(0)).isEqualTo((byte) 7);
    assertThat(body.getByte(BLOCK - 1)).isEqualTo((byte) 7);
    body.release();
  }

  @ParameterizedTest
  @EnumSource(value = CountedRegion.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "GOOD")
  void aRegionThatCannotBeReadEndsTheConnection(CountedRegion.Kind kind) {
    serve(wire);
    channel.writeInbound(requests(0, 4));
    CountedRegion good = new CountedRegion(BLOCK);
    CountedRegion bad = new CountedRegion(BLOCK, kind);
    CountedRegion after = new CountedRegion(BLOCK);
    respond(wire, 0, good);
    respond(wire, 1, bad);
    respond(wire, 2, after);
    respond(wire, 3, ByteBuffer.allocate(BLOCK));
    channel.runPendingTasks();
    assertThat(wire.closeCause()).isInstanceOf(CloseCause.TransportFailed.class);
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.outboundMessages()).isEmpty();
    assertThat(List.of(good.released, bad.released, after.released)).containsExactly(1, 1, 1);
    assertThat(log.events).filteredOn(event -> event.startsWith("close")).hasSize(1);
  }

  @Test
  void aRegionThatWaitsIsReleasedWhenTheChannelGoes() {
    CountedRegion region = waitingRegion();
    peerCloses();
    assertThat(region.released).isEqualTo(1);
    assertThat(wire.closeCause()).isEqualTo(new CloseCause.ByPeer());
  }

  @Test
  void aRegionThatWaitsIsReleasedWhenThePeerBreaksARule() {
    CountedRegion region = waitingRegion();
    channel.writeInbound(Unpooled.buffer().writeInt(0x7fffffff).writeByte(4));
    assertThat(wire.closeCause()).isInstanceOf(CloseCause.Violated.class);
    assertThat(region.released).isEqualTo(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aRegionIsReleasedWhenItIsTooLate() {
    serve(wire);
    channel.writeInbound(requests(0, 1));
    wire.choke();
    CountedRegion region = new CountedRegion(BLOCK);
    assertThat(wire.respond(0, 0, region)).isFalse();
    assertThat(region.released).isEqualTo(1);
  }

  @Test
  void aRegionThatWaitsIsStillSentAfterAChoke() {
    CountedRegion region = waitingRegion();
    wire.choke();
    writable(true);
    assertThat(region.released).isEqualTo(1);
    assertThat(sent()).isEqualTo(13 + BLOCK + 5);
  }

  // ---------------------------------------------------------------- the end

  @Test
  void whatWaitsIsSentBeforeTheChannelIsClosed() {
    CountedRegion region = waitingRegion();
    wire.close();
    channel.runPendingTasks();
    assertThat(log.events).endsWith("close: closed by us");
    assertThat(channel.isOpen()).isTrue();
    writable(true);
    assertThat(channel.isOpen()).isFalse();
    assertThat(sent()).isEqualTo(13 + BLOCK);
    assertThat(region.released).isEqualTo(1);
    assertThat(log.events).filteredOn(event -> event.startsWith("close")).hasSize(1);
  }

  @Test
  void aPeerThatTakesNothingDoesNotHoldUpTheEnd() {
    channel.freezeTime();
    CountedRegion region = waitingRegion();
    wire.close();
    channel.runPendingTasks();
    channel.advanceTimeBy(9, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    channel.advanceTimeBy(2, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(region.released).isEqualTo(1);
  }

  @Test
  void anEndInsideOfAMessageIsACut() {
    open();
    channel.writeInbound(Unpooled.buffer().writeInt(5));
    peerCloses();
    assertThat(wire.closeCause()).isInstanceOf(CloseCause.CutInFrame.class);
  }

  @Test
  void theChannelClosedHereIsClosedByUs() {
    open();
    assertThat(channel.close().isSuccess()).isTrue();
    assertThat(log.events).containsExactly("handshake", "close: closed by us");
  }

  @Test
  void aHalfClosedConnectionStillTakesWhatWaits() {
    CountedRegion region = waitingRegion();
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(wire.closeCause()).isEqualTo(new CloseCause.ByPeer());
    assertThat(channel.isOpen()).isTrue();
    writable(true);
    assertThat(sent()).isEqualTo(13 + BLOCK);
    assertThat(region.released).isEqualTo(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aFailureOfTheTransportEndsTheWireAndNothingElse() {
    open();
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
    assertThat(log.events)
        .containsExactly("handshake", "close: the connection failed: Connection reset");
    assertThat(channel.isOpen()).isFalse();
    channel.checkException();
  }

  @Test
  void aBugOfAnotherHandlerEndsTheWireAndIsPassedOn() {
    open();
    channel.pipeline().fireExceptionCaught(new IllegalArgumentException("a bug"));
    assertThat(wire.closeCause()).isInstanceOf(CloseCause.TransportFailed.class);
    assertThatThrownBy(channel::checkException).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aListenerThatThrowsClosesTheChannel() {
    open(
        new PeerWire(
            new Log() {
              @Override
              public void onHave(PeerWire wire, int piece) {
                throw new IllegalStateException("in onHave");
              }

              @Override
              public void onClose(PeerWire wire, CloseCause cause) {
                super.onClose(wire, cause);
                throw new IllegalStateException("in onClose");
              }
            }));
    ByteBuf have = Said.by(peer -> peer.have(1));
    assertThatThrownBy(() -> channel.writeInbound(have))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("in onClose");
    assertThat(have.refCnt()).isZero();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void anErrorInAListenerEndsTheWireAndIsPassedOn() {
    PeerWire failing =
        new PeerWire(
            new Log() {
              @Override
              public void onHave(PeerWire wire, int piece) {
                throw new AssertionError("in onHave");
              }
            });
    open(failing);
    assertThatThrownBy(() -> channel.writeInbound(Said.by(peer -> peer.have(1))))
        .isInstanceOf(AssertionError.class);
    assertThat(failing.isClosed()).isTrue();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aChannelClosedInsideOfAnEventIsNotEnteredTwice() {
    List<String> events = new ArrayList<>();
    PeerWire closing =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHave(PeerWire wire, int piece) {
                wire.have(piece);
                assertThat(channel.pipeline().close().isSuccess()).isTrue();
                channel.pipeline().fireChannelInactive();
                events.add("have " + wire.isClosed());
              }

              @Override
              public void onClose(PeerWire wire, CloseCause cause) {
                events.add(cause.toString());
              }
            });
    open(closing);
    channel.writeInbound(Said.by(peer -> peer.have(1)));
    assertThat(events).containsExactly("have true", "closed by us");
  }

  @Test
  void inputThatComesInsideOfAnEventIsRaisedAfterIt() {
    List<String> events = new ArrayList<>();
    open(
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHave(PeerWire wire, int piece) {
                events.add("have " + piece);
                if (piece == 1) {
                  channel.writeInbound(Said.by(peer -> peer.have(2)));
                  events.add("end of have 1");
                }
              }
            }));
    channel.writeInbound(Said.by(peer -> peer.have(1)));
    assertThat(events).containsExactly("have 1", "end of have 1", "have 2");
  }

  @Test
  void aHandlerThatIsRemovedEndsTheWireAndLeavesTheChannel() {
    PeerWireHandler handler = open();
    channel.pipeline().remove(handler);
    assertThat(log.events)
        .containsExactly("handshake", "close: the connection failed: the handler was removed");
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aHandlerMayBeRemovedInsideOfAnEvent() {
    CompletableFuture<PeerWireHandler> added = new CompletableFuture<>();
    PeerWire removing =
        new PeerWire(
            new Log() {
              @Override
              public void onHave(PeerWire wire, int piece) {
                channel.pipeline().remove(added.join());
              }
            });
    added.complete(open(removing));
    channel.writeInbound(Said.by(peer -> peer.have(1)));
    assertThat(removing.closeCause())
        .isEqualTo(new CloseCause.TransportFailed("the handler was removed"));
  }

  // ---------------------------------------------------------------- time

  @Test
  void deadlinesRunOnTheEventLoop() {
    channel.freezeTime();
    add(wire);
    channel.advanceTimeBy(9, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(log.events).isEmpty();
    channel.advanceTimeBy(1_000 + 10_000 / Alarms.LATE, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(log.events).singleElement().asString().startsWith("close: HANDSHAKE_TIMEOUT");
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.runScheduledPendingTasks()).as("nothing is left to wait for").isEqualTo(-1);
  }

  @Test
  void aKeepAliveIsSentWhenItIsDue() {
    channel.freezeTime();
    open();
    wire.setKeepAlive(true);
    channel.runPendingTasks();
    sent();
    channel.advanceTimeBy(1, TimeUnit.MINUTES);
    channel.runScheduledPendingTasks();
    assertThat(sent()).isEqualTo(4);
  }

  @Test
  void trafficDoesNotMoveTheTimer() {
    channel.freezeTime();
    open();
    long due = channel.runScheduledPendingTasks();
    for (int i = 0; i < 100; i++) {
      channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
      int piece = i;
      channel.writeInbound(Said.by(peer -> peer.have(piece)));
    }
    assertThat(channel.runScheduledPendingTasks())
        .as("the same task, a second later")
        .isEqualTo(due - TimeUnit.SECONDS.toNanos(1));
  }

  // ---------------------------------------------------------------- helpers

  private PeerWireHandler add(PeerWire added) {
    PeerWireHandler handler = new PeerWireHandler(added);
    channel.pipeline().addLast(handler);
    channel.runPendingTasks();
    return handler;
  }

  private PeerWireHandler open() {
    return open(wire);
  }

  /** Both handshakes are done and nothing is left in the channel. */
  private PeerWireHandler open(PeerWire opened) {
    opened.handshake(Said.TORRENT, Said.US);
    PeerWireHandler handler = add(opened);
    channel.writeInbound(Said.handshake());
    sent();
    return handler;
  }

  /** A peer that we serve is there. */
  private void serve(PeerWire serving) {
    open(serving);
    serving.layout(PieceLayout.of(1 << 20, 1 << 20));
    PieceSet pieces = new PieceSet(1);
    pieces.addAll();
    serving.bitfield(pieces);
    serving.unchoke();
    channel.writeInbound(
        Said.by(
            peer -> {
              peer.haveNone();
              peer.interested();
            }));
    sent();
  }

  private CountedRegion waitingRegion() {
    serve(wire);
    channel.writeInbound(requests(0, 1));
    writable(false);
    CountedRegion region = new CountedRegion(BLOCK);
    respond(wire, 0, region);
    channel.runPendingTasks();
    assertThat(region.released).isZero();
    return region;
  }

  private static void respond(PeerWire to, int block, ByteBuffer bytes) {
    assertThat(to.respond(0, block * BLOCK, bytes)).isTrue();
  }

  private static void respond(PeerWire to, int block, BlockRegion region) {
    assertThat(to.respond(0, block * BLOCK, region)).isTrue();
  }

  private static ByteBuf requests(int from, int count) {
    return Said.by(
        peer -> {
          for (int i = from; i < from + count; i++) {
            peer.request(0, i * BLOCK, BLOCK);
          }
        });
  }

  private void writable(boolean is) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, is);
    channel.runPendingTasks();
  }

  /** As a channel does on its own at the end of the input. */
  private void peerCloses() {
    channel.unsafe().close(channel.voidPromise());
    channel.runPendingTasks();
  }

  /** How many bytes left since the last call. */
  private long sent() {
    long bytes = 0;
    for (Object each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
      bytes += ((ByteBuf) each).readableBytes();
      ReferenceCountUtil.release(each);
    }
    return bytes;
  }
}
