package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.interop.RealClient.Kind;
import org.peerwire.swarm.metainfo.Metainfo;

/** What the tool tells about real clients, in plaintext and encrypted. */
@ExtendWith(Scene.Extension.class)
@Timeout(120)
class ProbeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TestData DATA = TestData.SMALL;

  @BeforeEach
  @Timeout(360)
  void theToolIsBuilt() throws Exception {
    PeerwireTool.prepare();
    Kind.LIBTORRENT.require(); // it makes the torrents
  }

  @ParameterizedTest(name = "{0} is probed, encryption: {2}")
  @CsvSource({
    "LIBTORRENT, libtorrent, none",
    "LIBTORRENT, libtorrent, rc4",
    "TRANSMISSION, Transmission, none",
    "TRANSMISSION, Transmission, rc4",
    "ARIA2, aria2, none",
    "ARIA2, aria2, rc4"
  })
  void aSeedIsDescribed(Kind client, String name, String encryption, Scene scene) throws Exception {
    Metainfo torrent = Metainfo.parse(Files.readAllBytes(DATA.torrent()));
    RealClient seeder = client.seed(scene, DATA.torrent(), DATA.folder());
    String policy = encryption.equals("none") ? "off" : "require";

    JsonObject told = probe(scene, seeder, policy);

    assertThat(told.get("ok").getAsBoolean()).isTrue();
    assertThat(told.get("encryption").getAsString()).isEqualTo(encryption);
    assertThat(told.get("infoHashMatches").getAsBoolean()).isTrue();
    assertThat(told.get("client").getAsString() + " " + told.get("callsItself").getAsString())
        .containsIgnoringCase(name);
    assertThat(told.getAsJsonArray("features").toString()).contains("extension_protocol");
    assertThat(told.getAsJsonArray("extensions").toString()).contains("ut_metadata");
    assertThat(told.get("metadataSize").getAsInt()).isEqualTo(torrent.infoBytes().remaining());
    assertThat(told.get("everything").getAsBoolean()).isTrue();
    assertThat(told.get("pieces").getAsInt()).isEqualTo(torrent.pieceCount());
    double connected = told.get("connectedSeconds").getAsDouble();
    double handshake = told.get("handshakeSeconds").getAsDouble();
    assertThat(connected).isLessThanOrEqualTo(handshake);
    assertThat(told.get("haveSeconds").getAsDouble()).isGreaterThanOrEqualTo(handshake);
    assertThat(told.get("extensionHandshakeSeconds").getAsDouble())
        .isGreaterThanOrEqualTo(handshake);
    if (policy.equals("require")) {
      assertThat(told.get("encryptedSeconds").getAsDouble()).isBetween(connected, handshake);
    } else {
      assertThat(told.has("encryptedSeconds")).isFalse();
    }
    assertThat(told.getAsJsonArray("notes")).isEmpty();
    seeder.assertNoComplaints();
  }

  private static JsonObject probe(Scene scene, RealClient seeder, String policy) throws Exception {
    PeerwireTool.Result result =
        PeerwireTool.run(
                scene,
                PATIENCE,
                List.of(
                    "probe",
                    Loopback.text(seeder.address()),
                    DATA.torrent().toString(),
                    "--encryption",
                    policy,
                    "--json"))
            .expect(0);
    return Json.parse(result.output().get(0));
  }
}
