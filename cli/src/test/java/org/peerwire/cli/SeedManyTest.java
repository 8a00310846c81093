package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code seed} of several torrents behind one port. */
@Timeout(90)
class SeedManyTest {
  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  @TempDir Path folder;
  private Path have = Path.of("");
  private Path torrents = Path.of("");
  private final Interruption stop = new Interruption();
  private final Output out = new Output();
  private final Output err = new Output();

  @BeforeEach
  void data() throws IOException {
    have = Files.createDirectory(folder.resolve("have"));
    torrents = Files.createDirectory(folder.resolve("torrents"));
    for (String name : List.of("a", "b")) {
      byte[] content = TestTorrents.content(have, name, 3 * TestTorrents.PIECE + name.charAt(0));
      TestTorrents.write(torrents.resolve(name + ".torrent"), name, content);
    }
  }

  @AfterEach
  void stopSeeding() {
    stop.request();
  }

  @Test
  void twoTorrentsAreServedBehindOnePort() throws Exception {
    CompletableFuture<Integer> seeding =
        seed(path("a.torrent"), path("b.torrent"), path("a.torrent"), have.toString());
    getBoth(out.await(LISTENING));
    stop.request();
    assertThat(seeding.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    assertThat(err.text()).contains(" of a were sent", " of b were sent");
  }

  @Test
  void aFolderOfTorrentsIsServedAndWhatIsNoTorrentIsLeftOut() throws Exception {
    Files.writeString(torrents.resolve("c.torrent"), "<html>");
    Files.writeString(torrents.resolve("d.txt"), "not looked at");
    CompletableFuture<Integer> seeding = seed(torrents.toString(), have.toString());
    getBoth(out.await(LISTENING));
    stop.request();
    assertThat(seeding.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    assertThat(err.text()).contains("left out: ", "c.torrent").doesNotContain("d.txt");
  }

  @Test
  void whatDoesNotMatchIsToldAndNotServed() throws Exception {
    Files.write(have.resolve("b"), new byte[5]);
    CompletableFuture<Integer> seeding = seed("--json", torrents.toString(), have.toString());
    String address = out.await(LISTENING);
    Ran.tool("get", path("a.torrent"), "--peer", address, "-o", want("a").toString())
        .expect(ExitCode.DONE);
    stop.request();
    assertThat(seeding.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    List<JsonObject> events =
        out.text().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertThat(ofKind(events, "refused")).hasSize(1);
    assertThat(ofKind(events, "refused").get(0).get("name").getAsString()).isEqualTo("b");
    assertThat(ofKind(events, "done")).hasSize(1);
    assertThat(ofKind(events, "done").get(0).get("uploaded").getAsLong())
        .isGreaterThanOrEqualTo(3L * TestTorrents.PIECE + 'a');
    assertThat(ofKind(events, "peer"))
        .as("events name their torrent")
        .isNotEmpty()
        .allMatch(event -> event.has("infoHash"));
  }

  @Test
  void withNothingToServeItFails() throws IOException {
    Files.write(have.resolve("a"), new byte[5]);
    Files.delete(have.resolve("b"));
    Ran ran =
        Ran.tool("seed", torrents.toString(), have.toString(), "--listen", "127.0.0.1:0")
            .expect(ExitCode.NOT_DONE);
    assertThat(ran.err()).contains("a is not served", "b is not served", "none of the torrents");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Ran.tool("seed", empty.toString(), have.toString())
        .expectComplaint(ExitCode.NOT_VALID, "no valid .torrent file in", "empty");
    Ran.tool("seed", path("a.torrent"), path("c.torrent"), have.toString())
        .expectComplaint(ExitCode.LOCAL, "c.torrent: there is no such file");
  }

  private CompletableFuture<Integer> seed(String... arguments) {
    List<String> words = new ArrayList<>(List.of("seed", "--listen", "127.0.0.1:0"));
    words.addAll(List.of(arguments));
    String[] args = words.toArray(new String[0]);
    return CompletableFuture.supplyAsync(
        () -> Main.run(args, out.stream(), err.stream(), stop, Map.of()));
  }

  private void getBoth(String address) throws IOException {
    for (String name : List.of("a", "b")) {
      Path want = want(name);
      Ran.tool("get", path(name + ".torrent"), "--peer", address, "-o", want.toString())
          .expect(ExitCode.DONE);
      assertThat(want.resolve(name)).hasSameBinaryContentAs(have.resolve(name));
    }
  }

  private Path want(String name) throws IOException {
    return Files.createDirectory(folder.resolve("want-" + name));
  }

  private String path(String name) {
    return torrents.resolve(name).toString();
  }

  private static List<JsonObject> ofKind(List<JsonObject> events, String kind) {
    return events.stream().filter(e -> e.get("event").getAsString().equals(kind)).toList();
  }
}
