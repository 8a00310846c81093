package org.peerwire.interop;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** qbittorrent-nox, told what to do by its web API. */
final class QbittorrentPeer extends RealClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String BOUNDARY = "peerwire-interop";
  private static final Set<String> SEEDING =
      Set.of("uploading", "stalledUP", "forcedUP", "queuedUP");
  private static final Set<String> READY = Set.of("downloading", "stalledDL", "forcedDL");

  private final ChildProcess process;
  private final InetSocketAddress address;
  private final String api;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  QbittorrentPeer(Scene scene, Job job) throws Exception {
    int port = Loopback.freePort();
    int webPort = Loopback.freePort();
    address = Loopback.address(port);
    api = "http://" + Loopback.HOST + ":" + webPort + "/api/v2/";
    Path home = scene.newFolder("qbittorrent");
    Path config = Files.createDirectories(home.resolve("qBittorrent/config"));
    Files.writeString(config.resolve("qBittorrent.conf"), settings(port, job));
    process =
        scene.start(
            "qbittorrent-nox",
            home,
            List.of(
                Programs.qbittorrent().toString(), "--profile=" + home, "--webui-port=" + webPort),
            line -> true,
            line -> true);
    Await.until(
        "qbittorrent answers at its web port",
        PATIENCE,
        () -> {
          process.requireAlive();
          return Loopback.isListening(webPort);
        });
    add(job);
    if (job.peer().isPresent()) {
      connect(job.peer().get());
    }
  }

  private static String settings(int port, Job job) {
    int encryption =
        switch (job.encryption()) {
          case USUAL, PLAINTEXT -> 0;
          case RC4 -> 1;
          case NONE -> 2;
        };
    return String.join(
        "\n",
        "[LegalNotice]",
        "Accepted=true",
        "[BitTorrent]",
        "Session\\Port=" + port,
        "Session\\DHTEnabled=false",
        "Session\\LSDEnabled=false",
        "Session\\PeXEnabled=false",
        "Session\\BTProtocol=TCP",
        "Session\\Encryption=" + encryption,
        "Session\\Interface=lo",
        "Session\\InterfaceName=lo",
        "Session\\InterfaceAddress=" + Loopback.HOST,
        "Session\\QueueingSystemEnabled=false",
        "Session\\MultiConnectionsPerIp=true",
        "Session\\SSRFMitigation=false",
        "[Network]",
        "PortForwardingEnabled=false",
        "[Preferences]",
        "WebUI\\Address=" + Loopback.HOST,
        "WebUI\\LocalHostAuth=false",
        "WebUI\\CSRFProtection=false",
        "WebUI\\HostHeaderValidation=false",
        "WebUI\\UseUPnP=false",
        "");
  }

  private void add(Job job) throws IOException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    part(body, "name=\"savepath\"", job.folder().toString().getBytes(StandardCharsets.UTF_8));
    part(body, "name=\"autoTMM\"", "false".getBytes(StandardCharsets.UTF_8));
    if (job.uploadLimit() > 0) {
      byte[] limit = Integer.toString(job.uploadLimit()).getBytes(StandardCharsets.UTF_8);
      part(body, "name=\"upLimit\"", limit);
    }
    part(body, "name=\"torrents\"; filename=\"it.torrent\"", Files.readAllBytes(job.torrent()));
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + "torrents/add"))
            .timeout(PATIENCE)
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
            .build();
    String answer = send(request);
    if (!answer.startsWith("Ok")) {
      throw new IOException("qbittorrent did not add the torrent: " + answer);
    }
    Await.until("qbittorrent has the torrent", PATIENCE, () -> !info().isEmpty());
  }

  private static void part(ByteArrayOutputStream body, String name, byte[] content) {
    String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + name + "\r\n\r\n";
    body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(content);
    body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
  }

  @Override
  InetSocketAddress address() {
    return address;
  }

  @Override
  ChildProcess process() {
    return process;
  }

  @Override
  Status status() throws IOException, InterruptedException {
    JsonObject said = info().get(0).getAsJsonObject();
    String state = said.get("state").getAsString();
    long total = said.get("size").getAsLong();
    long left = said.get("amount_left").getAsLong();
    boolean seeding = SEEDING.contains(state) && left == 0;
    return new Status(
        seeding,
        seeding || READY.contains(state) ? total : 0,
        total - left,
        said.get("uploaded").getAsLong(),
        said.toString());
  }

  @Override
  void connect(InetSocketAddress peer) throws IOException, InterruptedException {
    String hash = info().get(0).getAsJsonObject().get("hash").getAsString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + "torrents/addPeers"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "hashes=" + hash + "&peers=" + Loopback.text(peer)))
            .build();
    send(request);
  }

  private JsonArray info() throws IOException, InterruptedException {
    String answer = send(HttpRequest.newBuilder(URI.create(api + "torrents/info")).build());
    return JsonParser.parseString(answer).getAsJsonArray();
  }

  private String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("qbittorrent: " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }
}
