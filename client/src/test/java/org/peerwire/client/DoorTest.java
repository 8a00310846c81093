package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
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

  /** Two torrents behind one door; a piece that only the other one has. */
  @Test
  void h15_whoNamedOneTorrentIsNotServedTheOther() throws Exception {
    Path more = temp.resolve("more");
    Metainfo other = Samples.single(more, "b.bin", 500_000, 32 << 10);
    client.seed(other, more, TransferOptions.DEFAULT).completion().get(20, TimeUnit.SECONDS);
    Socket socket = connect();
    OutputStream out = socket.getOutputStream();
    byte[] fast = handshake(torrent.infoHash());
    fast[27] = 4;
    ByteBuffer said = ByteBuffer.allocate(100).put(fast);
    said.putInt(1).put((byte) 15); // have none
    said.putInt(1).put((byte) 2); // interested
    out.write(said.array(), 0, said.position());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readNBytes(68);
    while (next(in).get(0) != 1) {
      // until it unchokes us
    }
    out.write(request(other.pieceCount() - 1, 1000));
    out.write(request(2, 1000));
    List<Byte> answers = new ArrayList<>();
    ByteBuffer answer = next(in);
    for (; answer.get(0) != 7; answer = next(in)) {
      answers.add(answer.get(0));
    }
    assertThat(answers).as("rejected").contains((byte) 16);
    byte[] block = new byte[1000];
    answer.position(9).get(block);
    assertThat(answer.getInt(1)).isEqualTo(2);
    assertThat(block)
        .isEqualTo(java.util.Arrays.copyOfRange(Samples.bytes(100_000, 100_000), 2 << 15, 66_536));
  }

  private static ByteBuffer next(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length == 0 ? next(in) : ByteBuffer.wrap(in.readNBytes(length));
  }

  private static byte[] request(int piece, int length) {
    return ByteBuffer.allocate(17)
        .putInt(13)
        .put((byte) 6)
        .putInt(piece)
        .putInt(0)
        .putInt(length)
        .array();
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
