package org.peerwire.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** opentracker, over HTTP and UDP at one port. Debian's serves only torrents that it is told of. */
final class OpenTracker implements Scene.Belonging {
  private static final Pattern COUNT = Pattern.compile("(?:8:complete|10:incomplete)i(\\d+)e");

  /** Of its own, as it does not stay root and must be able to read it as somebody else. */
  private final Path folder;

  private final ChildProcess process;
  private final int port;

  OpenTracker(Scene scene, String infoHash) throws Exception {
    port = Loopback.freePort();
    folder =
        Files.createTempDirectory(
            "peerwire-opentracker-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path allowed = Files.writeString(folder.resolve("allowed"), infoHash + "\n");
    process =
        scene.start(
            "opentracker",
            folder,
            List.of(
                Programs.opentracker().toString(),
                "-i",
                Loopback.HOST,
                "-p",
                Integer.toString(port),
                "-P",
                Integer.toString(port),
                "-w",
                allowed.toString()),
            line -> true,
            line -> true);
    Await.until(
        "opentracker listens",
        Duration.ofSeconds(20),
        () -> {
          process.requireAlive();
          return Loopback.isListening(port);
        });
  }

  String overHttp() {
    return "http://" + Loopback.HOST + ":" + port + "/announce";
  }

  String overUdp() {
    return "udp://" + Loopback.HOST + ":" + port + "/announce";
  }

  /** The URL whose scheme this is. */
  String over(String scheme) {
    return scheme.equals("udp") ? overUdp() : overHttp();
  }

  /** How many peers it has of a torrent. */
  int knows(String infoHash) throws Exception {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < infoHash.length(); i += 2) {
      escaped.append('%').append(infoHash, i, i + 2);
    }
    URI scrape =
        URI.create("http://" + Loopback.HOST + ":" + port + "/scrape?info_hash=" + escaped);
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(scrape).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    int count = 0;
    Matcher matcher = COUNT.matcher(response.body());
    while (matcher.find()) {
      count += Integer.parseInt(matcher.group(1));
    }
    return count;
  }

  /** What a peer says of its announce, or null if it has not been answered yet. */
  static @Nullable String announced(PeerwireTool tool) {
    return tool.output().stream()
        .filter(line -> line.contains("\"event\":\"tracker\""))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    process.close();
    try {
      Scene.deleteAll(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
