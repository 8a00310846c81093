package org.peerwire.cli.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.ViolationReport;
import org.peerwire.frame.FrameException;
import org.peerwire.frame.FrameReader;
import org.peerwire.frame.Message;
import org.peerwire.frame.MessageSink;
import org.peerwire.frame.OutputSink;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.Torrents;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Transport;
import org.peerwire.wire.WireOptions;

/**
 * Asks one peer what it is, on the thread that calls {@link #run} and within a limit of time and of
 * bytes, whatever the other side does.
 *
 * <p>It says as little as a polite peer can: handshake, extension handshake, that it has nothing,
 * that it is interested; and if the layout of the torrent is known, it asks for one block.
 */
public final class Probe {
  /** How many of the first bytes are kept for the report. */
  public static final int FIRST_BYTES = 256;

  /** How much of the extension handshake is kept for the report, in bytes. */
  public static final int EXTENSION_SHOWN = 4096;

  /** Nothing is read beyond. */
  static final long MAX_BYTES = 1 << 20;

  private static final int MAX_KINDS = 64;
  private static final int MAX_VIOLATIONS = 20;

  /** How long to watch a peer that has shaken hands. */
  private static final long WATCH_NANOS = Duration.ofSeconds(3).toNanos();

  /** All that is asked for has been seen; what else comes in this time is still counted. */
  private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();

  /** How long to wait for more, to tell what else speaks there. */
  private static final long STRANGER_NANOS = Duration.ofMillis(300).toNanos();

  private static final long POLL_MILLIS = 100;

  /**
   * Servers that speak in lines wait for the end of one. Who has not answered our handshake until
   * shortly before we leave gets it, and tells what it is.
   */
  private static final byte[] NUDGE = {'\r', '\n', '\r', '\n'};

  private static final long NUDGE_NANOS = Duration.ofMillis(800).toNanos();

  private final InfoHash infoHash;
  private final PeerId ownId;
  private final @Nullable PieceLayout layout;
  private final String version;
  private final PeerWire wire;
  private final Transport transport;
  private final @Nullable MseTransport encrypted;
  private final Deque output = new Deque();
  private final Duration limit;
  private long start = System.nanoTime();

  private final FrameReader observer = new FrameReader(WireOptions.DEFAULT.frames());
  private final MessageSink kinds = new MessageSink(this::seen);
  private final Map<String, Integer> messages = new LinkedHashMap<>();
  private boolean observing;

  private final ByteArrayOutputStream firstBytes = new ByteArrayOutputStream();
  private long bytesRead;
  private OptionalDouble connected = OptionalDouble.empty();
  private OptionalDouble handshaken = OptionalDouble.empty();
  private OptionalDouble unchoked = OptionalDouble.empty();
  private OptionalDouble firstBlock = OptionalDouble.empty();
  private int firstBlockLength;
  private @Nullable InfoHash peerInfoHash;
  private @Nullable Handshake peerHandshake;
  private ProbeReport.@Nullable Have have;
  private byte @Nullable [] extensionHandshake;
  private final List<String> violations = new ArrayList<>();
  private @Nullable CloseCause closeCause;
  private boolean requested;
  private boolean peerEnded;

  /**
   * A probe that has not begun.
   *
   * @param layout of the torrent, if it is known
   * @param version of this program, which the extension handshake tells
   * @param limit how long all of it may take
   * @param encryption whether to ask for encryption; there is no second try without it
   */
  public Probe(
      InfoHash infoHash,
      PeerId ownId,
      @Nullable PieceLayout layout,
      String version,
      Duration limit,
      EncryptionPolicy encryption) {
    this.infoHash = infoHash;
    this.ownId = ownId;
    this.layout = layout;
    this.version = version;
    this.limit = limit;
    // One limit for all: the wire's own are for those who have something better to do.
    WireOptions options = WireOptions.builder().handshakeTimeout(limit, limit).build();
    this.wire = new PeerWire(new Watcher(), options);
    if (encryption == EncryptionPolicy.OFF) {
      encrypted = null;
      transport = wire.transport();
    } else {
      SecureRandom random = new SecureRandom();
      Mse mse = new Mse(MseOptions.of(encryption), Torrents.NONE, random::nextBytes);
      encrypted = mse.initiate(wire.transport(), infoHash);
      transport = encrypted;
    }
    // What is encrypted can't be looked at on its way; the wire's events tell most of it.
    observing = encrypted == null;
  }

