package org.peerwire.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.channel.WirePipe;
import org.peerwire.client.Client;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoBuilder;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

@Timeout(60)
class ExamplesTest {
  private static final InfoHash SMALL_PIECES = InfoHash.parse("11".repeat(20));
  private static final InfoHash LARGE_PIECES = InfoHash.parse("22".repeat(20));
  private static final InfoHash UNKNOWN = InfoHash.parse("33".repeat(20));
  private static final int SIZE = 1_000_000;

  private final byte[] content = new byte[SIZE];
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final FileChannel file;
  private InetSocketAddress server = loopback();

  ExamplesTest(@TempDir Path folder) throws IOException {
    new Random(1).nextBytes(content);
    file = FileChannel.open(Files.write(folder.resolve("content"), content));
  }

  @BeforeEach
  void serve() throws Exception {
    Map<InfoHash, PieceLayout> torrents =
        Map.of(
            SMALL_PIECES,
            PieceLayout.of(SIZE, 50_000),
            LARGE_PIECES,
            PieceLayout.of(SIZE, 400_000));
    Channel listening = ServeFile.listen(group, loopback(), file, torrents);
    server = (InetSocketAddress) listening.localAddress();
  }

  @AfterEach
  void stop() throws Exception {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    file.close();
  }

  @Test
  void aPieceComesThroughThePipe() throws Exception {
    assertThat(printed(() -> FetchPiece.main(arguments(SMALL_PIECES, 3, 50_000))))
        .isEqualTo("got 50000 bytes");
  }

  @Test
  void aPieceComesThroughNetty() throws Exception {
    assertThat(printed(() -> NettyFetch.main(arguments(LARGE_PIECES, 2, 200_000))))
        .isEqualTo("got 200000 bytes");
  }

  @Test
  void aPieceComesThroughFlow() throws Exception {
    assertThat(printed(() -> FlowFetch.main(arguments(LARGE_PIECES, 1, 400_000))))
        .isEqualTo("got 400000 bytes");
  }

