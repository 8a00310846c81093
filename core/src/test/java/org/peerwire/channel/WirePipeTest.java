package org.peerwire.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

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
}
