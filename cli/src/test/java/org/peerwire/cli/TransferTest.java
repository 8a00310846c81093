package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.peerwire.client.Progress;
import org.peerwire.client.TorrentMaker;
import org.peerwire.swarm.metainfo.Metainfo;

/** {@code get}, {@code seed}, {@code verify} and {@code demo}, with one another over loopback. */
@Timeout(90)
@Execution(ExecutionMode.CONCURRENT)
class TransferTest {
  private static final int LENGTH = 50 * TestTorrents.PIECE + 77;
  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  @TempDir Path folder;
  private Path have = Path.of("");
  private Path want = Path.of("");
  private Path torrent = Path.of("");
  private byte[] content = {};
  private final Interruption stop = new Interruption();

  @BeforeEach
  void data() throws IOException {
    have = Files.createDirectory(folder.resolve("have"));
    want = Files.createDirectory(folder.resolve("want"));
    content = TestTorrents.content(have, "data.bin", LENGTH);
    torrent = TestTorrents.write(folder.resolve("a.torrent"), "data.bin", content);
  }

  @AfterEach
  void stopSeeding() {
    stop.request();
  }

  /** A running {@code seed}. */
  private record Seeding(CompletableFuture<Integer> exit, Output out) {
    String address() throws InterruptedException {
      return out.await(LISTENING);
    }
  }

  private Seeding seed(String... more) {
    Output out = new Output();
    String[] args = new String[5 + more.length];
    System.arraycopy(
        new String[] {"seed", torrent.toString(), have.toString(), "--listen", "127.0.0.1:0"},
        0,
        args,
        0,
        5);
    System.arraycopy(more, 0, args, 5, more.length);
    return new Seeding(
        CompletableFuture.supplyAsync(
            () -> Main.run(args, out.stream(), new Output().stream(), stop, Map.of())),
        out);
  }

  private Ran get(String peer, String... more) {
    String[] args = new String[6 + more.length];
    System.arraycopy(
        new String[] {"get", torrent.toString(), "--peer", peer, "--output", want.toString()},
        0,
        args,
        0,
        6);
    System.arraycopy(more, 0, args, 6, more.length);
    return Ran.tool(args);
  }

  @Test
  void whatIsSeededIsGot() throws Exception {
    Seeding seeding = seed();
    Ran ran = get(seeding.address()).expect(ExitCode.DONE);
    assertThat(ran.out()).contains("done: ", "from 1 peer", "saved: " + want.resolve("data.bin"));
    assertThat(Files.readAllBytes(want.resolve("data.bin"))).isEqualTo(content);
    stop.request();
    assertThat(seeding.exit().get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
  }

  @Test
  void jsonTellsTheWholeStory() throws Exception {
    Seeding seeding = seed("--json");
    Ran ran = get(seeding.address(), "--json").expect(ExitCode.DONE);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.events().get(0).get("event").getAsString()).isEqualTo("start");
    JsonObject done = ran.last();
    assertThat(done.get("event").getAsString()).isEqualTo("done");
    assertThat(done.get("exit").getAsInt()).isZero();
    assertThat(done.get("length").getAsLong()).isEqualTo(LENGTH);
    assertThat(done.get("verified").getAsLong()).isEqualTo(LENGTH);
    assertThat(done.get("resumed").getAsLong()).isZero();
    assertThat(done.get("downloaded").getAsLong()).isGreaterThanOrEqualTo(LENGTH);
    assertThat(done.getAsJsonArray("peers").size()).isEqualTo(1);
    JsonObject peer = done.getAsJsonArray("peers").get(0).getAsJsonObject();
    assertThat(peer.get("address").getAsString()).isEqualTo(seeding.address());
    assertThat(peer.get("downloaded").getAsLong()).isEqualTo(done.get("downloaded").getAsLong());
  }

  private String magnet() throws Exception {
    return "magnet:?xt=urn:btih:" + Metainfo.parse(Files.readAllBytes(torrent)).infoHash();
  }

