package org.peerwire.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Violation;
import org.peerwire.client.net.Host;
import org.peerwire.client.net.Network;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.MseTransport;
import org.peerwire.netty.IncomingPeer;
import org.peerwire.swarm.merkle.LayerFetch;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * What comes between the info dictionary of a v2 torrent and its transfer: asks peers for the piece
 * layers, which stand outside of it and without which nothing can be verified. All connections name
 * the v2 info-hash, since that is what allows such questions. It ends as a {@link MetadataSession}
 * does.
 *
 * <p>A hybrid torrent can do without: if no peer gives them within a few seconds, its v1 hashes are
 * what is checked.
 *
 * <p>Everything belongs to the event loop, unless it says otherwise.
 */
// Netty's futures of timers tell nothing.
@SuppressWarnings("FutureReturnValueIgnored")
final class LayerSession implements Host, Session {
  private static final int MAX_CONNECTIONS = 16;
  private static final int TRIES = 3;
  private static final long HEARTBEAT_SECONDS = 1;
  private static final Duration OF_HYBRID = Duration.ofSeconds(10);

  /** How long connections may take to end in good order. */
  private static final long LINGER_SECONDS = 2;

  private final Client client;
  private final Network network;
  private final EventLoop loop;
  private final Metainfo torrent;
  private final InfoHash infoHash;
  private final PieceLayout layout;
  private final Duration timeout;
  private final Consumer<String> warning;
  private final LayerFetch fetch;
  private final CompletableFuture<Metainfo> completion = new CompletableFuture<>();

  private final Queue<InetSocketAddress> toDial = new ArrayDeque<>();
  private final Map<InetSocketAddress, Integer> tries = new HashMap<>();
  private final Set<Peer> peers = new LinkedHashSet<>();
  private int dialling;
  private int waiting;
  private int connections;
  private boolean ending;
  private @Nullable Metainfo result;
  private @Nullable Exception failure;
  private @Nullable ScheduledFuture<?> heartbeat;
  private @Nullable ScheduledFuture<?> deadline;

  LayerSession(Client client, Metainfo torrent, Duration timeout, Consumer<String> warning) {
    this.client = client;
    this.torrent = torrent;
    this.warning = warning;
    network = client.network();
    loop = network.loop();
    infoHash = torrent.infoHashV2().orElseThrow().truncated();
    layout = torrent.layout();
    fetch = new LayerFetch(torrent.missingLayers(), torrent.pieceLength());
    boolean hurried = timeout.isZero() || timeout.compareTo(OF_HYBRID) > 0;
    this.timeout = torrent.version().hasV1() && hurried ? OF_HYBRID : timeout;
  }

  // ---------------------------------------------------------------- for any thread

  /**
   * Goes on to the layers when the metadata is there. To cancel what is returned cancels what is
   * under way.
   */
  static CompletableFuture<Metainfo> after(
      CompletableFuture<Metainfo> metadata,
      Function<Metainfo, CompletableFuture<Metainfo>> layers) {
    CompletableFuture<Metainfo> whole = new CompletableFuture<>();
    cancelTogether(whole, metadata);
    metadata
        .thenCompose(
            torrent -> {
              CompletableFuture<Metainfo> next = layers.apply(torrent);
              cancelTogether(whole, next);
              return next;
            })
        .whenComplete(
            (torrent, e) -> {
              if (e == null) {
                whole.complete(torrent);
              } else {
                Throwable cause = e.getCause();
                boolean wrapped = e instanceof CompletionException && cause != null;
                whole.completeExceptionally(wrapped ? cause : e);
              }
            });
    return whole;
  }

  private static void cancelTogether(
      CompletableFuture<Metainfo> whole, CompletableFuture<Metainfo> part) {
    whole.whenComplete(
        (torrent, e) -> {
          if (whole.isCancelled()) {
            part.cancel(true);
          }
        });
  }

  CompletableFuture<Metainfo> begin(Collection<InetSocketAddress> addresses) {
    List<InetSocketAddress> all = List.copyOf(new LinkedHashSet<>(addresses));
    onLoop(
        () -> {
          network.add(infoHash, this);
          toDial.addAll(all);
          heartbeat =
              loop.scheduleAtFixedRate(
                  () -> fetch.tick(network.now()),
                  HEARTBEAT_SECONDS,
                  HEARTBEAT_SECONDS,
                  TimeUnit.SECONDS);
          if (!timeout.isZero()) {
            deadline =
                loop.schedule(
                    () -> fail("not within " + timeout.toSeconds() + " s"),
                    timeout.toNanos(),
                    TimeUnit.NANOSECONDS);
          }
          proceed();
        });
    CompletableFuture<Metainfo> told = completion.copy();
    told.whenComplete(
        (metainfo, e) -> {
          if (told.isCancelled()) {
            stop();
          }
        });
    return told;
  }

