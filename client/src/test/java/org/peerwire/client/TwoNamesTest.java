package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.InfoHash;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.swarm.metainfo.MetaVersion;
import org.peerwire.swarm.metainfo.Metainfo;

/** A hybrid torrent is two swarms: both are told of us, and each peer hears the name it knows. */
@Timeout(60)
class TwoNamesTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final List<String> queries = new CopyOnWriteArrayList<>();
  @TempDir Path temp;

  @Test
  void bothSwarmsOfAHybridAreJoined() throws Exception {
    Path file = Files.write(temp.resolve("a.bin"), Samples.bytes(100_000, 1));
    Metainfo torrent =
        Metainfo.parse(new TorrentMaker(file).version(MetaVersion.HYBRID).make(Progress.NONE));
    List<InfoHash> names = torrent.infoHashes();
    assertThat(names).hasSize(2);
    HttpServer tracker = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    try (ServerSocket ofV1 = new ServerSocket(0, 5, HERE);
        ServerSocket ofV2 = new ServerSocket(0, 5, HERE);
        Client client =
            Client.open(ClientOptions.builder().encryption(EncryptionPolicy.OFF).build())) {
      tracker.createContext(
          "/",
          exchange -> {
            try (exchange) {
              String query = exchange.getRequestURI().getRawQuery();
              queries.add(query);
              int port = (isOf(names.get(0), query) ? ofV1 : ofV2).getLocalPort();
              byte[] body =
                  ("d8:intervali900e5:peersld2:ip9:127.0.0.14:porti" + port + "eeee")
                      .getBytes(StandardCharsets.US_ASCII);
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      tracker.start();
      String url = "http://127.0.0.1:" + tracker.getAddress().getPort() + "/announce";
      Transfer get =
          client.download(
              torrent,
              temp.resolve("to"),
              TransferOptions.builder()
                  .sources(new PeerSources(false, List.of(url), false))
                  .build());
      assertThat(named(ofV1)).isEqualTo(names.get(0));
      assertThat(named(ofV2)).isEqualTo(names.get(1));
      assertThat(get.status().trackers()).hasSize(1);
      get.stop().get(10, TimeUnit.SECONDS);
    } finally {
      tracker.stop(0);
    }
    for (String event : List.of("started", "stopped")) {
      for (InfoHash name : names) {
        assertThat(queries)
            .filteredOn(query -> isOf(name, query) && query.contains("event=" + event))
            .as(event + " " + name)
            .hasSize(1);
      }
    }
  }

  /** The info-hash that the next caller names. */
  private static InfoHash named(ServerSocket socket) throws Exception {
    socket.setSoTimeout(20_000);
    try (Socket caller = socket.accept()) {
      byte[] head = caller.getInputStream().readNBytes(48);
      return InfoHash.of(Arrays.copyOfRange(head, 28, 48));
    }
  }

  private static boolean isOf(InfoHash name, String query) {
    List<String> bytes = new ArrayList<>();
    for (String part : query.split("&", -1)) {
      if (part.startsWith("info_hash=")) {
        String text = part.substring("info_hash=".length());
        for (int i = 0; i < text.length(); i++) {
          boolean escaped = text.charAt(i) == '%';
          bytes.add(
              escaped
                  ? text.substring(i + 1, i + 3).toLowerCase(java.util.Locale.ROOT)
                  : "%02x".formatted((int) text.charAt(i)));
          i += escaped ? 2 : 0;
        }
      }
    }
    return String.join("", bytes).equals(name.toString());
  }
}
