package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.client.TransferException.Reason;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.swarm.metainfo.Metainfo;

/** Policies at both ends of a connection, and what is seen of the encryption that comes of them. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class EncryptionTest {
  private static final byte PROTOCOL_LENGTH = 19;

  private final List<Client> clients = new ArrayList<>();
  @TempDir Path temp;
  private Metainfo torrent;

  @SuppressWarnings("NullAway.Init")
  EncryptionTest() {}

  @BeforeEach
  void makeTorrent() throws Exception {
    torrent = Samples.single(temp.resolve("from"), "a.bin", 1_000_000, 32 << 10);
  }

  @AfterEach
  void closeAll() {
    Collections.reverse(clients);
    clients.forEach(Client::close);
  }

  @ParameterizedTest(name = "{0} dials {1}: {2}")
  @CsvSource({
    "OFF, OFF, NONE",
    "OFF, PREFER, NONE",
    "PREFER, OFF, NONE",
    "PREFER, PREFER, RC4",
    "PREFER, REQUIRE, RC4",
    "REQUIRE, PREFER, RC4",
    "REQUIRE, REQUIRE, RC4"
  })
  void policiesMeet(EncryptionPolicy dialling, EncryptionPolicy listening, Encryption expected)
      throws Exception {
    InetSocketAddress seeder = seeder(listening);
    Client downloader = client(dialling);
    Transfer transfer = downloader.download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    Set<Encryption> seen = ConcurrentHashMap.newKeySet();
    List<String> warnings = new CopyOnWriteArrayList<>();
    transfer.listen(
        new TransferListener() {
          @Override
          public void pieceVerified(int piece) {
            transfer.status().peers().forEach(peer -> seen.add(peer.encryption()));
          }

          @Override
          public void warning(String sentence) {
            warnings.add(sentence);
          }
        });
    transfer.addPeer(seeder);
    assertThat(transfer.completion().get(30, TimeUnit.SECONDS).isComplete()).isTrue();
    assertThat(seen).containsExactly(expected);
    boolean fellBack = dialling == EncryptionPolicy.PREFER && expected == Encryption.NONE;
    assertThat(warnings).hasSize(fellBack ? 1 : 0);
  }

  @Test
  void e10_whoRequiresNeverSpeaksPlaintext() throws Exception {
    Transfer transfer = download(EncryptionPolicy.REQUIRE, 1500);
    transfer.addPeer(seeder(EncryptionPolicy.OFF));
    assertStalls(transfer).hasMessageContaining("encryption is required");
  }

  /** It may only just have begun; and nobody else is there whom one could wait for. */
  @Test
  void e10_whoHangsUpAtFirstIsNotTakenAtItsWord() throws Exception {
    Client downloader =
        Client.open(
            ClientOptions.builder().encryption(EncryptionPolicy.REQUIRE).diskThreads(1).build());
    clients.add(downloader);
    Transfer transfer = downloader.download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    InetSocketAddress address;
    try (ServerSocket early = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      address = (InetSocketAddress) early.getLocalSocketAddress();
      transfer.addPeer(address);
      early.accept().close();
      early.accept().close();
    }
    seeder(EncryptionPolicy.REQUIRE, address);
    assertThat(transfer.completion().get(30, TimeUnit.SECONDS).isComplete()).isTrue();
  }

  @Test
  void e10_whoRequiresLetsNoPlaintextIn() throws Exception {
    Transfer transfer = download(EncryptionPolicy.OFF, 1500);
    transfer.addPeer(seeder(EncryptionPolicy.REQUIRE));
    assertStalls(transfer);
  }

  @Test
  void e10_onePlaintextDialFollowsAnEncryptedOneThatFailed() throws Exception {
    List<Boolean> plaintext = new CopyOnWriteArrayList<>();
    try (ServerSocket refuses = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> thrice =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < 3; i++) {
                    try (Socket socket = refuses.accept()) {
                      InputStream in = socket.getInputStream();
                      byte[] first = in.readNBytes(20);
                      plaintext.add(
                          first[0] == PROTOCOL_LENGTH
                              && new String(first, 1, 19, StandardCharsets.US_ASCII)
                                  .equals("BitTorrent protocol"));
                    }
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      Transfer transfer = download(EncryptionPolicy.PREFER, 20_000);
      transfer.addPeer((InetSocketAddress) refuses.getLocalSocketAddress());
      thrice.get(20, TimeUnit.SECONDS);
    }
    assertThat(plaintext).containsExactly(false, true, false);
  }

  private Transfer download(EncryptionPolicy policy, int stallMillis) throws Exception {
    return client(policy)
        .download(
            torrent,
            temp.resolve("to"),
            TransferOptions.builder().stallTimeout(Duration.ofMillis(stallMillis)).build());
  }

  private InetSocketAddress seeder(EncryptionPolicy policy) throws Exception {
    return seeder(policy, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private InetSocketAddress seeder(EncryptionPolicy policy, InetSocketAddress address)
      throws Exception {
    Client client = client(policy, address);
    client
        .seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT)
        .completion()
        .get(20, TimeUnit.SECONDS);
    return client.listenAddress().orElseThrow();
  }

  private Client client(EncryptionPolicy policy) throws Exception {
    return client(policy, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private Client client(EncryptionPolicy policy, InetSocketAddress address) throws Exception {
    Client client =
        Client.open(
            ClientOptions.builder()
                .encryption(policy)
                .listenAddress(address)
                .diskThreads(1)
                .build());
    clients.add(client);
    return client;
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertStalls(
      Transfer transfer) {
    return assertThatThrownBy(() -> transfer.completion().get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STALLED));
  }
}
