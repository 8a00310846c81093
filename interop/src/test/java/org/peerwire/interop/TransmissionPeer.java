package org.peerwire.interop;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * transmission-daemon, told what to do by its RPC. It does not dial 127.0.0.0/8, so as a downloader
 * it must be dialled, and it makes no empty files.
 */
final class TransmissionPeer extends RealClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SESSION_ID = "X-Transmission-Session-Id";
  private static final int CHECKED_AND_DOWNLOADING = 4;
  private static final int QUEUED_TO_SEED = 5;

  private final ChildProcess process;
  private final InetSocketAddress address;
  private final URI rpc;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private String sessionId = "";

  TransmissionPeer(Scene scene, Job job) throws Exception {
    int port = Loopback.freePort();
    int rpcPort = Loopback.freePort();
    this.address = Loopback.address(port);
    this.rpc = URI.create("http://" + Loopback.HOST + ":" + rpcPort + "/transmission/rpc");
    Path home = scene.newFolder("transmission");
    Files.writeString(home.resolve("settings.json"), settings(port, rpcPort, job).toString());
    this.process =
        scene.start(
            "transmission-daemon",
            home,
            List.of(Programs.transmission().toString(), "-f", "-g", home.toString(), "--log-info"),
            line -> true,
            line -> true);
    Await.until(
        "transmission-daemon answers at its RPC port",
        PATIENCE,
        () -> {
          process.requireAlive();
          return Loopback.isListening(rpcPort);
        });
    JsonObject added =
        call(
            "torrent-add",
            Json.object("filename", job.torrent(), "download-dir", job.folder(), "paused", false));
    if (!added.has("torrent-added")) {
      throw new IOException("transmission did not add the torrent: " + added);
    }
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
    JsonElement torrent =
        call(
                "torrent-get",
                Json.object(
                    "fields",
                    Json.array(
                        "status",
                        "leftUntilDone",
                        "sizeWhenDone",
                        "uploadedEver",
                        "downloadedEver",
                        "error",
                        "errorString",
                        "peersConnected")))
            .getAsJsonArray("torrents")
            .get(0);
    JsonObject said = torrent.getAsJsonObject();
    if (said.get("error").getAsInt() != 0) {
      throw new IOException("transmission: " + said.get("errorString").getAsString());
    }
    int status = said.get("status").getAsInt();
    long total = said.get("sizeWhenDone").getAsLong();
    long left = said.get("leftUntilDone").getAsLong();
    return new Status(
        status >= QUEUED_TO_SEED && left == 0,
        status >= CHECKED_AND_DOWNLOADING ? total : 0,
        total - left,
        said.get("uploadedEver").getAsLong(),
        said.toString());
  }

  @Override
  void connect(InetSocketAddress peer) {
    throw new UnsupportedOperationException("transmission dials no loopback address");
  }

  private static JsonObject settings(int port, int rpcPort, Job job) {
    return Json.object(
        "bind-address-ipv4", Loopback.HOST,
        "bind-address-ipv6", "::1",
        "peer-port", port,
        "peer-port-random-on-start", false,
        "port-forwarding-enabled", false,
        "dht-enabled", false,
        "lpd-enabled", false,
        "pex-enabled", false,
        "utp-enabled", false,
        "encryption", job.encryption() == Encryption.RC4 ? 2 : 0,
        "download-dir", job.folder(),
        "incomplete-dir-enabled", false,
        "rename-partial-files", false,
        "start-added-torrents", true,
        "ratio-limit-enabled", false,
        "idle-seeding-limit-enabled", false,
        "speed-limit-up", Math.max(1, job.uploadLimit() / 1000),
        "speed-limit-up-enabled", job.uploadLimit() > 0,
        "rpc-enabled", true,
        "rpc-bind-address", Loopback.HOST,
        "rpc-port", rpcPort,
        "rpc-authentication-required", false,
        "rpc-whitelist-enabled", false,
        "rpc-host-whitelist-enabled", false);
  }

  private synchronized JsonObject call(String method, JsonObject arguments)
      throws IOException, InterruptedException {
    String body = Json.object("method", method, "arguments", arguments).toString();
    HttpResponse<String> response = post(body);
    if (response.statusCode() == 409) {
      // its way of telling a browser apart: say it again, with the id that came with the refusal
      sessionId = response.headers().firstValue(SESSION_ID).orElse("");
      response = post(body);
    }
    if (response.statusCode() != 200) {
      throw new IOException("transmission RPC: " + response.statusCode() + " " + response.body());
    }
    JsonObject answer = Json.parse(response.body());
    if (!answer.get("result").getAsString().equals("success")) {
      throw new IOException("transmission RPC: " + answer);
    }
    return answer.getAsJsonObject("arguments");
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(rpc)
            .timeout(PATIENCE)
            .header(SESSION_ID, sessionId)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
