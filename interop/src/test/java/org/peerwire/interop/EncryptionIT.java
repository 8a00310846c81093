package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.interop.RealClient.Encryption;
import org.peerwire.interop.RealClient.Job;
import org.peerwire.interop.RealClient.Kind;

/** Encrypted connections with clients that insist on them, or refuse them. */
@ExtendWith(Scene.Extension.class)
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class EncryptionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TestData DATA = TestData.SMALL;

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
    Kind.LIBTORRENT.require(); // it makes the torrents
  }

  @ParameterizedTest(name = "{0} insists on {1}, get --encryption {2} agrees on {3}")
  @CsvSource({
    "LIBTORRENT, RC4, require, rc4",
    "LIBTORRENT, RC4, prefer, rc4",
    "LIBTORRENT, PLAINTEXT, prefer, plaintext",
    "LIBTORRENT, USUAL, require, rc4",
    "LIBTORRENT, USUAL, off, none",
    "TRANSMISSION, RC4, require, rc4",
    "ARIA2, USUAL, require, rc4",
    "QBITTORRENT, RC4, require, rc4",
    "RTORRENT, RC4, require, rc4"
  })
  void clientSeedsAndPeerwireGets(
      Kind client, Encryption insists, String policy, String agreed, Scene scene) throws Exception {
    Path folder = scene.newFolder("download");
    RealClient seeder = seeder(client, insists, scene);

    PeerwireTool.Result result = get(scene, folder, seeder, policy).await(PATIENCE).expect(0);

    assertThat(result.summary().encryption()).containsExactly(agreed);
    Folders.assertSame(DATA.folder(), folder);
    seeder.assertNoComplaints();
  }

  @ParameterizedTest(name = "seed --encryption {2}, {0} insists on {1}: {3}")
  @CsvSource({
    "LIBTORRENT, RC4, require, rc4",
    "LIBTORRENT, PLAINTEXT, prefer, plaintext",
    "LIBTORRENT, NONE, prefer, none",
    "TRANSMISSION, RC4, require, rc4",
    "QBITTORRENT, RC4, require, rc4",
    "RTORRENT, RC4, require, rc4"
  })
  void peerwireSeedsAndClientGets(
      Kind client, Encryption insists, String policy, String agreed, Scene scene) throws Exception {
    Path folder = scene.newFolder("download");
    if (client.dialsLoopback()) {
      PeerwireTool seeder = seed(scene, policy);
      Optional<InetSocketAddress> address = Optional.of(seeder.awaitListening());
      assertServed(leecher(client, insists, address, scene, folder), seeder, agreed);
    } else {
      RealClient leecher = leecher(client, insists, Optional.empty(), scene, folder);
      assertServed(leecher, seed(scene, policy, leecher.address()), agreed);
    }
    Folders.assertSame(DATA.folder(), folder, client.createsEmptyFiles());
  }

  private static void assertServed(RealClient leecher, PeerwireTool seeder, String agreed) {
    leecher.awaitComplete(PATIENCE);
    leecher.assertNoComplaints();
    leecher.close();
    // Before it is stopped: its output ends with the signal.
    Await.until(
        "peerwire seed tells of " + agreed,
        Duration.ofSeconds(10),
        () ->
            seeder.output().stream()
                .anyMatch(line -> line.contains("\"encryption\":\"" + agreed + "\"")));
  }

  @Test
  void whoRequiresFailsClearlyAtAClientThatRefuses(Scene scene) throws Exception {
    Path folder = scene.newFolder("download");
    RealClient seeder = seeder(Kind.LIBTORRENT, Encryption.NONE, scene);

    PeerwireTool.Result result =
        PeerwireTool.run(
            scene,
            PATIENCE,
            List.of(
                "get",
                DATA.torrent().toString(),
                "--peer",
                Loopback.text(seeder.address()),
                "--output",
                folder.toString(),
                "--encryption",
                "require",
                "--timeout",
                "3",
                "--quiet",
                "--json"));

    result.expect(1);
    // Quiet, as what it says while it waits is no complaint.
    assertThat(result.complaints())
        .singleElement()
        .asString()
        .contains(
            "encryption is required, and "
                + Loopback.text(seeder.address())
                + " did not agree to it");
  }

  @Test
  void whoPrefersFallsBackOnce(Scene scene) throws Exception {
    Path folder = scene.newFolder("download");
    RealClient seeder = seeder(Kind.LIBTORRENT, Encryption.NONE, scene);

    PeerwireTool.Result result = get(scene, folder, seeder, "prefer").await(PATIENCE).expect(0);

    assertThat(result.summary().encryption()).containsExactly("none");
    assertThat(result.output().stream().filter(line -> line.contains("\"connected\""))).hasSize(1);
    assertThat(
            result.output().stream()
                .filter(line -> line.contains("\"disconnected\""))
                .filter(line -> line.contains("\"downloaded\":0,")))
        .as("the encrypted attempt")
        .hasSize(1);
    assertThat(result.output().stream().filter(line -> line.contains("\"warning\"")))
        .singleElement()
        .asString()
        .contains("plaintext");
    Folders.assertSame(DATA.folder(), folder);
  }

  private static RealClient seeder(Kind client, Encryption encryption, Scene scene)
      throws Exception {
    client.require();
    return client.run(
        scene, new Job(true, DATA.torrent(), DATA.folder(), 0, Optional.empty(), encryption));
  }

  private static RealClient leecher(
      Kind client,
      Encryption encryption,
      Optional<InetSocketAddress> peer,
      Scene scene,
      Path folder)
      throws Exception {
    return client.run(scene, new Job(false, DATA.torrent(), folder, 0, peer, encryption));
  }

  private static PeerwireTool get(Scene scene, Path folder, RealClient from, String policy)
      throws Exception {
    return PeerwireTool.start(
        scene,
        List.of(
            "get",
            DATA.torrent().toString(),
            "--peer",
            Loopback.text(from.address()),
            "--output",
            folder.toString(),
            "--encryption",
            policy,
            "--timeout",
            "30",
            "--json"));
  }

  private static PeerwireTool seed(Scene scene, String policy, InetSocketAddress... peers)
      throws Exception {
    return PeerwireTool.seed(scene, DATA, List.of("--encryption", policy, "--json"), peers);
  }
}
