package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.InfoHash;
import org.peerwire.swarm.metainfo.Metainfo;

/** What strangers at the listener get to hear. */
@Timeout(30)
class DoorTest {
  @TempDir Path temp;
  private Metainfo torrent;
  private Client client;
  private final List<Socket> sockets = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  DoorTest() {}

  @BeforeEach
  void seed() throws Exception {
    torrent = Samples.single(temp, "a.bin", 100_000, 32 << 10);
    client =
        Client.open(
            ClientOptions.builder()
                .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    client.seed(torrent, temp, TransferOptions.DEFAULT).completion().get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    client.close();
  }

  @Test
  void whoNamesTheTorrentIsAnswered() throws Exception {
    Socket socket = connect();
    OutputStream out = socket.getOutputStream();
    byte[] handshake = handshake(torrent.infoHash());
    // One at a time; the peer id is held back, as some do.
    for (int i = 0; i < 48; i++) {
      out.write(handshake[i]);
      out.flush();
    }
    byte[] answer = socket.getInputStream().readNBytes(68);
    assertThat(answer).hasSize(68).startsWith(java.util.Arrays.copyOf(handshake, 20));
    assertThat(new String(answer, 48, 8, StandardCharsets.US_ASCII)).isEqualTo("-PW0100-");
    out.write(handshake, 48, 20);
    out.flush();
    // Its pieces.
    assertThat(socket.getInputStream().readNBytes(5)).hasSize(5);
  }

  @Test
  void h04_whoNamesAnotherTorrentHearsNothing() throws Exception {
    assertThat(answerTo(handshake(InfoHash.of(new byte[20])))).isEmpty();
  }

  @Test
  void h03_whoSpeaksAnotherProtocolHearsNothing() throws Exception {
    assertThat(answerTo("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    assertThat(answerTo(new byte[] {0x13, 'B', 'x'})).isEmpty();
    assertThat(answerTo(new byte[] {0x16, 3, 1})).isEmpty();
  }

  @Test
  void b13_theOldestOfManyHalfOpenOnesGoes() throws Exception {
    Socket first = connect();
    for (int i = 0; i < 64; i++) {
      connect();
    }
    assertThat(first.getInputStream().read()).isEqualTo(-1);
    Socket last = connect();
    last.getOutputStream().write(handshake(torrent.infoHash()));
    assertThat(last.getInputStream().readNBytes(68)).hasSize(68);
  }

  private byte[] answerTo(byte[] said) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(said);
    socket.shutdownOutput(); // what is no plaintext may become encryption yet
    return socket.getInputStream().readAllBytes();
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = client.listenAddress().orElseThrow();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  private static byte[] handshake(InfoHash infoHash) {
    return ByteBuffer.allocate(68)
        .put((byte) 19)
        .put("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII))
        .putLong(0)
        .put(infoHash.toBytes())
        .put("-XX0000-abcdefghijkl".getBytes(StandardCharsets.US_ASCII))
        .array();
  }
}