  @Test
  void manyPeersAreAskedWhatTheyAre() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocketChannel closed = ServerSocketChannel.open().bind(loopback())) {
      nobody = (InetSocketAddress) closed.getLocalAddress();
    }
    List<String> answers = Crawl.askAll(List.of(server, nobody, server), SMALL_PIECES);
    assertThat(answers).hasSize(3);
    assertThat(answers.get(0)).contains("-PW0100-serve");
    assertThat(answers.get(1)).contains("refused");
    assertThat(answers.get(2)).contains("-PW0100-serve");
  }

  @Test
  void aFolderIsServedAndAMagnetLinkOfItIsDownloaded(@TempDir Path folder) throws Exception {
    Path data = Files.write(folder.resolve("data.bin"), content);
    byte[] torrent = torrent(data);
    Files.write(folder.resolve("data.torrent"), torrent);
    Path want = Files.createDirectory(folder.resolve("want"));
    String magnet = "magnet:?xt=urn:btih:" + Metainfo.parse(torrent).infoHash();
    List<Client> serving = new ArrayList<>();
    try {
      String served = printed(() -> serving.add(ServeFolder.serve(folder, loopback())));
      assertThat(served).isEqualTo("data.bin is served");
      InetSocketAddress at = serving.get(0).listenAddress().orElseThrow();
      String port = Integer.toString(at.getPort());
      assertThat(printed(() -> GetMagnet.main(magnet, want.toString(), at.getHostString(), port)))
          .startsWith("piece ");
      assertThat(want.resolve("data.bin")).hasBinaryContent(content);
    } finally {
      serving.forEach(Client::close);
    }
  }

  private byte[] torrent(Path data) throws Exception {
    MetainfoBuilder builder =
        new MetainfoBuilder(data.getFileName().toString(), 1 << 16).singleFile(SIZE);
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    for (int from = 0; from < SIZE; from += 1 << 16) {
      int length = Math.min(1 << 16, SIZE - from);
      hashes.write(MessageDigest.getInstance("SHA-1").digest(part(from, length)));
    }
    return builder.build(hashes.toByteArray());
  }

  @Test
  void eachTorrentHasItsOwnPieces() throws Exception {
    assertThat(fetch(SMALL_PIECES, 3, 50_000)).isEqualTo(part(150_000, 50_000));
    assertThat(fetch(LARGE_PIECES, 0, 400_000)).isEqualTo(part(0, 400_000));
    assertThat(fetch(LARGE_PIECES, 2, 200_000)).isEqualTo(part(800_000, 200_000));
  }

  @Test
  void aTorrentThatIsNotServedIsRefused() {
    assertThatThrownBy(() -> fetch(UNKNOWN, 0, 100))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("no piece 0");
  }

  @Test
  void theEchoAnswersAndTellsOfAnUnchoke() throws Exception {
    CompletableFuture<Handshake> answer = new CompletableFuture<>();
    CompletableFuture<Void> serving;
    try (ServerSocketChannel echo = ServerSocketChannel.open().bind(loopback())) {
      serving =
          CompletableFuture.runAsync(
              () -> {
                try {
                  Echo.serve(echo);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      PeerWire wire =
          new PeerWire(
              new PeerListener() {
                @Override
                public void onHandshake(PeerWire wire, Handshake handshake) {
                  answer.complete(handshake);
                }
              });
      wire.handshake(UNKNOWN, PeerId.ofAscii("-XX0000-visitorvisit"));
      wire.unchoke();
      SocketChannel socket = SocketChannel.open(echo.getLocalAddress());
      WirePipe pipe = new WirePipe(socket, wire);
      CompletableFuture<Void> piping = new CompletableFuture<>();
      String line =
          printed(
              () -> {
                Thread thread =
                    new Thread(
                        () -> {
                          pipe.run();
                          piping.complete(null);
                        });
                thread.start();
                answer.get(10, TimeUnit.SECONDS);
              });
      assertThat(line).isEqualTo("unchoked; peerChoking is false");
      pipe.execute(wire::close);
      piping.get(10, TimeUnit.SECONDS);
    }
    serving.get(10, TimeUnit.SECONDS);
    assertThat(answer.get().infoHash()).isEqualTo(UNKNOWN);
  }

  @Test
  void twoOfOurOwnExtensionGreetEachOther() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback())) {
      InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
      List<String> lines =
          allPrinted(
              () -> {
                CompletableFuture<Void> listening =
                    CompletableFuture.runAsync(() -> listen(server));
                Chat.main(
                    address.getHostString(),
                    Integer.toString(address.getPort()),
                    UNKNOWN.toString());
                listening.get(10, TimeUnit.SECONDS);
              });
      assertThat(lines).containsExactly("they say: hello", "they say: hello");
    }
  }

  private static void listen(ServerSocketChannel server) {
    try {
      Chat.listen(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a program does. */
  private interface Program {
    void run() throws Exception;
  }

  /** The first line that it prints, soon or late. */
  private static String printed(Program program) throws Exception {
    PrintStream before = System.out;
    CompletableFuture<String> line = new CompletableFuture<>();
    System.setOut(
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String text) {
            line.complete(text);
          }
        });
    try {
      program.run();
      return line.get(10, TimeUnit.SECONDS);
    } finally {
      System.setOut(before);
    }
  }

  /** All lines that it prints before it returns. */
  private static List<String> allPrinted(Program program) throws Exception {
    PrintStream before = System.out;
    List<String> lines = new CopyOnWriteArrayList<>();
    System.setOut(
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String text) {
            lines.add(text);
          }
        });
    try {
      program.run();
      return lines;
    } finally {
      System.setOut(before);
    }
  }

  private String[] arguments(InfoHash torrent, int piece, int length) {
    return new String[] {
      server.getHostString(),
      Integer.toString(server.getPort()),
      torrent.toString(),
      Integer.toString(piece),
      Integer.toString(length)
    };
  }

  private byte[] fetch(InfoHash torrent, int piece, int length) throws Exception {
    return NettyFetch.fetch(group, server, torrent, new FetchPiece(piece, length))
        .get(10, TimeUnit.SECONDS);
  }

  private byte[] part(int from, int length) {
    return Arrays.copyOfRange(content, from, from + length);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
