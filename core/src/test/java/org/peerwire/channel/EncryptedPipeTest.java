package org.peerwire.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.SplitMix64;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.TorrentTable;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * The blocking pipe with encryption under the wire: the file's blocks arrive over a real socket.
 */
@Timeout(30)
class EncryptedPipeTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"PLAINTEXT", "RC4"})
  void aFilesBlocksGoFromOneSocketToTheOther(Encryption method) throws Exception {
    int blocks = 20;
    byte[] content = new SplitMix64(1).bytes(blocks * Block.LENGTH);
    Path path = Files.write(folder.resolve("content"), content);
    TorrentTable torrents = new TorrentTable();
    torrents.add(TORRENT);
    MseOptions options = MseOptions.builder(EncryptionPolicy.REQUIRE).methods(method).build();
    Mse mse = new Mse(options, torrents, new SecureRandom()::nextBytes);
    CompletableFuture<byte[]> got = new CompletableFuture<>();
    try (FileChannel file = FileChannel.open(path);
        ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      MseTransport seeding = mse.accept(seeder(file).transport());
      Thread accepting =
          new Thread(
              () -> {
                try {
                  WirePipe.run(server.accept(), seeding);
                } catch (IOException e) {
                  got.completeExceptionally(e);
                }
              });
      accepting.start();
      PeerWire leecher = leecher(blocks, got);
      leecher.handshake(TORRENT, PeerId.ofAscii("-PW0000-leecherleech"));
      MseTransport leeching = mse.initiate(leecher.transport(), TORRENT);
      WirePipe.run(SocketChannel.open(server.getLocalAddress()), leeching);
      accepting.join();
      assertThat(leeching.encryption()).isEqualTo(method);
      assertThat(seeding.encryption()).isEqualTo(method);
      assertThat(seeding.infoHash()).isEqualTo(TORRENT);
    }
    assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo(content);
  }

  private static PeerWire seeder(FileChannel file) {
    return new PeerWire(
        new PeerListener() {
          @Override
          public void onHandshake(PeerWire wire, Handshake handshake) {
            wire.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0000-seederseeder"));
            wire.unchoke();
          }

          @Override
          public void onRequest(PeerWire wire, int piece, int begin, int length) {
            wire.respond(piece, begin, new FileRegion(file, begin, length));
          }
        });
  }

  private static PeerWire leecher(int blocks, CompletableFuture<byte[]> got) {
    ByteBuffer content = ByteBuffer.allocate(blocks * Block.LENGTH);
    return new PeerWire(
        new PeerListener() {
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
        });
  }
}
