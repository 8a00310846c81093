package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.client.MetadataServer.Lie;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoBuilder;

/** One of three peers lies about the metadata, over TCP: the others give it, and it is named. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class MetadataLiesTest {
  @ParameterizedTest
  @CsvSource({
    "TOTAL_SIZE, METADATA_BLOCK_LENGTH",
    "SHORT_BLOCK, METADATA_BLOCK_LENGTH",
    "LONG_BLOCK, METADATA_BLOCK_LENGTH",
    "POISON, METADATA_HASH",
    "SMALLER, METADATA_HASH",
    "LARGER, METADATA_HASH"
  })
  void m06_m07_theLiarIsAskedFirst(Lie lie, String violation) throws Exception {
    byte[] info = info(850);
    assertThat(info.length).isBetween(UtMetadata.BLOCK_LENGTH + 1, 2 * UtMetadata.BLOCK_LENGTH);
    try (MetadataServer liar = MetadataServer.liar(info, lie);
        MetadataServer one = MetadataServer.after(liar);
        MetadataServer other = MetadataServer.after(liar)) {
      List<String> warnings = fetch(info, List.of(one.address(), liar.address(), other.address()));
      assertThat(warnings)
          .containsExactly(liar.text() + " sent metadata of something else (" + violation + ")");
    }
  }

  /** Of many blocks each comes from whoever is free, so that the hash alone names nobody. */
  @Test
  void m07_aPoisonedBlockAmongManyIsTracedToItsGiver() throws Exception {
    byte[] info = info(6_700);
    assertThat(info.length).isGreaterThan(8 * UtMetadata.BLOCK_LENGTH);
    try (MetadataServer liar = MetadataServer.liar(info, Lie.POISON);
        MetadataServer one = MetadataServer.beside(liar);
        MetadataServer other = MetadataServer.beside(liar)) {
      List<String> warnings = fetch(info, List.of(one.address(), other.address(), liar.address()));
      assertThat(warnings)
          .containsExactly(liar.text() + " sent metadata of something else (METADATA_HASH)");
    }
  }

  @Test
  void b11_moreThanFourMebibytesAreFetchedIfThatIsAllowed() throws Exception {
    byte[] info = info(215_000);
    assertThat(info.length).isGreaterThan(4 << 20);
    MagnetLink magnet =
        MagnetLink.parse("magnet:?xt=urn:btih:" + Metainfo.parseInfo(info).infoHash());
    try (MetadataServer server = MetadataServer.liar(info, Lie.NONE);
        Client wary = Client.open(ClientOptions.DEFAULT);
        Client bold = Client.open(ClientOptions.builder().maxMetadata(info.length).build())) {
      assertThatThrownBy(() -> fetch(wary, magnet, server))
          .hasMessageContaining("beyond the limit of 4194304");
      assertThat(fetch(bold, magnet, server).infoBytes()).isEqualTo(ByteBuffer.wrap(info));
    }
    for (int size : new int[] {0, ClientOptions.LARGEST_METADATA + 1}) {
      assertThatThrownBy(() -> ClientOptions.builder().maxMetadata(size))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Metainfo fetch(Client client, MagnetLink magnet, MetadataServer server)
      throws Exception {
    return client
        .fetchMetadata(
            magnet,
            List.of(server.address()),
            PeerSources.NONE,
            Duration.ofSeconds(20),
            warning -> {})
        .get(30, TimeUnit.SECONDS);
  }

  private static List<String> fetch(byte[] info, List<InetSocketAddress> peers) throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    Metainfo expected = Metainfo.parseInfo(info);
    MagnetLink magnet = MagnetLink.parse("magnet:?xt=urn:btih:" + expected.infoHash());
    try (Client client = Client.open(ClientOptions.DEFAULT)) {
      Metainfo fetched =
          client
              .fetchMetadata(magnet, peers, PeerSources.NONE, Duration.ofSeconds(40), warnings::add)
              .get(50, TimeUnit.SECONDS);
      assertThat(fetched.infoBytes()).isEqualTo(ByteBuffer.wrap(info));
    }
    return warnings;
  }

  /** The info dictionary of a torrent of so many pieces; nobody needs their data. */
  private static byte[] info(int pieces) throws Exception {
    int pieceLength = 16 << 10;
    MetainfoBuilder builder =
        new MetainfoBuilder("lies", pieceLength).singleFile((long) pieces * pieceLength);
    byte[] hashes = new byte[20 * pieces];
    new Random(pieces).nextBytes(hashes);
    ByteBuffer bytes = Metainfo.parse(builder.build(hashes)).infoBytes();
    byte[] info = new byte[bytes.remaining()];
    bytes.get(info);
    return info;
  }
}
