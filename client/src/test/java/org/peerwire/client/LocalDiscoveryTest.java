package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.peerwire.InfoHash;
import org.peerwire.client.local.LocalGroup;
import org.peerwire.swarm.local.LocalAnnounce;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.MetaVersion;
import org.peerwire.swarm.metainfo.Metainfo;

/**
 * Peers find each other by multicast on the loopback interface, at a port of their own. Skipped
 * where that interface has no multicast, unless {@code peerwire.interop.required} is set.
 */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class LocalDiscoveryTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final TransferOptions LOCALLY =
      TransferOptions.builder()
          .sources(PeerSources.NONE.withLocal(true))
          .stallTimeout(Duration.ofSeconds(40))
          .build();

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  @TempDir Path temp;

  private LocalGroup group;

  /** A member of the group that hears, and says what it is told to. */
  private MulticastSocket member;

  @SuppressWarnings("NullAway.Init")
  LocalDiscoveryTest() {}

  @BeforeEach
  void join() throws Exception {
    NetworkInterface loopback = NetworkInterface.getByInetAddress(LOOPBACK);
    try {
      member = new MulticastSocket(0);
      open.push(member);
      group = LocalGroup.of(member.getLocalPort(), loopback);
      member.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
      member.setTimeToLive(0);
      member.joinGroup(group.address(), loopback);
      member.setSoTimeout(5_000);
      say(new byte[] {1});
      assertThat(hear()).containsExactly(1);
      member.setSoTimeout(20_000);
    } catch (IOException e) {
      String message = "no multicast on the loopback interface: " + e.getMessage();
      if (Boolean.getBoolean("peerwire.interop.required")) {
        fail(message, e);
      }
      System.out.println("    SKIPPED: " + message);
      abort(message);
    }
  }

  @AfterEach
  void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  void aDownloadHearsASeedThatBeginsLater() throws Exception {
    Metainfo torrent = torrent(MetaVersion.V1);
    Transfer get = client(false).download(torrent, temp.resolve("to"), LOCALLY);
    try (ServerSocket probe = new ServerSocket(0, 1, LOOPBACK)) {
      // Until it hears; of a machine four are read in a second.
      probe.setSoTimeout(500);
      do {
        say(announce(torrent.infoHash(), probe.getLocalPort()));
        hear();
      } while (!hasCaller(probe));
    }
    Client seeder = client(true);
    seed(seeder, torrent);
    assertArrived(get);
    LocalAnnounce heard = LocalAnnounce.parse(ByteBuffer.wrap(hear())).orElseThrow();
    assertThat(heard.infoHashes()).containsExactly(torrent.infoHash());
    assertThat(heard.port()).isEqualTo(port(seeder));
    assertThat(heard.cookie()).matches("[0-9a-f]{8}");
  }

  @Test
  void aSeedDialsADownloadThatBeginsLater() throws Exception {
    Metainfo torrent = torrent(MetaVersion.V1);
    seed(client(true), torrent);
    assertThat(announced()).containsExactly(torrent.infoHash());
    assertArrived(client(true).download(torrent, temp.resolve("to"), LOCALLY));
  }

  @Test
  void aHybridIsAnnouncedUnderBothNames() throws Exception {
    Metainfo torrent = torrent(MetaVersion.HYBRID);
    seed(client(true), torrent);
    assertThat(announced()).hasSize(2).containsExactlyElementsOf(torrent.infoHashes());
  }

  @Test
  void aMagnetLinkWithoutTrackersIsEnough() throws Exception {
    Metainfo torrent = torrent(MetaVersion.V1);
    seed(client(true), torrent);
    assertThat(announced()).containsExactly(torrent.infoHash());
    MagnetLink link = MagnetLink.parse("magnet:?xt=urn:btih:" + torrent.infoHash());
    Transfer get =
        client(true)
            .download(link, List.of(), temp.resolve("to"), LOCALLY, warningsOnly())
            .get(30, TimeUnit.SECONDS);
    assertArrived(get);
  }

  /** Nor is a link that names a tracker, as it may be of a private torrent. */
  @Test
  void aPrivateTorrentIsNotAnnounced() throws Exception {
    Files.createDirectories(temp.resolve("from"));
    Path file = Files.write(temp.resolve("from/private.bin"), Samples.bytes(50_000, 1));
    Metainfo secret = Metainfo.parse(new TorrentMaker(file).isPrivate(true).make(Progress.NONE));
    assertThat(secret.isPrivate()).isTrue();
    Client client = client(true);
    Transfer ofSecret = seed(client, secret);
    MagnetLink link =
        MagnetLink.parse(
            "magnet:?xt=urn:btih:" + "1".repeat(40) + "&tr=http://127.0.0.1:1/announce");
    PeerSources sources = PeerSources.NONE.withLocal(true);
    CompletableFuture<Metainfo> search =
        client.fetchMetadata(link, List.of(), sources, Duration.ofSeconds(30), warnings::add);
    Metainfo open = torrent(MetaVersion.V1);
    seed(client, open);
    // The first that is said, though the others began before.
    assertThat(announced()).containsExactly(open.infoHash());
    assertThat(search).isNotDone();
    ofSecret.stop().get(10, TimeUnit.SECONDS);
  }

  @Test
  void ourOwnAnnouncesAndThoseOfOtherTorrentsLeadNowhere() throws Exception {
    Metainfo torrent = torrent(MetaVersion.V1);
    try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK);
        ServerSocket peer = new ServerSocket(0, 1, LOOPBACK)) {
      Transfer get = client(true).download(torrent, temp.resolve("to"), LOCALLY);
      Set<InetSocketAddress> dialled = ConcurrentHashMap.newKeySet();
      InetSocketAddress its = new InetSocketAddress(LOOPBACK, peer.getLocalPort());
      CompletableFuture<Void> gone = new CompletableFuture<>();
      get.listen(
          new TransferListener() {
            @Override
            public void peerDisconnected(
                InetSocketAddress each, long downloaded, long uploaded, String why) {
              dialled.add(each);
              if (each.equals(its)) {
                gone.complete(null);
              }
            }
          });
      assertThat(announced()).containsExactly(torrent.infoHash());
      // With its own, as many as are read of a machine in a second.
      say(announce(InfoHash.parse("1".repeat(40)), other.getLocalPort()));
      say(announce(torrent.infoHash(), 22));
      say(announce(torrent.infoHash(), peer.getLocalPort()));
      peer.setSoTimeout(20_000);
      peer.accept().close();
      gone.get(20, TimeUnit.SECONDS);
      assertThat(dialled).containsExactly(its);
      other.setSoTimeout(1);
      assertThat(hasCaller(other)).isFalse();
    }
  }

  @Test
  void aPortThatIsTakenIsOneWarningAndNoMore() throws Exception {
    member.close();
    try (DatagramSocket selfish = new DatagramSocket(group.address().getPort())) {
      assertThat(selfish.getReuseAddress()).isFalse();
      Metainfo torrent = torrent(MetaVersion.V1);
      Client seeder = client(true);
      seed(seeder, torrent);
      InetSocketAddress peer = new InetSocketAddress(LOOPBACK, port(seeder));
      MagnetLink link = MagnetLink.parse("magnet:?xt=urn:btih:" + torrent.infoHash());
      Transfer get =
          client(true)
              .download(link, List.of(peer), temp.resolve("to"), LOCALLY, warningsOnly())
              .get(30, TimeUnit.SECONDS);
      assertArrived(get);
      assertThat(warnings).hasSize(1).first().asString().contains("local network").contains("use");
    }
  }

  private void assertArrived(Transfer get) throws Exception {
    assertThat(get.completion().get(45, TimeUnit.SECONDS).isComplete()).isTrue();
    assertThat(temp.resolve("to/a.bin")).hasSameBinaryContentAs(temp.resolve("from/a.bin"));
  }

  private Metainfo torrent(MetaVersion version) throws Exception {
    Files.createDirectories(temp.resolve("from"));
    Path file = Files.write(temp.resolve("from/a.bin"), Samples.bytes(200_000, 7));
    return Metainfo.parse(new TorrentMaker(file).version(version).make(Progress.NONE));
  }

  private Client client(boolean listens) throws IOException {
    ClientOptions.Builder options = ClientOptions.builder().localGroup(group);
    if (listens) {
      options.listenAddress(new InetSocketAddress(LOOPBACK, 0));
    }
    Client client = Client.open(options.build());
    open.push(client);
    return client;
  }

  private Transfer seed(Client client, Metainfo torrent) throws Exception {
    Transfer transfer = client.seed(torrent, temp.resolve("from"), LOCALLY);
    transfer.completion().get(20, TimeUnit.SECONDS);
    return transfer;
  }

  private static int port(Client client) {
    return client.listenAddress().orElseThrow().getPort();
  }

  private TransferListener warningsOnly() {
    return new TransferListener() {
      @Override
      public void warning(String sentence) {
        warnings.add(sentence);
      }
    };
  }

  private static boolean hasCaller(ServerSocket socket) throws IOException {
    try {
      socket.accept().close();
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    }
  }

  private static byte[] announce(InfoHash infoHash, int port) {
    ByteBuffer datagram = new LocalAnnounce(List.of(infoHash), port, "").toDatagram("host:1");
    byte[] bytes = new byte[datagram.remaining()];
    datagram.get(bytes);
    return bytes;
  }

  private List<InfoHash> announced() throws IOException {
    Optional<LocalAnnounce> heard = LocalAnnounce.parse(ByteBuffer.wrap(hear()));
    return heard.orElseThrow().infoHashes();
  }

  private void say(byte[] bytes) throws IOException {
    member.send(new DatagramPacket(bytes, bytes.length, group.address()));
  }

  private byte[] hear() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
    member.receive(packet);
    return java.util.Arrays.copyOf(packet.getData(), packet.getLength());
  }
}
