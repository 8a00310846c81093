package org.peerwire.client.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.swarm.tracker.Announce;
import org.peerwire.swarm.tracker.AnnounceEvent;
import org.peerwire.swarm.tracker.HttpAnnounce;
import org.peerwire.swarm.tracker.TrackerAnswer;

/** Trackers of all kinds, honest and not, on 127.0.0.1. */
@Timeout(60)
class TrackerClientTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final byte[] ANSWER = latin("d8:intervali900e5:peers6:\177\0\0\1\32\341e");

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final TrackerClient client =
      new TrackerClient(group.next(), new SecureRandom()::nextBytes, "peerwire/test");

  TrackerClientTest() {
    open.add(client);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Announce announce() {
    return new Announce(
        InfoHash.parse("00".repeat(20)),
        PeerId.ofAscii("-PW0100-abcdefghijkl"),
        6881,
        new Announce.Totals(0, 0, 1),
        AnnounceEvent.STARTED,
        50,
        1,
        null);
  }

  private TrackerAnswer ask(String url) throws Exception {
    return ask(url, false);
  }

  private TrackerAnswer ask(String url, boolean named) throws Exception {
    CompletableFuture<Reply> reply = client.ask(url, named, announce());
    try {
      return reply.get(50, TimeUnit.SECONDS).answer();
    } catch (ExecutionException e) {
      throw new IOException(TrackerClient.told(e.getCause()), e);
    }
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  /** An HTTP tracker. */
  private String http(Handler handler) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            queries.add(exchange.getRequestURI().toString());
            handler.handle(exchange);
          }
        });
    server.start();
    open.add(() -> server.stop(0));
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/announce";
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static Handler redirect(String to) {
    return exchange -> {
      exchange.getResponseHeaders().add("Location", to);
      answer(exchange, 302, new byte[0]);
    };
  }

  @Test
  void overHttp() throws Exception {
    String url = http(exchange -> answer(exchange, 200, ANSWER));
    assertThat(ask(url).peers()).extracting(Object::toString).containsExactly("127.0.0.1:6881");
    assertThat(queries).singleElement().asString().startsWith("/announce?info_hash=%00%00");
  }

  @Test
  void aReasonBeneathAnErrorOfHttpIsRead() throws Exception {
    String url = http(exchange -> answer(exchange, 403, latin("d14:failure reason7:go awaye")));
    assertThatThrownBy(() -> ask(url)).hasMessage("it says: go away");
  }

  @Test
  void anErrorOfHttpIsNamed() throws Exception {
    String url = http(exchange -> answer(exchange, 404, latin("<html>")));
    assertThatThrownBy(() -> ask(url)).hasMessage("it answers with HTTP status 404");
  }

  @Test
  void whatIsNotHttpIsNamed() throws Exception {
    ServerSocket server = new ServerSocket(0, 10, HERE);
    open.add(server);
    Thread thread =
        new Thread(
            () -> {
              try (var socket = server.accept()) {
                socket.getOutputStream().write(latin("\33[2J hello\r\n\r\n"));
              } catch (IOException e) {
                // The test sees that there was no answer.
              }
            });
    thread.setDaemon(true);
    thread.start();
    assertThatThrownBy(() -> ask("http://127.0.0.1:" + server.getLocalPort() + "/announce"))
        .hasMessageStartingWith("it does not speak HTTP as it should")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\33"));
  }

  @Test
  void nobodyThere() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, HERE)) {
      port = server.getLocalPort();
    }
    assertThatThrownBy(() -> ask("http://127.0.0.1:" + port + "/announce"))
        .hasMessage("can't connect to it");
    assertThatThrownBy(() -> ask("http://no.such.host.invalid/announce"))
        .hasMessage("no address is known for its host");
  }

  /** What is behind the limit is not even read: the tracker would go on for ever. */
  @Test
  void aHugeAnswerIsCutOff() throws Exception {
    AtomicLong written = new AtomicLong();
    CompletableFuture<Void> cut = new CompletableFuture<>();
    String url =
        http(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              byte[] chunk = new byte[64 << 10];
              try {
                while (written.get() < 1L << 30) {
                  exchange.getResponseBody().write(chunk);
                  written.addAndGet(chunk.length);
                }
              } catch (IOException e) {
                cut.complete(null);
              }
            });
    assertThatThrownBy(() -> ask(url))
        .hasMessage("its answer is longer than " + HttpAnnounce.MAX_ANSWER + " bytes");
    cut.get(20, TimeUnit.SECONDS);
    assertThat(written.get()).isLessThan(64L << 20);
  }

  /** A byte now and then does not keep us for longer than the whole may take. */
  @Test
  void aSlowLorisIsGivenUp() throws Exception {
    CompletableFuture<Void> end = new CompletableFuture<>();
    open.add(() -> end.complete(null));
    String url =
        http(
            exchange -> {
              exchange.sendResponseHeaders(200, 1_000);
              exchange.getResponseBody().write('d');
              exchange.getResponseBody().flush();
              end.join();
            });
    TrackerClient hasty =
        new TrackerClient(group.next(), new SecureRandom()::nextBytes, "peerwire/test", 1);
    open.add(hasty);
    CompletableFuture<Reply> reply = hasty.ask(url, false, announce());
    assertThatThrownBy(() -> reply.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .satisfies(
            e -> assertThat(TrackerClient.told(e.getCause())).isEqualTo("it does not answer"));
  }

  @Test
  void redirectsAreFollowedAndNotForEver() throws Exception {
    String last = http(exchange -> answer(exchange, 200, ANSWER));
    String url = http(redirect(last + "?moved=1"));
    assertThat(ask(url).peers()).hasSize(1);
    assertThat(queries.get(1)).isEqualTo("/announce?moved=1");

    queries.clear();
    String loop = http(redirect("/again"));
    assertThatThrownBy(() -> ask(loop)).hasMessage("it redirects more than 5 times");
    assertThat(queries).hasSize(6);
    String nowhere = http(exchange -> answer(exchange, 301, new byte[0]));
    assertThatThrownBy(() -> ask(nowhere)).hasMessage("it redirects to nowhere");
  }

  @Test
  void T25_redirectsGoToHttpAndNeverInward() throws Exception {
    for (String to :
        List.of("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:6379/_x")) {
      String url = http(redirect(to));
      assertThatThrownBy(() -> ask(url)).hasMessage("it redirects to nowhere");
    }
    for (String to : List.of("http://169.254.169.254/secrets", "udp://127.0.0.1:6969")) {
      String url = http(redirect(to));
      assertThatThrownBy(() -> ask(url)).hasMessage("it redirects to where it may not");
    }
  }

  @Test
  void T25_whatIsNoTrackerOfThisMachineIsNotAsked() throws Exception {
    String url = http(exchange -> answer(exchange, 200, ANSWER)).replace("/announce", "/admin?x=1");
    assertThatThrownBy(() -> ask(url))
        .hasMessageStartingWith("it has no public address and is not asked");
    assertThatThrownBy(() -> ask("http://169.254.169.254/announce"))
        .hasMessageStartingWith("it has no public address and is not asked");
    assertThatThrownBy(() -> ask("file:///announce")).hasMessage("its address can't be used");
    assertThat(queries).isEmpty();
    assertThat(ask(url, true).peers()).hasSize(1);
  }

  /** A UDP tracker that is asked, and one that answers in its place from another port. */
  @Test
  void overUdpAndFromTheRightAddressOnly() throws Exception {
    DatagramSocket tracker = new DatagramSocket(0, HERE);
    DatagramSocket stranger = new DatagramSocket(0, HERE);
    open.add(tracker);
    open.add(stranger);
    AtomicLong lies = new AtomicLong();
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  DatagramPacket in = new DatagramPacket(new byte[2_048], 2_048);
                  tracker.receive(in);
                  ByteBuffer asked = ByteBuffer.wrap(in.getData(), 0, in.getLength());
                  int transaction = asked.getInt(12);
                  boolean connect = asked.getInt(8) == 0;
                  ByteBuffer lie =
                      connect
                          ? udp(0, transaction, 0, 666)
                          : udp(1, transaction, 900, 0, 0, 0x06060606, 0x1AE10000);
                  send(stranger, lie, lie.limit(), in);
                  lies.incrementAndGet();
                  // Neither does another transaction count.
                  send(tracker, udp(connect ? 0 : 1, transaction ^ 1, 0, 666, 0, 0, 0), 28, in);
                  if (connect) {
                    send(tracker, udp(0, transaction, 0, 777), 16, in);
                  } else if (asked.getLong(0) == 777) {
                    send(tracker, udp(1, transaction, 900, 1, 2, 0x7f000001, 0x1AE10000), 26, in);
                  }
                }
              } catch (IOException e) {
                // Closed: the test is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
    String url = "udp://127.0.0.1:" + tracker.getLocalPort() + "/announce";
    for (int i = 0; i < 2; i++) {
      TrackerAnswer answer = ask(url);
      assertThat(answer.interval()).isEqualTo(900);
      assertThat(answer.peers()).extracting(Object::toString).containsExactly("127.0.0.1:6881");
    }
    assertThat(lies.get()).as("connect, announce; announce").isEqualTo(3);
  }

  private static void send(DatagramSocket from, ByteBuffer packet, int length, DatagramPacket to)
      throws IOException {
    byte[] bytes = new byte[length];
    packet.get(bytes);
    from.send(new DatagramPacket(bytes, length, to.getSocketAddress()));
  }

  private static ByteBuffer udp(int... numbers) {
    ByteBuffer packet = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      packet.putInt(number);
    }
    return packet.flip();
  }
}