  /** What waits to be sent: the wire's memory is copied, as it is only a few bytes. */
  private static final class Deque implements OutputSink {
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();

    @Override
    public void control(ByteBuffer bytes) {
      buffers.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
    }

    @Override
    public void block(ByteBuffer block) {
      throw new IllegalStateException("a probe serves nothing");
    }

    @Override
    public void region(BlockRegion region, int offset, int length) {
      throw new IllegalStateException("a probe serves nothing");
    }
  }

  /**
   * Probes.
   *
   * @param addresses of the peer, tried one after the other until one can be connected to
   * @param interrupted asked now and then whether to end early
   */
  public ProbeReport run(InetSocketAddress[] addresses, BooleanSupplier interrupted)
      throws IOException {
    // All that is only ours is done before the clock starts.
    wire.handshake(infoHash, ownId);
    if (layout != null) {
      wire.layout(layout);
    }
    SocketChannel.open().close();
    start = System.nanoTime();
    long deadline = start + limit.toNanos();
    String refusal = "no address";
    InetSocketAddress address = addresses[addresses.length - 1];
    for (int i = 0; i < addresses.length && !interrupted.getAsBoolean(); i++) {
      address = addresses[i];
      // A share each: the first of several may swallow everything.
      long now = System.nanoTime();
      long share = now + (deadline - now) / (addresses.length - i);
      try (Selector selector = Selector.open();
          SocketChannel channel = SocketChannel.open()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        String problem = connect(channel, selector, address, share, interrupted);
        if (problem != null) {
          refusal = problem;
          continue;
        }
        connected = OptionalDouble.of(seconds());
        return report(address, converse(channel, selector, deadline, interrupted));
      }
    }
    return report(address, refusal);
  }

  /** Whether encryption failed, and the policy allows for another probe without it. */
  public boolean mayRetryInPlaintext() {
    return encrypted != null && encrypted.mayRetryInPlaintext();
  }

  private static @Nullable String connect(
      SocketChannel channel,
      Selector selector,
      InetSocketAddress address,
      long deadline,
      BooleanSupplier interrupted) {
    try {
      if (channel.connect(address)) {
        return null;
      }
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
      while (System.nanoTime() < deadline && !interrupted.getAsBoolean()) {
        selector.select(POLL_MILLIS);
        if (channel.finishConnect()) {
          key.cancel();
          selector.selectNow();
          return null;
        }
      }
      return "no answer: nothing is there, or a firewall drops the packets";
    } catch (IOException e) {
      String message = e.getMessage();
      return "can't connect: " + (message == null ? e.getClass().getSimpleName() : message);
    }
  }

  /** Returns how it ended. */
  private String converse(
      SocketChannel channel, Selector selector, long deadline, BooleanSupplier interrupted)
      throws IOException {
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    ByteBuffer input = ByteBuffer.allocate(16 << 10);
    long end = deadline;
    long lastByte = System.nanoTime();
    boolean stranger = false;
    boolean nudged = false;
    while (true) {
      long now = System.nanoTime();
      if (interrupted.getAsBoolean()) {
        return "interrupted";
      }
      if (transport.nanosUntilTimeout(now) == 0) {
        transport.timeout(now);
      }
      if (!stranger && wire.isClosed()) {
        if (peerHandshake != null || peerEnded) {
          return ending();
        }
        // Something else speaks there. A little more of it helps to tell what.
        stranger = true;
        end = Math.min(end, now + STRANGER_NANOS);
      }
      if (handshaken.isPresent()) {
        end = Math.min(end, start + (long) (handshaken.getAsDouble() * 1e9) + WATCH_NANOS);
        if (sawAll() && now - lastByte > QUIET_NANOS) {
          return "we left: all was seen";
        }
      }
      if (now >= end) {
        return handshaken.isPresent()
            ? "we left after watching"
            : stranger ? ending() : "we left: the time is up";
      }
      try {
        if (!nudged
            && encrypted == null
            && bytesRead == 0
            && now >= end - NUDGE_NANOS
            && output.buffers.isEmpty()) {
          nudged = true;
          channel.write(ByteBuffer.wrap(NUDGE));
        }
        if (!write(channel)) {
          key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        } else {
          key.interestOps(SelectionKey.OP_READ);
        }
        selector.select(POLL_MILLIS);
        selector.selectedKeys().clear();
        input.clear().limit((int) Math.min(input.capacity(), MAX_BYTES - bytesRead));
        int count = channel.read(input);
        if (count < 0) {
          peerEnded = true;
          transport.endOfInput(System.nanoTime());
          return ending();
        }
        if (count > 0) {
          lastByte = System.nanoTime();
          received(input.flip());
        }
        if (bytesRead >= MAX_BYTES) {
          return "we left: " + MAX_BYTES + " bytes are enough";
        }
      } catch (IOException e) {
        String message = e.getMessage();
        transport.failed(
            message == null ? e.getClass().getSimpleName() : message, System.nanoTime());
        peerEnded = true;
        return ending();
      }
    }
  }

