package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.Violation;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.Torrents;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** One listener for many torrents, plaintext and encrypted. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class PeerAcceptorTest {
  private static final int TORRENTS = 1_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final int FLOOD = 120;

  private final Stack stack;

  PeerAcceptorTest(Stack stack) {
    this.stack = stack;
  }

  /** What became of a peer that came in: the torrent that it named, and what protects it. */
  private record Came(InfoHash infoHash, Encryption encryption) {}

  @Test
  void eachPeerMeetsTheTorrentThatItNames() throws Exception {
    PeerAcceptor acceptor = acceptor(EncryptionPolicy.PREFER);
    List<CompletableFuture<Came>> came = hostAll(acceptor);
    stack.run(
        sockets -> {
          Channel server = sockets.listen(acceptor);
          Mse mse = mse(EncryptionPolicy.PREFER);
          for (int i : new int[] {0, 1, 500, TORRENTS - 1}) {
            boolean encrypted = (i & 1) == 1;
            Dialler dialler = new Dialler();
            PeerWire wire = new PeerWire(dialler);
            wire.handshake(torrent(i), Said.US);
            sockets.connect(
                encrypted
                    ? new PeerWireHandler(wire, mse.initiate(wire.transport(), torrent(i)))
                    : new PeerWireHandler(wire),
                server.localAddress());
            assertThat(dialler.theirs.get(20, TimeUnit.SECONDS).infoHash()).isEqualTo(torrent(i));
            assertThat(came.get(i).get(20, TimeUnit.SECONDS))
                .isEqualTo(new Came(torrent(i), encrypted ? Encryption.RC4 : Encryption.NONE));
          }
          assertThat(came).filteredOn(CompletableFuture::isDone).hasSize(4);
          assertThat(acceptor.halfOpen()).isZero();
        });
  }

  @Test
  void h04_whoNamesAnUnknownTorrentHearsNothing() throws Exception {
    PeerAcceptor acceptor = acceptor(EncryptionPolicy.PREFER);
    hostAll(acceptor);
    stack.run(
        sockets -> {
          Channel server = sockets.listen(acceptor);
          assertThat(answerTo(server, handshake(torrent(TORRENTS)))).isEmpty();
        });
  }

  @Test
  void aTorrentThatWasRemovedIsUnknown() throws Exception {
    PeerAcceptor acceptor = acceptor(EncryptionPolicy.OFF);
    PeerHost host = peer -> new Seeder(new CompletableFuture<>(), peer);
    assertThat(acceptor.add(torrent(1), host)).isTrue();
    assertThat(acceptor.add(torrent(1), peer -> null)).as("it is there already").isFalse();
    assertThat(acceptor.remove(torrent(1), peer -> null)).as("another host").isFalse();
    assertThat(acceptor.remove(torrent(1), host)).isTrue();
    stack.run(
        sockets -> {
          Channel server = sockets.listen(acceptor);
          assertThat(answerTo(server, handshake(torrent(1)))).isEmpty();
        });
  }

  @Test
  void whoIsNotWantedHearsNothing() throws Exception {
    PeerAcceptor acceptor = acceptor(EncryptionPolicy.OFF);
    CompletableFuture<PeerWire> refused = new CompletableFuture<>();
    acceptor.add(
        torrent(1),
        peer -> {
          refused.complete(peer.wire());
          return null;
        });
    stack.run(
        sockets -> {
          Channel server = sockets.listen(acceptor);
          assertThat(answerTo(server, handshake(torrent(1)))).isEmpty();
          assertThat(refused.get(5, TimeUnit.SECONDS).closeCause())
              .isInstanceOfSatisfying(
                  CloseCause.Violated.class,
                  why ->
                      assertThat(why.report().violation()).isEqualTo(Violation.UNKNOWN_INFO_HASH));
        });
  }

  @Test
  void plaintextIsRefusedWhereEncryptionIsRequired() throws Exception {
    PeerAcceptor acceptor = acceptor(EncryptionPolicy.REQUIRE);
    List<CompletableFuture<Came>> came = hostAll(acceptor);
    stack.run(
        sockets -> {
          Channel server = sockets.listen(acceptor);
          assertThat(answerTo(server, handshake(torrent(1)))).isEmpty();
        });
    assertThat(came).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void b13_theOldestOfManyHalfOpenOnesGoes() throws Exception {
    PeerAcceptor acceptor =
        PeerAcceptor.builder()
            .encryption(MseOptions.of(EncryptionPolicy.PREFER), RANDOM::nextBytes)
            .maxHalfOpen(8, 4)
            .build();
    hostAll(acceptor);
    List<Socket> silent = new ArrayList<>();
    // With more threads, the order in which they come would be anyone's guess.
    stack.run(
        1,
        sockets -> {
          Channel server = sockets.listen(acceptor);
          for (int i = 0; i < 4; i++) {
            silent.add(connect(server));
          }
          Socket honest = connect(server);
          assertThat(silent.get(0).getInputStream().read()).isEqualTo(-1);
          honest.getOutputStream().write(handshake(torrent(7)));
          assertThat(honest.getInputStream().readNBytes(68)).hasSize(68);
          assertThat(acceptor.halfOpen()).isEqualTo(3);
          honest.close();
        });
    for (Socket socket : silent) {
      socket.close();
    }
    assertThat(acceptor.halfOpen()).as("all are gone with their channels").isZero();
  }

  /** Those who are in would pay for each that comes in and is driven out. */
  @Test
  void h09_aFloodIsAcceptedSlowlyAndAnHonestPeerAllTheSame() throws Exception {
    PeerAcceptor acceptor = PeerAcceptor.builder().maxHalfOpen(8, 4).build();
    hostAll(acceptor);
    AtomicInteger accepted = new AtomicInteger();
    stack.run(
        sockets -> {
          Channel server = sockets.listen(acceptor);
          server
              .pipeline()
              .addFirst(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object child) {
                      accepted.incrementAndGet();
                      context.fireChannelRead(child);
                    }
                  });
          List<Socket> silent = new ArrayList<>();
          long since = System.nanoTime();
          for (int i = 0; i < FLOOD; i++) {
            silent.add(connect(server));
          }
          long before = accepted.get();
          long batches = 2 + (System.nanoTime() - since) / TimeUnit.MILLISECONDS.toNanos(50);
          if (stack != Stack.IO_URING) { // there the kernel accepts ahead
            assertThat(before).isLessThanOrEqualTo(16 * batches);
          }
          for (Socket each : silent) {
            each.close();
          }
          try (Socket honest = connect(server)) {
            honest.getOutputStream().write(handshake(torrent(7)));
            assertThat(honest.getInputStream().readNBytes(68)).hasSize(68);
          }
        });
  }

  @Test
  void boundsAreSane() {
    assertThatIllegalArgumentException().isThrownBy(() -> PeerAcceptor.builder().maxHalfOpen(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> PeerAcceptor.builder().maxHalfOpen(1, 0));
  }

  // ---------------------------------------------------------------- helpers

  private static PeerAcceptor acceptor(EncryptionPolicy policy) {
    return PeerAcceptor.builder().encryption(MseOptions.of(policy), RANDOM::nextBytes).build();
  }

  private static Mse mse(EncryptionPolicy policy) {
    return new Mse(MseOptions.of(policy), Torrents.NONE, RANDOM::nextBytes);
  }

  private static List<CompletableFuture<Came>> hostAll(PeerAcceptor acceptor) {
    List<CompletableFuture<Came>> came = new ArrayList<>();
    for (int i = 0; i < TORRENTS; i++) {
      CompletableFuture<Came> one = new CompletableFuture<>();
      came.add(one);
      acceptor.add(torrent(i), peer -> new Seeder(one, peer));
    }
    return came;
  }

  private static InfoHash torrent(int i) {
    return InfoHash.of(ByteBuffer.allocate(20).putInt(0x7044).putInt(i).array());
  }

  private static byte[] answerTo(Channel server, byte[] said) throws Exception {
    try (Socket socket = connect(server)) {
      socket.getOutputStream().write(said);
      return socket.getInputStream().readAllBytes();
    }
  }

  private static Socket connect(Channel server) throws Exception {
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static byte[] handshake(InfoHash infoHash) {
    var bytes =
        Said.by(
            peer -> {
              peer.infoHash(0, infoHash);
              peer.peerId(Said.US);
            });
    byte[] array = new byte[bytes.readableBytes()];
    bytes.readBytes(array).release();
    return array;
  }

  private record Seeder(CompletableFuture<Came> came, IncomingPeer peer) implements PeerListener {
    @Override
    public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
      wire.handshake(infoHash, Said.PEER);
      came.complete(new Came(infoHash, peer.encryption()));
    }
  }

  private static final class Dialler implements PeerListener {
    final CompletableFuture<Handshake> theirs = new CompletableFuture<>();

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      theirs.complete(handshake);
    }
  }
}