  @Override
  public void stop() {
    onLoop(
        () -> end(null, new TransferException(TransferException.Reason.STOPPED, "it was stopped")));
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The client is closed.
      completion.completeExceptionally(
          new TransferException(TransferException.Reason.STOPPED, "the client was closed", e));
    }
  }

  // ---------------------------------------------------------------- peers

  private void proceed() {
    while (!ending && dialling + connections < MAX_CONNECTIONS && !toDial.isEmpty()) {
      InetSocketAddress address = toDial.remove();
      dialling++;
      int attempt = tries.merge(address, 1, Integer::sum);
      network.dial(
          address,
          this,
          isEncrypted(attempt),
          why -> {
            dialling--;
            again(address);
          });
    }
    boolean mayCome = network.listenAddress().isPresent();
    if (!mayCome && toDial.isEmpty() && dialling + waiting == 0 && peers.isEmpty()) {
      fail("no peer has them");
    }
  }

  private boolean isEncrypted(int attempt) {
    EncryptionPolicy policy = network.encryption();
    return policy == EncryptionPolicy.REQUIRE
        || (policy == EncryptionPolicy.PREFER && attempt % 2 == 1);
  }

  private void again(InetSocketAddress address) {
    if (!ending && tries.getOrDefault(address, TRIES) < TRIES) {
      waiting++;
      loop.schedule(
          () -> {
            waiting--;
            toDial.add(address);
            proceed();
          },
          HEARTBEAT_SECONDS,
          TimeUnit.SECONDS);
    }
    proceed();
  }

  @Override
  public @Nullable PeerWire dialled(InetSocketAddress address) {
    dialling--;
    if (ending) {
      return null;
    }
    Peer peer = new Peer(address, true);
    PeerWire wire = new PeerWire(peer, Network.WIRE);
    begin(peer, wire);
    wire.handshake(infoHash, client.peerId());
    return wire;
  }

  @Override
  public @Nullable PeerListener greeted(IncomingPeer incoming, InetSocketAddress address) {
    if (ending || connections >= MAX_CONNECTIONS) {
      return null;
    }
    Peer peer = new Peer(address, false);
    begin(peer, incoming.wire());
    return peer;
  }

  private void begin(Peer peer, PeerWire wire) {
    connections++;
    peers.add(peer);
    peer.wire = wire;
    wire.layout(layout);
    wire.extensionHandshake(ExtensionHandshake.builder().v(client.name()).build());
  }

  @Override
  public void encrypts(InetSocketAddress address, MseTransport layer) {}

  @Override
  public InfoHash infoHash() {
    return infoHash;
  }

  @Override
  public void disconnected() {
    connections--;
    settle();
  }

  @Override
  public void beforeInput() {}

  @Override
  public void afterInput() {}

  // ---------------------------------------------------------------- end

  private void completeIfDone() {
    if (!fetch.isComplete() || ending) {
      return;
    }
    try {
      end(torrent.withPieceLayers(fetch.layers()), null);
    } catch (MetainfoException e) {
      // Each part was proved.
      end(null, e);
    }
  }

  private void fail(String why) {
    String sentence = "the hashes of the pieces did not come: " + why;
    if (!torrent.version().hasV1()) {
      end(null, new TransferException(TransferException.Reason.NO_METADATA, sentence));
    } else if (!ending) {
      warning.accept(sentence + "; only the v1 hashes are checked");
      end(torrent, null);
    }
  }

  private void end(@Nullable Metainfo metainfo, @Nullable Exception why) {
    if (ending) {
      return;
    }
    ending = true;
    result = metainfo;
    failure = why;
    network.remove(infoHash, this);
    for (ScheduledFuture<?> timer : new ScheduledFuture<?>[] {heartbeat, deadline}) {
      if (timer != null) {
        timer.cancel(false);
      }
    }
    for (Peer peer : List.copyOf(peers)) {
      peer.close();
    }
    loop.schedule(this::tell, LINGER_SECONDS, TimeUnit.SECONDS);
    settle();
  }

  private void settle() {
    if (ending && connections == 0) {
      tell();
    }
  }

  private void tell() {
    client.ended(this);
    Metainfo metainfo = result;
    if (metainfo != null) {
      completion.complete(metainfo);
    } else if (failure != null) {
      completion.completeExceptionally(failure);
    }
  }

  /** One connection. */
  private final class Peer implements PeerListener {
    private final InetSocketAddress address;
    private final boolean outgoing;
    private @Nullable PeerWire wire;
    private LayerFetch.@Nullable Source source;

    Peer(InetSocketAddress address, boolean outgoing) {
      this.address = address;
      this.outgoing = outgoing;
    }

    void close() {
      PeerWire ours = wire;
      if (ours != null && !ours.isClosed()) {
        ours.close();
      }
    }

    @Override
    public void onInfoHash(PeerWire from, InfoHash named, long reserved) {
      if (!outgoing) {
        from.handshake(infoHash, client.peerId());
      }
    }

    @Override
    public void onHandshake(PeerWire from, Handshake handshake) {
      from.bitfield(new PieceSet(layout.pieceCount()));
      // Who is unchoked may ask for more.
      from.interested();
      source = fetch.join(from, network.now());
    }

    @Override
    public void onHashes(PeerWire from, HashRange range, ByteBuffer hashes) {
      if (source != null && !ending) {
        source.hashes(range, hashes, network.now());
        completeIfDone();
      }
    }

    @Override
    public void onHashReject(PeerWire from, HashRange range) {
      if (source != null && !ending) {
        source.rejected(range, network.now());
        if (source.isUseless()) {
          tries.put(address, TRIES);
          close();
        }
      }
    }

    @Override
    public void onClose(PeerWire from, CloseCause cause) {
      peers.remove(this);
      if (source != null) {
        source.left(network.now());
      }
      if (cause instanceof CloseCause.Violated violated
          && violated.report().violation() == Violation.HASH_PROOF) {
        tries.put(address, TRIES);
        warning.accept(Addresses.text(address) + " sent hashes of something else");
      }
      if (outgoing) {
        again(address);
      } else if (!ending) {
        proceed();
      }
    }
  }
}