  private boolean write(SocketChannel channel) throws IOException {
    long now = System.nanoTime();
    transport.drainTo(output, Integer.MAX_VALUE);
    while (!output.buffers.isEmpty()) {
      ByteBuffer next = output.buffers.element();
      transport.sent(channel.write(next), now);
      if (next.hasRemaining()) {
        return false;
      }
      output.buffers.remove();
    }
    return true;
  }

  private void received(ByteBuffer input) {
    bytesRead += input.remaining();
    byte[] kept = new byte[Math.min(input.remaining(), FIRST_BYTES - firstBytes.size())];
    input.duplicate().get(kept);
    firstBytes.writeBytes(kept);
    if (observing) {
      try {
        observer.read(input.duplicate(), kinds);
      } catch (FrameException e) {
        // The wire finds the same and says so.
        observing = false;
      }
    }
    transport.receive(input, System.nanoTime());
  }

  private void seen(Message message) {
    String name =
        message instanceof Message.Unknown unknown
            ? "unknown (" + unknown.id() + ")"
            : message instanceof Message.Extended extended
                ? extended.extendedId() == 0
                    ? "extension handshake"
                    : "extended (" + extended.extendedId() + ")"
                : words(message.getClass().getSimpleName());
    if (messages.size() < MAX_KINDS || messages.containsKey(name)) {
      messages.merge(name, 1, Integer::sum);
    }
  }

  /** As {@link #seen}, by the wire's events. */
  private void heard(String name) {
    if (encrypted != null) {
      messages.merge(name, 1, Integer::sum);
    }
  }

  /** {@code NotInterested} as the specification writes it. */
  private static String words(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
  }

