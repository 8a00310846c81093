package org.peerwire.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * rtorrent, told what to do by XML-RPC over SCGI. It does nothing without a tracker, not even seed,
 * so it gets one; that is also how it learns of a peer.
 */
final class RtorrentPeer extends RealClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern VALUE = Pattern.compile("<(i4|i8|string)>(.*?)</\\1>|<string/>");
  private static final String NOBODY = "http://" + Loopback.HOST + ":1/announce";

  private final ChildProcess process;
  private final InetSocketAddress address;
  private final Path scgi;

  RtorrentPeer(Scene scene, Job job) throws Exception {
    int port = Loopback.freePort();
    address = Loopback.address(port);
    Path home = scene.newFolder("rtorrent");
    scgi = home.resolve("scgi");
    Files.createDirectories(home.resolve("session"));
    Path config = Files.writeString(home.resolve("rc"), settings(home, port, job));
    process =
        scene.start(
            "rtorrent",
            home,
            List.of(Programs.rtorrent().toString(), "-n", "-o", "import=" + config),
            line -> true,
            line -> true);
    Await.until(
        "rtorrent answers at its SCGI socket",
        PATIENCE,
        () -> {
          process.requireAlive();
          return Files.exists(scgi);
        });
    call("load.start", "", torrent(scene, job).toString());
  }

  /** One that names a tracker: the job's own, or one that knows the job's peer. */
  private static Path torrent(Scene scene, Job job) throws Exception {
    String bytes = Files.readString(job.torrent(), StandardCharsets.ISO_8859_1);
    if (bytes.startsWith("d8:announce")) {
      return job.torrent();
    }
    String tracker =
        job.peer().isPresent() ? scene.own(new OnePeerTracker(job.peer().get())).url() : NOBODY;
    return TestData.withTrackers(job.torrent(), scene, tracker);
  }

  private String settings(Path home, int port, Job job) {
    String encryption =
        switch (job.encryption()) {
          case USUAL -> "allow_incoming,try_outgoing,enable_retry";
          case RC4 -> "allow_incoming,try_outgoing,require,require_RC4";
          case PLAINTEXT -> "allow_incoming,try_outgoing,require,prefer_plaintext";
          case NONE -> "none";
        };
    return String.join(
        "\n",
        "system.daemon.set = true",
        "network.port_range.set = " + port + "-" + port,
        "network.port_random.set = no",
        "network.bind_address.set = " + Loopback.HOST,
        "network.local_address.set = " + Loopback.HOST,
        "dht.mode.set = disable",
        "protocol.pex.set = no",
        "trackers.use_udp.set = no",
        "pieces.hash.on_completion.set = no",
        "protocol.encryption.set = " + encryption,
        "throttle.global_up.max_rate.set_kb = " + job.uploadLimit() / 1_000,
        "session.path.set = " + home.resolve("session"),
        "directory.default.set = " + job.folder(),
        "network.scgi.open_local = " + scgi,
        "");
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
    List<String> said =
        call(
            "d.multicall2",
            "",
            "main",
            "d.complete=",
            "d.hashing=",
            "d.is_active=",
            "d.completed_bytes=",
            "d.size_bytes=",
            "d.up.total=",
            "d.message=");
    if (said.size() < 6) {
      return new Status(false, 0, 0, 0, "it has no torrent yet: " + said);
    }
    boolean ready = said.get(1).equals("0") && said.get(2).equals("1");
    return new Status(
        ready && said.get(0).equals("1"),
        ready ? Long.parseLong(said.get(4)) : 0,
        Long.parseLong(said.get(3)),
        Long.parseLong(said.get(5)),
        said.toString());
  }

  @Override
  void connect(InetSocketAddress peer) {
    throw new UnsupportedOperationException("rtorrent is told of its peer when it starts");
  }

  /** The scalars of the answer, in their order. */
  private List<String> call(String method, String... parameters) throws IOException {
    StringBuilder body = new StringBuilder("<?xml version=\"1.0\"?><methodCall><methodName>");
    body.append(method).append("</methodName><params>");
    for (String parameter : parameters) {
      body.append("<param><value><string>");
      body.append(parameter.replace("&", "&amp;").replace("<", "&lt;"));
      body.append("</string></value></param>");
    }
    body.append("</params></methodCall>");
    byte[] content = body.toString().getBytes(StandardCharsets.UTF_8);
    String headers = "CONTENT_LENGTH\0" + content.length + "\0SCGI\0" + "1\0";
    byte[] head = (headers.length() + ":" + headers + ",").getBytes(StandardCharsets.US_ASCII);
    String answer;
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(scgi))) {
      for (byte[] part : List.of(head, content)) {
        ByteBuffer left = ByteBuffer.wrap(part);
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }
      byte[] all = Channels.newInputStream(channel).readAllBytes();
      answer = new String(all, StandardCharsets.UTF_8);
    }
    if (answer.contains("<fault>")) {
      throw new IOException("rtorrent: " + answer);
    }
    List<String> values = new ArrayList<>();
    Matcher matcher = VALUE.matcher(answer);
    while (matcher.find()) {
      values.add(matcher.group(2) == null ? "" : matcher.group(2));
    }
    return values;
  }
}
