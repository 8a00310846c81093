package org.peerwire.interop;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** aria2c. It learns of a peer from a tracker only, so it gets one that knows that peer. */
final class Aria2Peer extends RealClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChildProcess process;
  private final InetSocketAddress address;
  private final URI rpc;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  Aria2Peer(Scene scene, Job job) throws Exception {
    int port = Loopback.freePort();
    int rpcPort = Loopback.freePort();
    this.address = Loopback.address(port);
    this.rpc = URI.create("http://" + Loopback.HOST + ":" + rpcPort + "/jsonrpc");
    List<String> command =
        new ArrayList<>(
            List.of(
                Programs.aria2().toString(),
                "--no-conf",
                "--enable-dht=false",
                "--enable-dht6=false",
                "--bt-enable-lpd=false",
                "--enable-peer-exchange=false",
                "--disable-ipv6=true",
                "--interface=" + Loopback.HOST,
                "--listen-port=" + port,
                "--dir=" + job.folder(),
                "--file-allocation=none",
                "--disk-cache=0",
                "--enable-color=false",
                "--summary-interval=1",
                "--check-integrity=true",
                "--bt-hash-check-seed=true",
                "--seed-ratio=0.0",
                "--seed-time=600",
                "--max-upload-limit=" + job.uploadLimit(),
                "--enable-rpc=true",
                "--rpc-listen-all=false",
                "--rpc-listen-port=" + rpcPort));
    if (job.peer().isPresent()) {
      OnePeerTracker tracker = scene.own(new OnePeerTracker(job.peer().get()));
      command.add("--bt-tracker=" + tracker.url());
      command.add("--bt-tracker-interval=2");
    }
    command.add(job.torrent().toString());
    this.process =
        scene.start("aria2c", scene.newFolder("aria2"), command, line -> true, line -> true);
    Await.until(
        "aria2c answers at its RPC port",
        PATIENCE,
        () -> {
          process.requireAlive();
          return Loopback.isListening(rpcPort);
        });
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
    JsonArray active = call("aria2.tellActive");
    if (active.isEmpty()) {
      return new Status(false, 0, 0, 0, "nothing active");
    }
    JsonObject said = active.get(0).getAsJsonObject();
    long total = said.get("totalLength").getAsLong();
    long have = said.get("completedLength").getAsLong();
    boolean checking = said.has("verifiedLength") || said.has("verifyIntegrityPending");
    boolean seeder = said.has("seeder") && said.get("seeder").getAsString().equals("true");
    return new Status(
        !checking && seeder && have == total,
        checking ? 0 : total,
        have,
        said.get("uploadLength").getAsLong(),
        said.toString());
  }

  @Override
  void connect(InetSocketAddress peer) {
    throw new UnsupportedOperationException("aria2c is told of its peer when it starts");
  }

  private JsonArray call(String method) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(rpc)
            .timeout(PATIENCE)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    Json.object("jsonrpc", "2.0", "id", 1, "method", method).toString()))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("aria2 RPC: " + response.statusCode() + " " + response.body());
    }
    return Json.parse(response.body()).getAsJsonArray("result");
  }
}