  @Test
  void aMagnetLinkIsEnough() throws Exception {
    String peer = seed().address();
    Ran ran =
        Ran.tool("get", magnet() + "&dn=da%1bta", "--peer", peer, "--output", want.toString())
            .expect(ExitCode.DONE);
    assertThat(ran.err()).contains("fetching the metadata of da\\u{1b}ta");
    assertThat(Files.readAllBytes(want.resolve("data.bin"))).isEqualTo(content);
  }

  @Test
  void aMagnetLinkTellsItsStoryAsJson() throws Exception {
    String peer = seed().address();
    Ran ran =
        Ran.tool("get", magnet(), "--peer", peer, "--output", want.toString(), "--json")
            .expect(ExitCode.DONE);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.events().get(0).get("event").getAsString()).isEqualTo("metadata");
    assertThat(ran.events().get(1).get("event").getAsString()).isEqualTo("start");
    JsonObject given = ran.last().getAsJsonArray("peers").get(0).getAsJsonObject();
    assertThat(given.get("address").getAsString()).isEqualTo(peer);
  }

  @Test
  void onlySelectedFilesAreGot() throws Exception {
    Path two = Files.createDirectory(have.resolve("two"));
    TestTorrents.content(two, "a.bin", 3 * TestTorrents.PIECE);
    byte[] b = TestTorrents.content(two, "b.bin", 2 * TestTorrents.PIECE);
    torrent = folder.resolve("two.torrent");
    Files.write(torrent, new TorrentMaker(two).pieceLength(TestTorrents.PIECE).make(Progress.NONE));
    String peer = seed().address();
    Ran ran = get(peer, "--select", "1").expect(ExitCode.DONE);
    assertThat(ran.err()).contains("selected: 1 file of 2, 32 KiB");
    assertThat(ran.out()).contains("done: 32 KiB in ");
    assertThat(Files.readAllBytes(want.resolve("two/b.bin"))).isEqualTo(b);
    assertThat(want.resolve("two/a.bin")).doesNotExist();

    // A magnet link selects too, unless the command line does.
    Ran again =
        Ran.tool("get", magnet() + "&so=1", "--peer", peer, "--output", want.toString(), "--json")
            .expect(ExitCode.DONE);
    assertThat(again.last().get("downloaded").getAsLong()).isZero();
    assertThat(again.last().get("length").getAsLong()).isEqualTo(b.length);
    assertThat(again.out()).contains("\"selected\":[1]");
    get(peer, "--select", "2-5")
        .expectComplaint(ExitCode.USAGE, "none of the selected files is there", "0 to 1");
    get(peer, "--select", "x").expectComplaint(ExitCode.USAGE, "0,2,4-6");
  }

  /** One of three peers gives metadata of something else: it is named, and the torrent is got. */
  @Test
  void m07_whoLiesAboutTheMetadataIsNamed() throws Exception {
    try (LyingPeer liar = new LyingPeer(torrent)) {
      String good = seed().address();
      Ran ran =
          Ran.tool(
                  "get",
                  magnet(),
                  "--peer",
                  liar.address(),
                  "-p",
                  good,
                  "-o",
                  want.toString(),
                  "--json")
              .expect(ExitCode.DONE);
      assertThat(Files.readAllBytes(want.resolve("data.bin"))).isEqualTo(content);
      // Who is asked first is chance; whoever lied is named.
      String line = liar.address() + " sent metadata of something else (METADATA_HASH)";
      assertThat(ran.out().contains(line)).isEqualTo(liar.hasLied());

      Ran alone =
          Ran.tool("metadata", liar.address(), magnet(), "-o", folder.resolve("m").toString());
      assertThat(alone.code()).isEqualTo(ExitCode.NOT_DONE);
      assertThat(alone.err()).contains("sent metadata of something else", liar.address());
      assertThat(folder.resolve("m")).doesNotExist();
    }
  }

  @Test
  void metadataMakesATorrentFile() throws Exception {
    String peer = seed().address();
    Path file = folder.resolve("b.torrent");
    String link = magnet() + "&tr=http://one.example/a&tr=udp://two.example:80";
    Ran ran = Ran.tool("metadata", peer, link, "--output", file.toString()).expect(ExitCode.DONE);
    assertThat(ran.out()).isEqualTo("saved: " + file + System.lineSeparator());
    Metainfo made = Metainfo.parse(Files.readAllBytes(file));
    assertThat(made.infoBytes()).isEqualTo(Metainfo.parse(Files.readAllBytes(torrent)).infoBytes());
    assertThat(made.notices()).isEmpty();
    assertThat(made.announceTiers())
        .containsExactly(List.of("http://one.example/a"), List.of("udp://two.example:80"));
  }

  @Test
  void metadataMayGoToStandardOutput() throws Exception {
    String peer = seed().address();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] command = {"metadata", peer, magnet(), "-o", "-"};
    assertThat(Main.run(command, Ran.stream(out), Ran.stream(err))).isEqualTo(ExitCode.DONE);
    assertThat(Metainfo.parse(out.toByteArray()).infoBytes())
        .isEqualTo(Metainfo.parse(Files.readAllBytes(torrent)).infoBytes());
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(Path.of("-")).doesNotExist();
    Ran.tool("metadata", peer, magnet(), "-o", "-", "--json")
        .expectComplaint(ExitCode.USAGE, "standard output");
  }

  @Test
  void metadataHasALimit() throws Exception {
    String peer = seed().address();
    Ran.tool("get", magnet(), "-p", peer, "-q", "-o", want.toString(), "--max-metadata", "50")
        .expectComplaint(ExitCode.NOT_DONE, "beyond the limit of 50");
    Ran.tool("metadata", peer, magnet(), "--max-metadata", "50")
        .expectComplaint(ExitCode.NOT_DONE, "beyond the limit of 50");
    Ran.tool("metadata", peer, magnet(), "--max-metadata", "9437185")
        .expectComplaint(ExitCode.USAGE, "at most 9437184");
    Ran.tool("metadata", peer, magnet(), "--max-metadata", "9M", "-o", folder + "/m")
        .expect(ExitCode.DONE);
  }

  @Test
  void noMetadataIsOneLineAndExitCode1() throws Exception {
    String other = "0123456789abcdef0123456789abcdef01234567";
    String peer = seed().address();
    Ran.tool("metadata", peer, other)
        .expectComplaint(ExitCode.NOT_DONE, "no peer gave the metadata: " + peer);
    Ran.tool(
            "get",
            "magnet:?xt=urn:btih:" + other,
            "--peer",
            "127.0.0.1:1",
            "-q",
            "--output",
            want.toString())
        .expectComplaint(ExitCode.NOT_DONE, "127.0.0.1:1 can't connect");
  }

  @Test
  void t23_aPeerOfTheLinkThatIsNotPublicIsNotDialled() throws Exception {
    Ran ran = Ran.tool("get", magnet() + "&x.pe=" + seed().address(), "--output", want.toString());
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_DONE);
    assertThat(ran.err())
        .contains("is not dialled; if you trust it", "none of the peers can be dialled");
  }

  @Test
  void whatIsEncryptedIsTold() throws Exception {
    Seeding seeding = seed("--encryption", "require");
    Ran ran = get(seeding.address(), "--encryption", "require", "--json").expect(ExitCode.DONE);
    JsonObject peer = ran.last().getAsJsonArray("peers").get(0).getAsJsonObject();
    assertThat(peer.get("encryption").getAsString()).isEqualTo("rc4");

    Ran probe =
        Ran.tool("probe", seeding.address(), torrent.toString(), "--encryption", "prefer")
            .expect(ExitCode.DONE);
    assertThat(probe.out()).containsPattern("encryption +rc4").contains("first block");
    Ran refused = Ran.tool("probe", seeding.address(), torrent.toString());
    refused.expect(ExitCode.NOT_DONE);
    assertThat(refused.err()).contains("wants encryption");
  }

  @Test
  void e10_whatIsRequiredAndRefusedIsOneLine() throws Exception {
    Seeding seeding = seed("--encryption", "off");
    // Long before the timeout, as there is nobody else.
    Ran ran = get(seeding.address(), "--encryption", "require", "--timeout", "20", "--json");
    ran.expect(ExitCode.NOT_DONE);
    assertThat(ran.err()).doesNotContain("nothing came for");
    // That nothing moves is told while the peer is asked again.
    assertThat(ran.err().lines())
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "encryption is required, and "
                            + seeding.address()
                            + " did not agree to it"))
        .filteredOn(line -> line.startsWith("peerwire: "))
        .hasSize(1);
    Ran probe = Ran.tool("probe", seeding.address(), torrent.toString(), "--encryption", "prefer");
    probe.expect(ExitCode.DONE);
    assertThat(probe.out()).containsPattern("encryption +none");
    Ran.tool("probe", seeding.address(), torrent.toString(), "--encryption", "require")
        .expect(ExitCode.NOT_DONE);
  }

  @Test
  void aPeerWithoutTheTorrentIsToldAndLeavesNothingBehind() throws Exception {
    Seeding seeding = seed();
    Path other =
        TestTorrents.write(
            folder.resolve("other.torrent"), "other", TestTorrents.content(folder, "x", 7));
    Path here = folder.resolve("nothing-came");
    String[] get = {
      "get",
      other.toString(),
      "--peer",
      seeding.address(),
      "-o",
      here.toString(),
      "--timeout",
      "1",
      "--encryption",
      "off"
    };
    Ran ran = Ran.tool(get).expect(ExitCode.NOT_DONE);
    assertThat(ran.err())
        .contains(seeding.address() + ": it closed before it shook hands", "may not have this");
    try (Stream<Path> left = Files.list(here)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anIpv6AddressIsShort() throws Exception {
    assertThat(Endpoint.text(Endpoint.parsePeer("[0:0:0:0:0:0:0:1]:7").resolve()))
        .isEqualTo("[::1]:7");
    assertThat(Endpoint.text(Endpoint.parsePeer("127.0.0.1:7").resolve())).isEqualTo("127.0.0.1:7");
  }

  @Test
  void quietIsQuiet() throws Exception {
    Ran ran = get(seed().address(), "--quiet").expect(ExitCode.DONE);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void whatIsThereIsNotFetchedAgain() throws Exception {
    byte[] half = new byte[LENGTH];
    System.arraycopy(content, 0, half, 0, LENGTH / 2);
    Files.write(want.resolve("data.bin"), half);
    Ran ran = get(seed().address(), "--json").expect(ExitCode.DONE);
    long resumed = 25L * TestTorrents.PIECE;
    assertThat(ran.last().get("resumed").getAsLong()).isEqualTo(resumed);
    assertThat(ran.last().get("downloaded").getAsLong()).isLessThanOrEqualTo(LENGTH - resumed);
    assertThat(Files.readAllBytes(want.resolve("data.bin"))).isEqualTo(content);
    Ran again = get("127.0.0.1:1").expect(ExitCode.DONE);
    assertThat(again.out()).contains("were here already");
  }

  @Test
  void nobodyToGetItFrom() {
    Ran ran = get("127.0.0.1:1", "--timeout", "2", "--quiet");
    ran.expectComplaint(
        ExitCode.NOT_DONE, "incomplete, 0.0 % is here", "nothing came for 2 s", "goes on");
    assertThat(get("127.0.0.1:1", "--timeout", "1", "--json").last().get("exit").getAsInt())
        .isEqualTo(ExitCode.NOT_DONE);
    get("no-such-host.invalid:1", "--timeout", "1").expectComplaint(ExitCode.NOT_DONE, "address");
  }

  @Test
  void u03_interruptedItSaysHowToGoOn() throws Exception {
    Interruption interruption = new Interruption();
    Output out = new Output();
    Output err = new Output();
    String[] get = {"get", torrent.toString(), "--peer", "127.0.0.1:1", "-o", want.toString()};
    CompletableFuture<Integer> running =
        CompletableFuture.supplyAsync(
            () -> Main.run(get, out.stream(), err.stream(), interruption, Map.of()));
    err.await(Pattern.compile("nothing moves"));
    long asked = System.nanoTime();
    interruption.request();
    int code = running.get(10, TimeUnit.SECONDS);
    assertThat(System.nanoTime() - asked).isLessThan(TimeUnit.SECONDS.toNanos(4));
    assertThat(code).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(err.text()).contains("stopped at 0.0 %; the same command goes on from there");
  }

  @Test
  void whatDoesNotMatchIsNotSeeded() throws IOException {
    Files.write(have.resolve("data.bin"), new byte[LENGTH]);
    Ran.tool("seed", torrent.toString(), have.toString(), "--listen", "127.0.0.1:0", "-q")
        .expectComplaint(ExitCode.NOT_DONE, "not what the torrent describes");
    Ran.tool("seed", torrent.toString(), folder.resolve("no").toString(), "--listen", "127.0.0.1:0")
        .expectComplaint(ExitCode.LOCAL, "no");
  }

  @Test
  void aPortThatIsTakenIsCode4() throws Exception {
    String address = seed().address();
    Ran.tool("seed", torrent.toString(), have.toString(), "--listen", address)
        .expectComplaint(ExitCode.LOCAL, address);
  }

  @Test
  void u02_aFileThatIsInTheWayIsNotOverwritten() throws Exception {
    Files.writeString(want.resolve("data.bin"), "precious");
    String peer = seed().address();
    get(peer).expectComplaint(ExitCode.LOCAL, "overwritten only if asked to");
    assertThat(want.resolve("data.bin")).hasContent("precious");
    get(peer, "--overwrite").expect(ExitCode.DONE);
    assertThat(Files.readAllBytes(want.resolve("data.bin"))).isEqualTo(content);
  }

  @Test
  void u02_aLinkIsNotFollowed() throws Exception {
    Path outside = Files.writeString(folder.resolve("outside"), "precious");
    Files.createSymbolicLink(want.resolve("data.bin"), outside);
    get(seed().address(), "--overwrite").expectComplaint(ExitCode.LOCAL, "data.bin");
    assertThat(outside).hasContent("precious");
  }

  @Test
  void verifyTellsWhatIsWrong() throws IOException {
    Ran right = Ran.tool("verify", torrent.toString(), have.toString()).expect(ExitCode.DONE);
    assertThat(right.out()).contains("data.bin: 51 of 51 pieces verified");
    Ran.tool("verify", torrent.toString(), want.toString())
        .expectComplaint(ExitCode.NOT_DONE, "51 of 51 pieces missing or wrong");
    content[20] ^= 1;
    Files.write(have.resolve("data.bin"), content);
    Ran wrong = Ran.tool("verify", torrent.toString(), have.toString());
    wrong.expectComplaint(ExitCode.NOT_DONE, "1 of 51 pieces missing or wrong");
    assertThat(wrong.out()).contains("differs    data.bin\n", "50 of 51 pieces");
    JsonObject json = Ran.tool("verify", torrent.toString(), have.toString(), "--json").last();
    assertThat(json.get("complete").getAsBoolean()).isFalse();
    assertThat(json.get("verifiedPieces").getAsInt()).isEqualTo(50);
    Ran.tool("verify", torrent.toString(), folder.resolve("no").toString())
        .expectComplaint(ExitCode.LOCAL, "no");
  }

  @Test
  void theDemoWorks() {
    Ran ran = Ran.tool("demo", "--size", "3M").expect(ExitCode.DONE);
    assertThat(ran.out()).contains("done: 3 MiB in ", "SHA-256 says the copy is the original");
    assertThat(Ran.tool("demo", "--size", "100K", "--json").expect(ExitCode.DONE).last().toString())
        .contains("\"event\":\"done\"");
    Ran.tool("demo", "--size", "900T").expectComplaint(ExitCode.LOCAL, "use a smaller --size");
  }
}
