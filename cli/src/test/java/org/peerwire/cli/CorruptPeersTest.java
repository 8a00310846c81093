package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.Progress;
import org.peerwire.client.TorrentMaker;
import org.peerwire.client.TransferOptions;
import org.peerwire.swarm.metainfo.Metainfo;

/** {@code get} from peers of which some, or all, send corrupt data. */
@Timeout(100)
class CorruptPeersTest {
  private static final int LENGTH = (8 << 20) + 77;
  private static final int PIECE = 128 << 10;

  @TempDir Path folder;
  private Path torrentFile = Path.of("");
  private byte[] content = {};
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void data() throws Exception {
    content = TestTorrents.content(folder.resolve("have"), "data.bin", LENGTH);
    torrentFile = folder.resolve("a.torrent");
    Path source = folder.resolve("have/data.bin");
    Files.write(torrentFile, new TorrentMaker(source).pieceLength(PIECE).make(Progress.NONE));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private Metainfo torrent() throws Exception {
    return Metainfo.parse(Files.readAllBytes(torrentFile));
  }

  private CorruptPeer liar() throws Exception {
    CorruptPeer liar = new CorruptPeer(torrent(), content);
    opened.add(liar);
    return liar;
  }

  /** A seeder that takes a while, so that all are asked. */
  private String seeder() throws Exception {
    Client client =
        Client.open(
            ClientOptions.builder()
                .maxUpload(2 << 20)
                .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    opened.add(client);
    client
        .seed(torrent(), folder.resolve("have"), TransferOptions.DEFAULT)
        .completion()
        .get(30, TimeUnit.SECONDS);
    return "127.0.0.1:" + client.listenAddress().orElseThrow().getPort();
  }

  private Ran get(List<String> peers, String... more) {
    List<String> args = new ArrayList<>(List.of("get", torrentFile.toString(), "--output"));
    args.addAll(List.of(folder.resolve("want").toString(), "--encryption", "off"));
    for (String peer : peers) {
      args.addAll(List.of("--peer", peer));
    }
    args.addAll(List.of(more));
    return Ran.tool(args.toArray(new String[0]));
  }

  @Test
  void s01_oneLiarAmongFourIsBannedAndNobodyElse() throws Exception {
    CorruptPeer liar = liar();
    List<String> peers = new ArrayList<>(List.of(liar.address()));
    for (int i = 0; i < 3; i++) {
      peers.add(seeder());
    }
    Ran ran = get(peers, "--json").expect(ExitCode.DONE);
    assertThat(Files.readAllBytes(folder.resolve("want/data.bin"))).isEqualTo(content);
    assertThat(liar.served()).isPositive();
    List<String> bans =
        ran.events().stream()
            .filter(event -> event.has("message"))
            .map(event -> event.get("message").getAsString())
            .filter(message -> message.contains("banned"))
            .toList();
    assertThat(bans).singleElement().asString().contains(liar.address()).contains("corrupt data");
    assertThat(liar.connections()).as("it is not dialled again").isEqualTo(1);
  }

  @Test
  void s05_allLieAndItEndsWithTheReason() throws Exception {
    List<CorruptPeer> liars = List.of(liar(), liar(), liar(), liar());
    List<String> peers = new ArrayList<>();
    for (CorruptPeer liar : liars) {
      peers.add(liar.address());
    }
    Ran ran = get(peers, "--timeout", "30");
    ran.expect(ExitCode.NOT_DONE);
    assertThat(ran.err().lines().reduce("", (first, last) -> last))
        .contains("every peer sent corrupt data");
    for (CorruptPeer liar : liars) {
      assertThat(ran.err()).contains(liar.address() + " was banned");
      assertThat(liar.connections()).isEqualTo(1);
      // What was asked of it, and no piece twice.
      assertThat(liar.served()).isBetween(1, content.length >> 14);
    }
    assertThat(folder.resolve("want/data.bin").toFile().length()).isLessThanOrEqualTo(LENGTH);
  }
}