  private boolean sawAll() {
    boolean extensions = extensionHandshake != null || !wire.supports(Feature.EXTENSION_PROTOCOL);
    boolean block = layout == null ? unchoked.isPresent() : firstBlock.isPresent();
    return have != null && extensions && block;
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  private String ending() {
    CloseCause cause = closeCause;
    return cause == null ? "closed by the peer" : cause.toString();
  }

  private ProbeReport report(InetSocketAddress address, String ending) {
    byte[] first = firstBytes.toByteArray();
    Optional<String> diagnosis =
        peerHandshake == null ? Optional.of(diagnosis(first, ending)) : Optional.empty();
    return new ProbeReport(
        address,
        connected,
        handshaken,
        Optional.ofNullable(encryption()),
        Optional.ofNullable(peerInfoHash),
        Optional.ofNullable(peerHandshake),
        Optional.ofNullable(have),
        unchoked,
        firstBlock,
        firstBlockLength,
        wire.peerChoking(),
        wire.peerInterested(),
        Optional.ofNullable(extensionHandshake),
        Collections.unmodifiableMap(messages),
        List.copyOf(violations),
        bytesRead,
        ByteBuffer.wrap(first).asReadOnlyBuffer(),
        ending,
        diagnosis);
  }

  private @Nullable Encryption encryption() {
    if (peerHandshake == null) {
      return null;
    }
    return encrypted == null ? Encryption.NONE : encrypted.encryption();
  }

  private String diagnosis(byte[] first, String ending) {
    if (connected.isEmpty()) {
      return ending;
    }
    if (encrypted != null && encrypted.encryption() == null) {
      return "the other side did not agree to encryption, or does not have this torrent: "
          + (first.length == 0 ? ending : "it " + FirstBytes.describe(first));
    }
    if (first.length == 0) {
      return peerEnded
          ? "the other side took our handshake and closed without a word: it does not have this"
              + " torrent, wants encryption, has no room, or is no BitTorrent client"
          : "the other side accepts connections and says nothing";
    }
    InfoHash other = foreignInfoHash(first);
    if (other != null) {
      return "the other side speaks BitTorrent and answers with another torrent, " + other;
    }
    return "the other side " + FirstBytes.describe(first);
  }

  private @Nullable InfoHash foreignInfoHash(byte[] first) {
    if (!FirstBytes.isBitTorrent(first) || first.length < 48) {
      return null;
    }
    InfoHash hash = InfoHash.readFrom(ByteBuffer.wrap(first, 28, InfoHash.LENGTH));
    peerInfoHash = hash;
    return hash.equals(infoHash) ? null : hash;
  }

  private final class Watcher implements PeerListener {
    @Override
    public void onInfoHash(PeerWire peer, InfoHash hash, long reserved) {
      peerInfoHash = hash;
    }

    @Override
    public void onHandshake(PeerWire peer, Handshake handshake) {
      handshaken = OptionalDouble.of(seconds());
      peerHandshake = handshake;
      if (peer.supports(Feature.FAST)) {
        // With it, a peer has to begin by saying what it has.
        peer.bitfield(new PieceSet(0));
      }
      if (peer.supports(Feature.EXTENSION_PROTOCOL)) {
        String own = "d1:mde1:v" + version.length() + ":" + version + "e";
        peer.extended(0, ByteBuffer.wrap(own.getBytes(StandardCharsets.ISO_8859_1)));
      }
      peer.interested();
    }

    @Override
    public void onBitfield(PeerWire peer, Pieces pieces) {
      heard(pieces.isFull() ? "have all" : pieces.isEmpty() ? "have none" : "bitfield");
      countHave(pieces);
    }

    @Override
    public void onChoke(PeerWire peer) {
      heard("choke");
    }

    @Override
    public void onInterested(PeerWire peer) {
      heard("interested");
    }

    @Override
    public void onNotInterested(PeerWire peer) {
      heard("not interested");
    }

    @Override
    public void onAllowedFast(PeerWire peer, int piece) {
      heard("allowed fast");
    }

    @Override
    public void onPort(PeerWire peer, int port) {
      heard("port");
    }

    @Override
    public void onHave(PeerWire peer, int piece) {
      heard("have");
      countHave(peer.peerPieces());
    }

    private void countHave(Pieces pieces) {
      boolean all = pieces.isFull();
      have =
          new ProbeReport.Have(
              all && pieces.size() < 0 ? Integer.MAX_VALUE : pieces.count(),
              layout != null ? layout.pieceCount() : pieces.size());
    }

    @Override
    public void onUnchoke(PeerWire peer) {
      heard("unchoke");
      if (unchoked.isEmpty()) {
        unchoked = OptionalDouble.of(seconds());
      }
      int piece = peer.peerPieces().next(0);
      if (layout != null && !requested && piece >= 0) {
        requested = true;
        int length = Math.min(Block.LENGTH, layout.pieceLength(piece));
        peer.request(piece, 0, length, null);
      }
    }

    @Override
    public void onPiece(PeerWire peer, int piece, int begin, ByteBuffer block) {
      heard("piece");
      if (firstBlock.isEmpty()) {
        firstBlock = OptionalDouble.of(seconds());
        firstBlockLength = block.remaining();
      }
    }

    @Override
    public void onExtended(PeerWire peer, int extendedId, ByteBuffer payload) {
      heard(extendedId == 0 ? "extension handshake" : "extended (" + extendedId + ")");
      if (extendedId == 0 && extensionHandshake == null) {
        byte[] shown = new byte[Math.min(EXTENSION_SHOWN, payload.remaining())];
        payload.get(shown);
        extensionHandshake = shown;
      }
    }

    @Override
    public void onViolation(PeerWire peer, ViolationReport report) {
      if (violations.size() < MAX_VIOLATIONS) {
        violations.add(report.toString());
      }
    }

    @Override
    public void onClose(PeerWire peer, CloseCause cause) {
      closeCause = cause;
    }
  }
}
