package org.peerwire.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;
import org.peerwire.wire.WireOptions;

@Timeout(30)
class WirePipeTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));

  @Test
  void aBlockGoesFromOneSocketToTheOther() throws Exception {
    byte[] content = new byte[Block.LENGTH];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 31);
    }
    BlockingQueue<CloseCause> ends = new LinkedBlockingQueue<>();
    CompletableFuture<byte[]> got = new CompletableFuture<>();
    PeerWire seeder =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0000-seederseeder"));
                PieceSet pieces = new PieceSet(1);
                pieces.addAll();
                wire.bitfield(pieces);
              }

              @Override
              public void onInterested(PeerWire wire) {
                wire.unchoke();
              }

              @Override
              public void onRequest(PeerWire wire, int piece, int begin, int length) {
                wire.respond(piece, begin, ByteBuffer.wrap(content, begin, length));
              }

              @Override
              public void onClose(PeerWire wire, CloseCause cause) {
                ends.add(cause);
              }
            });
    PeerWire leecher =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.interested();
              }

              @Override
              public void onUnchoke(PeerWire wire) {
                wire.request(
                    0,
                    0,
                    content.length,
                    (outcome, piece, begin, block) -> {
                      assertThat(outcome).isEqualTo(RequestOutcome.BLOCK);
                      byte[] bytes = new byte[block.remaining()];
                      block.get(bytes);
                      got.complete(bytes);
                      wire.close();
                    });
              }

              @Override
              public void onClose(PeerWire wire, CloseCause cause) {
                ends.add(cause);
              }
            });
    try (ServerSocketChannel server =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      Thread accepting =
          new Thread(
              () -> {
                try {
                  WirePipe.run(server.accept(), seeder);
                } catch (java.io.IOException e) {
                  got.completeExceptionally(e);
                }
              });
      accepting.start();
      leecher.handshake(TORRENT, PeerId.ofAscii("-PW0000-leecherleech"));
      WirePipe.run(SocketChannel.open(server.getLocalAddress()), leecher);
      accepting.join();
    }
    assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo(content);
    assertThat(ends).hasSize(2);
    assertThat(leecher.closeCause()).isEqualTo(new CloseCause.ByUs());
    assertThat(seeder.closeCause()).isEqualTo(new CloseCause.ByPeer());
    assertThat(leecher.downloaded()).isEqualTo(content.length);
    assertThat(seeder.uploaded()).isEqualTo(content.length);
  }

  @Test
  void aPeerThatDoesNotReadIsGivenUpWhileItsBytesWait() throws Exception {
    BlockingQueue<CloseCause> ends = new LinkedBlockingQueue<>();
    PeerWire seeder =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0000-seederseeder"));
                wire.unchoke();
              }

              @Override
              public void onRequest(PeerWire wire, int piece, int begin, int length) {
                wire.respond(piece, begin, ByteBuffer.allocate(length));
              }

              @Override
              public void onClose(PeerWire wire, CloseCause cause) {
                ends.add(cause);
              }
            },
            WireOptions.builder()
                .sendTimeout(Duration.ofMillis(200))
                .uploadWindow(64 << 20)
                .maxPeerRequests(100_000)
                .build());
    try (ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel greedy = SocketChannel.open(server.getLocalAddress())) {
      SocketChannel accepted = server.accept();
      Thread piping = new Thread(() -> WirePipe.run(accepted, seeder));
      piping.start();
      Outbox said = new Outbox();
      FrameWriter writer = new FrameWriter(said);
      writer.infoHash(0, TORRENT);
      writer.peerId(PeerId.ofAscii("-XX0000-greedygreedy"));
      for (int i = 0; i < 1200; i++) {
        writer.request(i, 0, Block.LENGTH);
      }
      // More than the sockets hold on their way, and nobody reads it.
      Gather gather = new Gather(greedy);
      said.drainTo(gather, Long.MAX_VALUE);
      gather.end();
      while (gather.write() > 0) {
        // All of it.
      }
      assertThat(ends.poll(20, TimeUnit.SECONDS))
          .isEqualTo(new CloseCause.TimedOut(org.peerwire.wire.Timeout.SEND_STALLED));
      piping.join(20_000);
      assertThat(piping.isAlive()).isFalse();
      assertThat(accepted.isOpen()).isFalse();
    }
  }

  @Test
  void aSilentPeerIsTimedOutWhileThePipeWaitsToRead() throws Exception {
    BlockingQueue<CloseCause> ends = new LinkedBlockingQueue<>();
    PeerListener listener =
        new PeerListener() {
          @Override
          public void onClose(PeerWire wire, CloseCause cause) {
            ends.add(cause);
          }
        };
    Duration soon = Duration.ofMillis(100);
    PeerWire wire =
        new PeerWire(listener, WireOptions.builder().handshakeTimeout(soon, soon).build());
    Pipe silence = Pipe.open();
    Pipe output = Pipe.open();
    new WirePipe(silence.source(), output.sink(), wire, Thread::new).run();
    assertThat(ends)
        .containsExactly(new CloseCause.TimedOut(org.peerwire.wire.Timeout.HANDSHAKE_TIMEOUT));
    assertThat(silence.source().isOpen()).isFalse();
    assertThat(output.sink().isOpen()).isFalse();
  }
}
