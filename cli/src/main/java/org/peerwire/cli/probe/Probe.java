package org.peerwire.cli.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.Torrents;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/**
 * Asks one peer what it is, on the thread that calls {@link #run} and within a limit of time and of
 * bytes, whatever the other side does.
 *
 * <pre>
 *   Probe          dials, and makes the report
 *   Conversation   moves bytes between the socket and the wire
 *   Watcher        says what there is to say, and remembers what it hears
 * </pre>
 */
public final class Probe {
  /** How many of the first bytes are kept for the report. */
  public static final int FIRST_BYTES = 256;

  /** How much of the extension handshake is kept for the report, in bytes. */
  public static final int EXTENSION_SHOWN = 4096;

  private static final long POLL_MILLIS = 100;

  private final InfoHash infoHash;
  private final PeerId ownId;
  private final @Nullable PieceLayout layout;
  private final Duration limit;
  private final Stopwatch clock = new Stopwatch();
  private final MessageCounts messages;
  private final Watcher watcher;
  private final PeerWire wire;
  private final @Nullable MseTransport encrypted;
  private final Conversation conversation;
  private OptionalDouble connected = OptionalDouble.empty();

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
    this.limit = limit;
    messages = new MessageCounts(encryption != EncryptionPolicy.OFF);
    watcher = new Watcher(clock, layout, version, messages);
    // One limit for all: the wire's own are for those who have something better to do.
    wire = new PeerWire(watcher, WireOptions.builder().handshakeTimeout(limit, limit).build());
    if (encryption == EncryptionPolicy.OFF) {
      encrypted = null;
    } else {
      SecureRandom random = new SecureRandom();
      Mse mse = new Mse(MseOptions.of(encryption), Torrents.NONE, random::nextBytes);
      encrypted = mse.initiate(wire.transport(), infoHash);
      watcher.layer = encrypted;
    }
    conversation = new Conversation(clock, wire, encrypted, watcher, messages);
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
    clock.restart();
    long deadline = clock.at(0) + limit.toNanos();
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
        connected = OptionalDouble.of(clock.seconds());
        return report(address, conversation.run(channel, selector, deadline, interrupted));
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

  // ---------------------------------------------------------------- the report

  private ProbeReport report(InetSocketAddress address, String ending) {
    byte[] first = conversation.firstBytes();
    Optional<String> diagnosis =
        watcher.peerHandshake == null ? Optional.of(diagnosis(first, ending)) : Optional.empty();
    return new ProbeReport(
        address,
        connected,
        watcher.agreed,
        Optional.ofNullable(encryption()),
        watcher.handshaken,
        Optional.ofNullable(watcher.peerInfoHash),
        Optional.ofNullable(watcher.peerHandshake),
        watcher.told,
        Optional.ofNullable(watcher.have),
        watcher.unchoked,
        watcher.firstBlock,
        watcher.firstBlockLength,
        wire.peerChoking(),
        wire.peerInterested(),
        watcher.extended,
        Optional.ofNullable(wire.peerExtensions()),
        Optional.ofNullable(watcher.extensionHandshake),
        messages.all(),
        List.copyOf(watcher.violations),
        List.copyOf(watcher.notes),
        conversation.bytesRead,
        ByteBuffer.wrap(first).asReadOnlyBuffer(),
        ending,
        diagnosis);
  }

  private @Nullable Encryption encryption() {
    if (watcher.peerHandshake == null) {
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
      return conversation.peerEnded
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
    watcher.peerInfoHash = hash;
    return hash.equals(infoHash) ? null : hash;
  }
}
