package org.peerwire.interop;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** libtorrent, the library, in a small python program that listens to us. */
final class LibtorrentPeer extends RealClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SCRIPT = "libtorrent_peer.py";

  /** A file as a torrent lists it: its path below the download folder. */
  record TorrentFile(String path, long length) {}

  private final Scene scene;
  private final ChildProcess process;
  private final Map<Integer, JsonObject> replies = new ConcurrentHashMap<>();
  private final List<String> peerErrors = new CopyOnWriteArrayList<>();
  private final List<String> disconnects = new CopyOnWriteArrayList<>();
  private final InetSocketAddress address;
  private int lastId;

  LibtorrentPeer(Scene scene, Job job) throws Exception {
    this(scene, settings(job));
    add(job);
  }

  /** As the job says, but slowly, and whatever it is told it calls nobody. */
  static LibtorrentPeer thatDoesNotDial(Scene scene, Job job, int bytesPerSecond) throws Exception {
    JsonObject settings = settings(job);
    settings.addProperty("enable_outgoing_tcp", false);
    settings.addProperty("download_rate_limit", bytesPerSecond);
    LibtorrentPeer client = scene.own(new LibtorrentPeer(scene, settings));
    client.add(job);
    client.awaitReady(job);
    return client;
  }

  private void add(Job job) throws IOException {
    ask(
        Json.object(
            "do", "add",
            "torrent", job.torrent(),
            "folder", job.folder(),
            "upload_limit", job.uploadLimit()));
    if (job.peer().isPresent()) {
      connect(job.peer().get());
    }
  }

  /** Downloads into {@code folder} what a magnet link names, from this peer. */
  static LibtorrentPeer ofMagnet(Scene scene, String magnet, Path folder, InetSocketAddress peer)
      throws Exception {
    LibtorrentPeer client = scene.own(new LibtorrentPeer(scene, Json.object()));
    client.ask(Json.object("do", "add", "magnet", magnet, "folder", folder));
    client.connect(peer);
    return client;
  }

  private LibtorrentPeer(Scene scene, JsonObject settings) throws Exception {
    this.scene = scene;
    int port = Loopback.freePort();
    this.address = Loopback.address(port);
    this.process =
        scene.start(
            "libtorrent",
            scene.newFolder("libtorrent"),
            List.of(
                Programs.pythonWithLibtorrent().toString(),
                scene.resource(SCRIPT).toString(),
                "session",
                Integer.toString(port),
                settings.toString()),
            this::onLine,
            line -> true);
  }

  /** Policies: 0 forced, 1 enabled, 2 disabled; levels: 1 plaintext, 2 RC4, 3 both. */
  private static JsonObject settings(Job job) {
    return switch (job.encryption()) {
      case USUAL -> Json.object();
      case RC4 -> encryption(0, 2);
      case PLAINTEXT -> encryption(0, 1);
      case NONE -> encryption(2, 3);
    };
  }

  private static JsonObject encryption(int policy, int level) {
    return Json.object(
        "in_enc_policy", policy, "out_enc_policy", policy, "allowed_enc_level", level);
  }

  /** Writes the v1 .torrent of a file or folder, and returns the files in the order it has them. */
  static List<TorrentFile> createTorrent(Scene scene, Path content, Path torrent, int pieceLength)
      throws Exception {
    return createTorrent(scene, content, torrent, pieceLength, "v1");
  }

  /** As the other, {@code v1}, {@code v2} or {@code hybrid}. */
  static List<TorrentFile> createTorrent(
      Scene scene, Path content, Path torrent, int pieceLength, String version) throws Exception {
    List<TorrentFile> files = new CopyOnWriteArrayList<>();
    ChildProcess maker =
        scene.start(
            "libtorrent create_torrent",
            scene.newFolder("create"),
            List.of(
                Programs.pythonWithLibtorrent().toString(),
                scene.resource(SCRIPT).toString(),
                "create",
                content.toString(),
                torrent.toString(),
                Integer.toString(pieceLength),
                version),
            line -> {
              JsonObject file = Json.parse(line);
              files.add(
                  new TorrentFile(file.get("path").getAsString(), file.get("length").getAsLong()));
              return true;
            },
            line -> true);
    int exit = maker.awaitExit(Duration.ofSeconds(60));
    if (exit != 0) {
      throw new AssertionError("no torrent made:\n" + maker.tail());
    }
    return files;
  }

  /** The info-hashes of a .torrent as libtorrent sees them: {@code v1} and {@code v2}, or empty. */
  static JsonObject infoHashes(Scene scene, Path torrent) throws Exception {
    List<JsonObject> said = new CopyOnWriteArrayList<>();
    ChildProcess reader =
        scene.start(
            "libtorrent torrent_info",
            scene.newFolder("hashes"),
            List.of(
                Programs.pythonWithLibtorrent().toString(),
                scene.resource(SCRIPT).toString(),
                "hashes",
                torrent.toString()),
            line -> said.add(Json.parse(line)),
            line -> true);
    if (reader.awaitExit(Duration.ofSeconds(60)) != 0 || said.size() != 1) {
      throw new AssertionError("libtorrent does not take the torrent:\n" + reader.tail());
    }
    return said.get(0);
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
  Status status() throws IOException {
    JsonObject status = ask(Json.object("do", "status"));
    String error = status.get("error").getAsString();
    if (!error.isEmpty()) {
      throw new IOException("libtorrent: " + error);
    }
    return new Status(
        status.get("seeding").getAsBoolean(),
        status.get("total").getAsLong(),
        status.get("have").getAsLong(),
        status.get("uploaded").getAsLong(),
        status.toString());
  }

  @Override
  void connect(InetSocketAddress peer) throws IOException {
    ask(
        Json.object(
            "do", "connect",
            "host", peer.getAddress().getHostAddress(),
            "port", peer.getPort()));
  }

  /** What libtorrent held against the other side so far: its {@code peer_error} alerts. */
  List<String> peerErrors() {
    return List.copyOf(peerErrors);
  }

  /**
   * Its {@code peer_disconnected} alerts are no complaints; they are shown, because they say who
   * hung up and over what.
   */
  @Override
  void assertNoComplaints() {
    disconnects.forEach(line -> scene.note("libtorrent: " + line));
    peerErrors.forEach(line -> scene.note("libtorrent COMPLAINS: " + line));
    if (!peerErrors.isEmpty()) {
      throw new AssertionError("libtorrent's peer_error alerts: " + peerErrors());
    }
  }

  String infoHash() throws IOException {
    return ask(Json.object("do", "status")).get("info_hash").getAsString();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      try {
        process.input().close(); // the end of its input ends it, with everything written
        process.awaitExit(Duration.ofSeconds(20));
      } catch (AssertionError | IOException e) {
        scene.note("libtorrent did not end by itself: " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    process.close();
  }

  private boolean onLine(String line) {
    JsonObject said = Json.parse(line);
    if (said.has("reply")) {
      replies.put(said.get("reply").getAsInt(), said);
      return false; // we ask all the time
    }
    switch (said.get("event").getAsString()) {
      case "peer_error_alert" -> peerErrors.add(said.get("message").getAsString());
      case "peer_disconnected_alert" -> disconnects.add(said.get("message").getAsString());
      default -> {}
    }
    return true;
  }

  private synchronized JsonObject ask(JsonObject command) throws IOException {
    lastId++;
    int id = lastId;
    command.addProperty("id", id);
    process.input().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.input().flush();
    JsonObject reply =
        Await.value(
            "libtorrent answers " + command,
            PATIENCE,
            () -> {
              JsonObject answer = replies.remove(id);
              if (answer == null) {
                process.requireAlive();
              }
              return answer;
            });
    if (reply.has("failed")) {
      throw new IOException("libtorrent: " + reply.get("failed").getAsString());
    }
    return reply;
  }
}
