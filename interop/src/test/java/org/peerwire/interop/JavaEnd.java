package org.peerwire.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.Pieces;
import org.peerwire.ViolationReport;
import org.peerwire.channel.WirePipe;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Transport;
import org.peerwire.wire.WireTransport;

/**
 * Our end of a connection to a node module: a wire on a blocking pipe, with or without a layer
 * between, and a line for each event.
 */
final class JavaEnd implements PeerListener, Scene.Belonging {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PeerWire wire = new PeerWire(this);
  private final SocketChannel channel;
  private final WirePipe pipe;
  private final Thread thread;
  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile @Nullable String unanswered;

  private JavaEnd(SocketChannel channel, Layer layer, Consumer<JavaEnd> first) {
    this.channel = channel;
    first.accept(this);
    Transport transport = layer.over(wire.transport());
    pipe = new WirePipe(channel, channel, transport, Thread::new);
    thread = new Thread(pipe::run, "java-end");
    thread.start();
  }

  static JavaEnd connect(Scene scene, InetSocketAddress address) throws Exception {
    return connect(scene, address, wire -> wire, end -> {});
  }

  /** Connects; {@code first} is done before the first byte. */
  static JavaEnd connect(
      Scene scene, InetSocketAddress address, Layer layer, Consumer<JavaEnd> first)
      throws Exception {
    return scene.own(new JavaEnd(SocketChannel.open(address), layer, first));
  }

  /** Listens while {@code dial} makes the other side connect. */
  static JavaEnd accept(Scene scene, Dial dial) throws Exception {
    return accept(scene, dial, wire -> wire, end -> {});
  }

  /** As {@link #accept(Scene, Dial)}; {@code first} is done before the first byte. */
  static JavaEnd accept(Scene scene, Dial dial, Layer layer, Consumer<JavaEnd> first)
      throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(Loopback.address(0))) {
      dial.dial((InetSocketAddress) server.getLocalAddress());
      return scene.own(new JavaEnd(server.accept(), layer, first));
    }
  }

  /** What lies between the connection and the wire. */
  interface Layer {
    Transport over(WireTransport wire);
  }

  interface Dial {
    void dial(InetSocketAddress address) throws Exception;
  }

  PeerWire wire() {
    return wire;
  }

  /** Something happened that no listener of a wire hears. */
  void saw(String event) {
    events.add(event);
  }

  /** Calls verbs. */
  void tell(Consumer<PeerWire> verbs) {
    pipe.execute(() -> verbs.accept(wire));
  }

  /** Reads the state. */
  <T> T ask(Function<PeerWire, T> question) throws Exception {
    CompletableFuture<T> answer = new CompletableFuture<>();
    pipe.execute(() -> answer.complete(question.apply(wire)));
    return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits for an event, and takes it. */
  void await(String event) {
    Await.until("java sees " + event + " among " + events, PATIENCE, () -> events.remove(event));
  }

  /** The events that nobody took. */
  List<String> unseen() {
    return List.copyOf(events);
  }

  /** Waits for the request that is to be answered by hand. */
  void awaitUnanswered(String request) {
    Await.until("java is asked for " + request, PATIENCE, () -> request.equals(unanswered));
  }

  @Override
  public void close() {
    try {
      channel.close();
      thread.join(PATIENCE.toMillis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onHandshake(PeerWire wire, Handshake handshake) {
    events.add("handshake " + handshake.infoHash() + " " + handshake.features());
  }

  @Override
  public void onKeepAlive(PeerWire wire) {
    events.add("keep-alive");
  }

  @Override
  public void onChoke(PeerWire wire) {
    events.add("choke");
  }

  @Override
  public void onUnchoke(PeerWire wire) {
    events.add("unchoke");
  }

  @Override
  public void onInterested(PeerWire wire) {
    events.add("interested");
  }

  @Override
  public void onNotInterested(PeerWire wire) {
    events.add("not interested");
  }

  @Override
  public void onHave(PeerWire wire, int piece) {
    events.add("have " + piece);
  }

  @Override
  public void onBitfield(PeerWire wire, Pieces pieces) {
    StringBuilder line = new StringBuilder("bitfield");
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      line.append(' ').append(piece);
    }
    events.add(line.toString());
  }

  @Override
  public void onRequest(PeerWire wire, int piece, int begin, int length) {
    unanswered = piece + " " + begin + " " + length;
  }

  @Override
  public void onCancel(PeerWire wire, int piece, int begin, int length) {
    events.add("cancel " + piece + " " + begin + " " + length);
  }

  @Override
  public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
    byte[] bytes = new byte[block.remaining()];
    block.get(bytes);
    events.add("piece " + piece + " " + begin + " " + NodePeer.sha1(bytes));
  }

  @Override
  public void onReject(PeerWire wire, int piece, int begin, int length) {
    events.add("reject " + piece + " " + begin + " " + length);
  }

  @Override
  public void onSuggestPiece(PeerWire wire, int piece) {
    events.add("suggest " + piece);
  }

  @Override
  public void onAllowedFast(PeerWire wire, int piece) {
    events.add("allowed fast " + piece);
  }

  @Override
  public void onPort(PeerWire wire, int port) {
    events.add("port " + port);
  }

  @Override
  public void onExtended(PeerWire wire, int extendedId, ByteBuffer payload) {
    events.add("extended " + extendedId + " of " + payload.remaining() + " bytes");
  }

  @Override
  public void onViolation(PeerWire wire, ViolationReport report) {
    events.add("violation " + report);
  }

  @Override
  public void onClose(PeerWire wire, CloseCause cause) {
    events.add("close: " + cause);
  }
}
