package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.channel.WirePipe;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** {@code probe} against peers, strangers and worse. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class ProbeTest {
  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";
  private static final byte[] HANDSHAKE = handshake(HASH, "-TR3000-abcdefghijkl");

  @TempDir Path folder;

  /** What the other side does with a connection. */
  private interface Script {
    void run(Socket socket, InputStream in, OutputStream out) throws IOException;
  }

  private static byte[] handshake(String hash, String peerId) {
    return ByteBuffer.allocate(Handshake.LENGTH)
        .put((byte) 19)
        .put("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII))
        .putLong(0x0000000000100005L)
        .put(InfoHash.parse(hash).toBytes())
        .put(peerId.getBytes(StandardCharsets.ISO_8859_1))
        .array();
  }

  private static Ran probe(Script script, String... more) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  script.run(socket, socket.getInputStream(), socket.getOutputStream());
                } catch (IOException e) {
                  // The probe left, which is what ends most scripts.
                  return;
                }
              });
      thread.setDaemon(true);
      thread.start();
      String[] args = {"probe", "127.0.0.1:" + server.getLocalPort(), HASH};
      String[] all = Arrays.copyOf(args, args.length + more.length);
      System.arraycopy(more, 0, all, args.length, more.length);
      return Ran.tool(all);
    }
  }

  @Test
  void aPeerIsDescribed() throws Exception {
    byte[] extension =
        "d1:md11:ut_metadatai3ee1:v9:\u001b[2Jhello4:reqqi250ee"
            .getBytes(StandardCharsets.ISO_8859_1);
    Ran ran =
        probe(
            (socket, in, out) -> {
              in.readNBytes(Handshake.LENGTH);
              out.write(HANDSHAKE);
              out.write(new byte[] {0, 0, 0, 1, 14});
              out.write(ByteBuffer.allocate(4).putInt(extension.length + 2).array());
              out.write(new byte[] {20, 0});
              out.write(extension);
              out.write(new byte[] {0, 0, 0, 1, 1});
              out.write(new byte[] {0, 0, 0, 0});
              out.write(new byte[] {0, 0, 0, 0});
              in.readAllBytes();
            });
    ran.expect(ExitCode.DONE);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains("client        Transmission 3.00  -TR3000-abcdefghijkl\n")
        .contains("info-hash     " + HASH + " (matches)\n")
        .contains("supports      extension protocol, dht, fast  (reserved 0000000000100005)\n")
        .contains("has           everything, said after ")
        .contains("extensions    ut_metadata 3, said after ")
        .contains("queues        250 requests\n")
        .contains("ut_metadata")
        .contains("\\u{1b}[2Jhello")
        .contains(
            "messages      handshake, have all, extension handshake, unchoke, keep alive x2\n")
        .contains("ended         we left: all was seen\n");
  }

  @Test
  void x13_aPeerThatSendsUnderItsOwnIdsIsExplained() throws Exception {
    byte[] extension = "d1:md6:ut_pexi3ee1:v4:Oopse".getBytes(StandardCharsets.ISO_8859_1);
    Script script =
        (socket, in, out) -> {
          in.readNBytes(Handshake.LENGTH);
          out.write(HANDSHAKE);
          out.write(new byte[] {0, 0, 0, 1, 15});
          out.write(ByteBuffer.allocate(4).putInt(extension.length + 2).array());
          out.write(new byte[] {20, 0});
          out.write(extension);
          out.write(new byte[] {0, 0, 0, 4, 20, 3, 'd', 'e'}); // ut_pex, under its own id
          out.write(new byte[] {0, 0, 0, 4, 20, 9, 'd', 'e'}); // nobody's
          out.write(new byte[] {0, 0, 0, 4, 20, (byte) 202, 'd', 'e'}); // as it should be
          in.readAllBytes();
        };
    Ran ran = probe(script).expect(ExitCode.DONE);
    assertThat(ran.out())
        .contains("calls itself  Oops\n")
        .contains("queues        250 requests (did not say)\n")
        .contains("metadata      none\n")
        .contains("extended (3), extended (9), ut_pex\n")
        .contains(
            "note          it sends ut_pex under 3, its own id for that, where BEP 10 wants the"
                + " receiver's: 202\n")
        .contains("under 9, an id that neither side has named\n");
    JsonObject json = probe(script, "--json").expect(ExitCode.DONE).last();
    assertThat(json.getAsJsonArray("notes").size()).isEqualTo(2);
    assertThat(json.get("extensions").toString()).isEqualTo("[{\"name\":\"ut_pex\",\"id\":3}]");
    assertThat(json.get("callsItself").getAsString()).isEqualTo("Oops");
    assertThat(json.get("handshakeSeconds").getAsDouble())
        .isLessThanOrEqualTo(json.get("extensionHandshakeSeconds").getAsDouble());
    assertThat(json.get("haveSeconds").getAsDouble()).isPositive();
  }

  @Test
  void aPeerIsDescribedInJson() throws Exception {
    Ran ran =
        probe(
            (socket, in, out) -> {
              in.readNBytes(Handshake.LENGTH);
              out.write(HANDSHAKE);
              out.write(new byte[] {0, 0, 0, 1, 15});
              socket.shutdownOutput();
              in.readAllBytes();
            },
            "--json");
    ran.expect(ExitCode.DONE);
    JsonObject json = ran.last();
    assertThat(json.get("ok").getAsBoolean()).isTrue();
    assertThat(json.get("client").getAsString()).isEqualTo("Transmission 3.00");
    assertThat(json.get("features").toString())
        .isEqualTo("[\"extension_protocol\",\"dht\",\"fast\"]");
    assertThat(json.get("piecesHeld").getAsInt()).isZero();
    assertThat(json.get("choking").getAsBoolean()).isTrue();
    assertThat(json.get("ended").getAsString()).isEqualTo("closed by the peer");
  }

  @Test
  void aRealWireIsAskedForABlock() throws Exception {
    byte[] content = TestTorrents.content(folder, "data.bin", 3 * TestTorrents.PIECE);
    Path torrent = TestTorrents.write(folder.resolve("a.torrent"), "data.bin", content);
    PeerWire seeder =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onHandshake(PeerWire wire, Handshake handshake) {
                wire.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0100-seederseeder"));
                PieceSet pieces = new PieceSet(3);
                pieces.add(1);
                pieces.add(2);
                wire.bitfield(pieces);
              }

              @Override
              public void onInterested(PeerWire wire) {
                wire.unchoke();
              }

              @Override
              public void onRequest(PeerWire wire, int piece, int begin, int length) {
                wire.respond(
                    piece, begin, ByteBuffer.wrap(content, piece * TestTorrents.PIECE, length));
              }
            });
    try (ServerSocketChannel server =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      Thread thread =
          new Thread(
              () -> {
                try (SocketChannel channel = server.accept()) {
                  WirePipe.run(channel, seeder);
                } catch (IOException e) {
                  return;
                }
              });
      thread.setDaemon(true);
      thread.start();
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      Ran ran = Ran.tool("probe", "localhost:" + port, torrent.toString()).expect(ExitCode.DONE);
      assertThat(ran.out())
          .contains("client        peerwire 0.1.0")
          .contains("has           2 of 3 pieces (66.6 %), said after ")
          .containsPattern("first block   after \\d+ ms, 16 KiB\n");
    }
  }

  @Test
  void anotherTorrentIsNoHandshake() throws Exception {
    String other = "f".repeat(40);
    Ran ran =
        probe(
            (socket, in, out) -> {
              out.write(handshake(other, "-qB4520-abcdefghijkl"));
              in.readAllBytes();
            });
    ran.expectComplaint(ExitCode.NOT_DONE, "answers with another torrent, " + other);
    assertThat(ran.out()).contains("(another one; asked for " + HASH + ")");
  }

  @Test
  void h03_u08_aWebServerIsRecognised() throws Exception {
    probe(
            (socket, in, out) -> {
              in.readNBytes(20);
              out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            })
        .expectComplaint(ExitCode.NOT_DONE, "speaks HTTP");
  }

  @Test
  void u08_aServerThatWaitsForALineIsRecognised() throws Exception {
    probe(
            (socket, in, out) -> {
              while (in.read() != '\n') {
                Thread.onSpinWait();
              }
              out.write("HTTP/1.0 400 Bad request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            },
            "--timeout",
            "2")
        .expectComplaint(ExitCode.NOT_DONE, "speaks HTTP");
  }

  @Test
  void h03_u08_aTlsServerIsRecognised() throws Exception {
    probe((socket, in, out) -> out.write(new byte[] {0x15, 3, 1, 0, 2, 2, 70}))
        .expectComplaint(ExitCode.NOT_DONE, "speaks TLS");
  }

  @Test
  void u08_anotherProtocolIsRecognised() throws Exception {
    probe((socket, in, out) -> out.write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII)))
        .expectComplaint(ExitCode.NOT_DONE, "speaks SSH");
  }

  @Test
  void h03_u08_bytesThatLookEncryptedAreRecognised() throws Exception {
    byte[] key = new byte[200];
    new Random(1).nextBytes(key);
    probe(
            (socket, in, out) -> {
              out.write(key);
              in.readAllBytes();
            })
        .expectComplaint(ExitCode.NOT_DONE, "maybe an encrypted handshake (MSE)");
  }

  @Test
  void u08_aPeerThatHangsUpSaysWhatItMayMean() throws Exception {
    probe((socket, in, out) -> in.readNBytes(Handshake.LENGTH))
        .expectComplaint(ExitCode.NOT_DONE, "closed without a word");
  }

  @Test
  void u08_aSilentOneIsLeftInTime() throws Exception {
    long start = System.nanoTime();
    probe((socket, in, out) -> in.readAllBytes(), "--timeout", "1")
        .expectComplaint(ExitCode.NOT_DONE, "says nothing");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void u08_aTarpitIsLeftInTime() throws Exception {
    long start = System.nanoTime();
    Ran ran =
        probe(
            (socket, in, out) -> {
              for (byte b : HANDSHAKE) {
                out.write(b);
                sleep(200);
              }
            },
            "--timeout",
            "2");
    ran.expectComplaint(ExitCode.NOT_DONE, "began a BitTorrent handshake and stopped after");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void u08_aFloodIsReadToAMebibyte() throws Exception {
    byte[] keepAlives = new byte[1 << 16];
    Ran ran =
        probe(
            (socket, in, out) -> {
              out.write(HANDSHAKE);
              out.write(new byte[] {0, 0, 0, 1, 14});
              while (true) {
                out.write(keepAlives);
              }
            },
            "--json");
    ran.expect(ExitCode.DONE);
    assertThat(ran.last().get("bytesRead").getAsLong()).isEqualTo(1 << 20);
    assertThat(ran.last().get("ended").getAsString()).contains("bytes are enough");
  }

  @Test
  void u08_aFloodOfSomethingElseIsLeft() throws Exception {
    byte[] text = "all work and no play ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    probe(
            (socket, in, out) -> {
              while (true) {
                out.write(text);
              }
            })
        .expectComplaint(ExitCode.NOT_DONE, "sent text that is not BitTorrent");
  }

  @Test
  void h14_aHostilePeerIdIsEscaped() throws Exception {
    byte[] hello = handshake(HASH, "\u001b[2J\0\u0007\r\n\u009b\u00c0\u0080-abcdefgh");
    Ran ran =
        probe(
            (socket, in, out) -> {
              out.write(hello);
              socket.shutdownOutput();
              in.readAllBytes();
            });
    ran.expect(ExitCode.DONE);
    assertThat(ran.out()).contains("client        unknown  \\x1b[2J\\x00\\x07\\x0d\\x0a\\x9b");
  }

  @Test
  void aRuleThatIsBrokenIsNamed() throws Exception {
    Ran ran =
        probe(
            (socket, in, out) -> {
              out.write(HANDSHAKE);
              out.write(new byte[] {0x7f, 0, 0, 0, 1});
              in.readAllBytes();
            });
    ran.expect(ExitCode.DONE);
    assertThat(ran.out()).contains("ended         FRAME_TOO_LARGE");
  }

  @Test
  void nobodyThere() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    Ran.tool("probe", "127.0.0.1:" + port, HASH)
        .expectComplaint(ExitCode.NOT_DONE, "no handshake with 127.0.0.1:" + port, "refused");
    Ran.tool("probe", "no-such-host.invalid:6881", HASH)
        .expectComplaint(ExitCode.NOT_DONE, "no address is known for the host");
  }

  private static void sleep(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
