package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.channel.WirePipe;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** From a magnet link to a torrent. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class MetadataTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @TempDir Path temp;
  private Metainfo torrent;
  private MagnetLink magnet;
  private final Client client;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init")
  MetadataTest() throws IOException {
    client = Client.open(ClientOptions.DEFAULT);
    open.add(client);
  }

  @BeforeEach
  void torrent() throws Exception {
    // Many pieces, so that the info dictionary has several blocks.
    torrent = Samples.single(temp.resolve("from"), "a.bin", 40_000_000, 16 << 10);
    assertThat(torrent.infoBytes().remaining()).isGreaterThan(2 * UtMetadata.BLOCK_LENGTH);
    magnet = MagnetLink.parse("magnet:?xt=urn:btih:" + torrent.infoHash());
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private InetSocketAddress seeder() throws Exception {
    Client seeder =
        Client.open(ClientOptions.builder().listenAddress(new InetSocketAddress(HERE, 0)).build());
    open.add(seeder);
    seeder
        .seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT)
        .completion()
        .get(20, TimeUnit.SECONDS);
    return seeder.listenAddress().orElseThrow();
  }

  /** A peer that gives what is of the right size and nothing else. */
  private InetSocketAddress liar() throws IOException {
    ServerSocketChannel door = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
    open.add(door);
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  SocketChannel channel = door.accept();
                  lie(channel);
                }
              } catch (IOException e) {
                // Closed.
                return;
              }
            });
    thread.setDaemon(true);
    thread.start();
    return (InetSocketAddress) door.getLocalAddress();
  }

  private void lie(SocketChannel channel) throws IOException {
    PeerWire wire =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onInfoHash(PeerWire from, InfoHash infoHash, long reserved) {
                from.handshake(infoHash, PeerId.of("-LI0001-", new byte[PeerId.LENGTH]));
              }
            });
    wire.use(new UtMetadata()).serve(ByteBuffer.allocate(torrent.infoBytes().remaining()));
    WirePipe.run(channel, wire);
  }

  private CompletableFuture<Metainfo> fetch(int seconds, InetSocketAddress... peers) {
    return client.fetchMetadata(
        magnet, List.of(peers), PeerSources.DEFAULT, Duration.ofSeconds(seconds), warnings::add);
  }

  @Test
  void aMagnetLinkIsDownloadedInOneCall() throws Exception {
    InetSocketAddress seeder = seeder();
    List<Integer> pieces = new CopyOnWriteArrayList<>();
    Transfer transfer =
        client
            .download(
                magnet,
                List.of(seeder),
                temp.resolve("to"),
                TransferOptions.DEFAULT,
                new TransferListener() {
                  @Override
                  public void pieceVerified(int piece) {
                    pieces.add(piece);
                  }
                })
            .get(30, TimeUnit.SECONDS);
    assertThat(transfer.completion().get(30, TimeUnit.SECONDS).isComplete()).isTrue();
    assertThat(temp.resolve("to/a.bin")).hasSameBinaryContentAs(temp.resolve("from/a.bin"));
    assertThat(pieces).isNotEmpty();
  }

  @Test
  void aMagnetLinkThatNobodyKnowsFailsOrIsCancelled() throws Exception {
    TransferOptions brief = TransferOptions.builder().stallTimeout(Duration.ofMillis(300)).build();
    assertThatThrownBy(() -> download(brief).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(TransferException.class);
    CompletableFuture<Transfer> endless = download(TransferOptions.DEFAULT);
    endless.cancel(true);
    assertThat(temp.resolve("to")).doesNotExist();
  }

  private CompletableFuture<Transfer> download(TransferOptions options) {
    return client.download(
        magnet, List.of(), temp.resolve("to"), options, new TransferListener() {});
  }

  @Test
  void aMagnetLinkAndASeederAreEnough() throws Exception {
    InetSocketAddress seeder = seeder();
    Metainfo fetched = fetch(20, seeder).get(30, TimeUnit.SECONDS);
    assertThat(fetched.infoBytes()).isEqualTo(torrent.infoBytes());
    Transfer transfer = client.download(fetched, temp.resolve("to"), TransferOptions.DEFAULT);
    transfer.addPeer(seeder);
    transfer.completion().get(30, TimeUnit.SECONDS);
    assertThat(temp.resolve("to/a.bin")).hasSameBinaryContentAs(temp.resolve("from/a.bin"));
    assertThat(warnings).isEmpty();
  }

  @Test
  void m07_aLiarIsNamedAndTheHonestOneAsked() throws Exception {
    InetSocketAddress liar = liar();
    CompletableFuture<Metainfo> fetch = fetch(20, liar, seeder());
    assertThat(fetch.get(30, TimeUnit.SECONDS).infoHash()).isEqualTo(torrent.infoHash());
    assertThat(warnings).hasSizeLessThanOrEqualTo(1).allMatch(line -> line.contains(text(liar)));
  }

  @Test
  void m07_aLiarAloneIsWhyThereIsNone() throws Exception {
    InetSocketAddress liar = liar();
    assertFails(fetch(20, liar), text(liar) + " sent metadata of something else (METADATA_HASH)");
    assertThat(warnings).hasSize(1);
  }

  @Test
  void nobodyThereIsSaidSoon() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
      port = socket.getLocalPort();
    }
    assertFails(fetch(0, new InetSocketAddress(HERE, port)), "can't connect");
    assertFails(fetch(0), "no peer is known");
  }

  @Test
  void aPeerThatSaysNothingIsWaitedForNoLongerThanToldTo() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, HERE)) {
      InetSocketAddress address = (InetSocketAddress) mute.getLocalSocketAddress();
      assertFails(fetch(1, address), "no metadata within 1 s: " + text(address));
    }
  }

  @Test
  void itIsStoppedByCancellingAndWithTheClient() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, HERE)) {
      InetSocketAddress address = (InetSocketAddress) mute.getLocalSocketAddress();
      CompletableFuture<Metainfo> cancelled = fetch(0, address);
      assertThat(cancelled.cancel(true)).isTrue();
      assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
      CompletableFuture<Metainfo> other = fetch(0, address);
      client.close();
      assertThatThrownBy(() -> other.get(10, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(TransferException.class);
    }
  }

  @Test
  void t23_aMagnetLinkPointsNowhereIntoOurNetwork() throws Exception {
    MagnetLink link =
        MagnetLink.parse(
            "magnet:?xt=urn:btih:"
                + torrent.infoHash()
                + "&x.pe=127.0.0.1:6881&x.pe=10.0.0.1:6881&x.pe=169.254.169.254:8080"
                + "&x.pe=[::1]:6881&x.pe=[::ffff:127.0.0.1]:6881&x.pe=localhost:6881"
                + "&x.pe=8.8.8.8:6881&x.pe=8.8.8.8:80");
    MagnetPeers peers = MagnetPeers.of(link);
    assertThat(peers.usable()).containsExactly(new InetSocketAddress("8.8.8.8", 6881));
    assertThat(peers.refused()).hasSize(6);
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static void assertFails(CompletableFuture<Metainfo> fetch, String why) {
    assertThatThrownBy(() -> fetch.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.reason()).isEqualTo(TransferException.Reason.NO_METADATA))
        .hasMessageContaining(why);
  }
}
