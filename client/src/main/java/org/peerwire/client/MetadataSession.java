package org.peerwire.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerAddress;
import org.peerwire.PieceSet;
import org.peerwire.Violation;
import org.peerwire.client.net.Host;
import org.peerwire.client.net.Network;
import org.peerwire.client.tracker.Announcing;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.metadata.MetadataFetch;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.mse.MseTransport;
import org.peerwire.netty.IncomingPeer;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;
import org.peerwire.swarm.tracker.Announce;
import org.peerwire.swarm.tracker.TrackerStatus;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * What comes before a transfer when there is only a magnet link: asks peers for the info
 * dictionary. It ends when the right one is there, when no peer is left that could have it, or when
 * the time is over; and only then, when all its connections have ended, so that the transfer may
 * dial the same peers.
 *
 * <p>Everything belongs to the event loop, unless it says otherwise.
 */
// Netty's futures of timers tell nothing.
@SuppressWarnings("FutureReturnValueIgnored")
final class MetadataSession implements Host, Session {
  private static final int MAX_DIALLING = 16;
  private static final int MAX_CONNECTIONS = 64;

  /** How many peers are asked in all; honest ones have the metadata of any torrent. */
  private static final int MAX_KNOWN = 1_000;

  /** How often a peer is dialled, as it may be busy, or about to begin. */
  private static final int TRIES = 3;

  private static final long BETWEEN_TRIES_SECONDS = 1;

  /** How long connections may take to end in good order. */
  private static final long LINGER_SECONDS = 2;

  /** How many peers a failure names. */
  private static final int NAMED = 3;

  private final Client client;
  private final Network network;
  private final EventLoop loop;
  private final MagnetLink magnet;
  private final InfoHash infoHash;
  private final Announcing announcing;
  private final boolean announces;
  private final Duration timeout;
  private final Consumer<String> warning;
  private final MetadataFetch fetch;
  private final CompletableFuture<Metainfo> completion = new CompletableFuture<>();

  private final Queue<InetSocketAddress> toDial = new ArrayDeque<>();
  private final Map<InetSocketAddress, Integer> tries = new HashMap<>();
  private final Set<InetSocketAddress> hopeless = new HashSet<>();
  private final Set<Peer> peers = new LinkedHashSet<>();
  private final Map<UtMetadata, Peer> byHandle = new HashMap<>();

  /** Of each peer, why it has not given the metadata. */
  private final Map<InetSocketAddress, String> lastWords = new LinkedHashMap<>();

  private int dialling;
  private int waitingToDial;
  private int connections;
  private boolean ending;
  private boolean farewelled;
  private @Nullable Metainfo result;
  private @Nullable Exception failure;
  private @Nullable ScheduledFuture<?> deadline;

  MetadataSession(
      Client client,
      MagnetLink magnet,
      PeerSources sources,
      Duration timeout,
      Consumer<String> warning) {
    this.client = client;
    this.magnet = magnet;
    this.timeout = timeout;
    this.warning = warning;
    network = client.network();
    loop = network.loop();
    infoHash = magnet.infoHash();
    List<List<String>> tiers = sources.ownTrackers() ? List.of(magnet.trackers()) : List.of();
    announcing =
        new Announcing(
            client.trackers(),
            new Announced(),
            tiers,
            sources.trackers(),
            infoHash,
            client.peerId(),
            network.listenAddress().map(InetSocketAddress::getPort).orElse(0),
            client.random()::nextBytes);
    announces = !announcing.status().isEmpty();
    MetadataFetch.Listener listener = new Verdict();
    fetch =
        magnet
            .infoHashV1()
            .map(hash -> MetadataFetch.sha1(hash, MetadataFetch.DEFAULT_MAX_SIZE, listener))
            .orElseGet(
                () ->
                    MetadataFetch.sha256(
                        magnet.infoHashV2().orElseThrow().toBytes(),
                        MetadataFetch.DEFAULT_MAX_SIZE,
                        listener));
  }

  // ---------------------------------------------------------------- for any thread

  CompletableFuture<Metainfo> begin(Collection<InetSocketAddress> addresses) {
    List<InetSocketAddress> all = List.copyOf(new LinkedHashSet<>(addresses));
    CompletableFuture<Metainfo> told = completion.copy();
    told.whenComplete(
        (metainfo, e) -> {
          if (told.isCancelled()) {
            stop();
          }
        });
    onLoop(
        () -> {
          // A transfer of it that runs already gets the peers that dial us.
          network.add(infoHash, this);
          toDial.addAll(all);
          all.forEach(address -> lastWords.put(address, "was not asked yet"));
          if (!timeout.isZero()) {
            deadline =
                loop.schedule(
                    () -> fail("no metadata within " + timeout.toSeconds() + " s"),
                    timeout.toNanos(),
                    TimeUnit.NANOSECONDS);
          }
          announcing.start();
          proceed();
        });
    return told;
  }

  /** The peers that were dialled; once it has ended. */
  Set<InetSocketAddress> dialled() {
    return Set.copyOf(tries.keySet());
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
    while (!ending && dialling < MAX_DIALLING && connections < MAX_CONNECTIONS) {
      InetSocketAddress address = toDial.poll();
      if (address == null) {
        break;
      }
      dialling++;
      int attempt = tries.merge(address, 1, Integer::sum);
      network.dial(
          address,
          this,
          isEncrypted(attempt),
          why -> {
            dialling--;
            lost(address, why);
          });
    }
    // Trackers are asked again, until the time is over.
    boolean mayCome = announces || network.listenAddress().isPresent();
    if (!mayCome && toDial.isEmpty() && dialling + waitingToDial == 0 && peers.isEmpty()) {
      fail(lastWords.isEmpty() ? "no peer is known" : "no peer gave the metadata");
    }
  }

  /** Where encryption is preferred, a peer that does not speak it is asked in plaintext next. */
  private boolean isEncrypted(int attempt) {
    return switch (network.encryption()) {
      case OFF -> false;
      case PREFER -> attempt % 2 == 1;
      case REQUIRE -> true;
    };
  }

  /** A peer that we dialled is not there, or not any more. */
  private void lost(InetSocketAddress address, String why) {
    if (ending) {
      return;
    }
    lastWords.put(address, why);
    if (!hopeless.contains(address) && tries.getOrDefault(address, TRIES) < TRIES) {
      waitingToDial++;
      loop.schedule(
          () -> {
            waitingToDial--;
            toDial.add(address);
            proceed();
          },
          BETWEEN_TRIES_SECONDS,
          TimeUnit.SECONDS);
    }
    proceed();
  }

  @Override
  public @Nullable PeerWire dialled(InetSocketAddress address) {
    dialling--;
    if (isFull()) {
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
    if (isFull()) {
      return null;
    }
    Peer peer = new Peer(address, false);
    begin(peer, incoming.wire());
    return peer;
  }

  private boolean isFull() {
    return ending || connections >= MAX_CONNECTIONS;
  }

  private void begin(Peer peer, PeerWire wire) {
    connections++;
    peers.add(peer);
    wire.extensionHandshake(ExtensionHandshake.builder().v(client.name()).build());
    UtMetadata handle = wire.use(new UtMetadata(fetch));
    byHandle.put(handle, peer);
    peer.begin(wire, handle);
    lastWords.put(peer.address, "did not shake hands");
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

  private void fail(String what) {
    StringBuilder sentence = new StringBuilder(what);
    for (TrackerStatus tracker : announcing.status()) {
      if (tracker.state() == TrackerStatus.State.FAILED) {
        sentence.append("; tracker ").append(tracker.url()).append(": ").append(tracker.message());
        break;
      }
    }
    int named = 0;
    for (Map.Entry<InetSocketAddress, String> each : lastWords.entrySet()) {
      if (named == NAMED) {
        sentence.append("; and ").append(lastWords.size() - NAMED).append(" more peers");
        break;
      }
      sentence.append(named == 0 ? ": " : "; ");
      sentence.append(text(each.getKey())).append(' ').append(each.getValue());
      named++;
    }
    end(null, new TransferException(TransferException.Reason.NO_METADATA, sentence.toString()));
  }

  private void end(@Nullable Metainfo metainfo, @Nullable Exception why) {
    if (ending) {
      return;
    }
    ending = true;
    result = metainfo;
    failure = why;
    network.remove(infoHash, this);
    if (metainfo == null) {
      CompletableFuture<Void> farewell = announcing.stop();
      farewell.thenRun(() -> farewellSaid(true));
    } else {
      // The transfer that follows goes on with it.
      announcing.pause();
      farewelled = true;
    }
    ScheduledFuture<?> task = deadline;
    if (task != null) {
      task.cancel(false);
    }
    for (Peer peer : List.copyOf(peers)) {
      peer.wire().close();
    }
    loop.schedule(this::tell, LINGER_SECONDS, TimeUnit.SECONDS);
    settle();
  }

  private void farewellSaid(boolean said) {
    onLoop(
        () -> {
          farewelled = said;
          settle();
        });
  }

  private void settle() {
    if (ending && connections == 0 && farewelled) {
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

  private static String text(InetSocketAddress address) {
    return Addresses.text(address);
  }

  /** What trackers want to know. How much is left is not known yet, so it is a byte. */
  private final class Announced implements Announcing.Torrent {
    @Override
    public Announce.Totals totals() {
      return new Announce.Totals(0, 0, 1);
    }

    @Override
    public boolean isHungry() {
      return peers.isEmpty();
    }

    @Override
    public void found(PeerSource tracker, List<PeerAddress> found) {
      for (PeerAddress peer : found) {
        InetSocketAddress address = Addresses.of(peer);
        if (lastWords.size() < MAX_KNOWN
            && lastWords.putIfAbsent(address, "was not asked yet") == null) {
          toDial.add(address);
        }
      }
      proceed();
    }

    @Override
    public void announced(TrackerStatus tracker) {
      if (tracker.state() == TrackerStatus.State.FAILED) {
        warning.accept("tracker " + tracker.url() + ": " + tracker.message());
      }
    }
  }

  /** One connection. */
  private final class Peer implements PeerListener {
    private final InetSocketAddress address;
    private final boolean outgoing;
    private @Nullable PeerWire wire;
    private @Nullable UtMetadata handle;
    private @Nullable String closedBecause;

    Peer(InetSocketAddress address, boolean outgoing) {
      this.address = address;
      this.outgoing = outgoing;
    }

    void begin(PeerWire ours, UtMetadata ofWire) {
      wire = ours;
      handle = ofWire;
    }

    PeerWire wire() {
      PeerWire ours = wire;
      if (ours == null) {
        throw new IllegalStateException("it has not begun");
      }
      return ours;
    }

    @Override
    public void onInfoHash(PeerWire from, InfoHash named, long reserved) {
      if (!outgoing) {
        from.handshake(infoHash, client.peerId());
      }
    }

    @Override
    public void onHandshake(PeerWire from, Handshake handshake) {
      from.bitfield(new PieceSet(0));
      if (from.supports(Feature.EXTENSION_PROTOCOL)) {
        lastWords.put(address, "has not sent it");
      } else {
        giveUp("does not speak the extension protocol, which magnet links need");
      }
    }

    @Override
    public void onExtensionHandshake(PeerWire from, ExtensionHandshake peer) {
      Integer size = peer.metadataSize();
      if (peer.id("ut_metadata") == 0) {
        giveUp("does not give metadata to anyone");
      } else if (size == null || size == 0) {
        lastWords.put(address, "does not have the metadata itself yet");
      } else if (size > MetadataFetch.DEFAULT_MAX_SIZE) {
        giveUp("says that the metadata has " + size + " bytes, which is beyond the limit");
      } else {
        lastWords.put(address, "has not sent it");
      }
    }

    @Override
    public void onClose(PeerWire from, CloseCause cause) {
      peers.remove(this);
      if (handle != null && !outgoing) {
        byHandle.remove(handle);
      }
      String why = closedBecause == null ? cause.toString() : closedBecause;
      if (outgoing) {
        lost(address, why);
      } else if (!ending) {
        lastWords.remove(address);
        proceed();
      }
    }

    void giveUp(String why) {
      closedBecause = why;
      if (outgoing) {
        hopeless.add(address);
        lastWords.put(address, why);
      }
      if (!wire().isClosed()) {
        wire().close();
      }
    }
  }

  /** Hears of the fetch. */
  private final class Verdict implements MetadataFetch.Listener {
    @Override
    public void onMetadata(ByteBuffer info) {
      byte[] bytes = new byte[info.remaining()];
      info.get(bytes);
      try {
        Metainfo metainfo = magnet.torrent(bytes);
        if (magnet.names(metainfo)) {
          end(metainfo, null);
        } else {
          end(
              null,
              new TransferException(
                  TransferException.Reason.NO_METADATA,
                  "the two info-hashes of the magnet link are of different torrents"));
        }
      } catch (MetainfoException e) {
        // The hash is right, so every peer has the same: it is the torrent that is bad.
        end(null, e);
      }
    }

    @Override
    public void onLiar(UtMetadata liar, Violation violation) {
      Peer peer = byHandle.get(liar);
      if (peer != null) {
        warning.accept(text(peer.address) + " sent metadata of something else (" + violation + ")");
        peer.giveUp("sent metadata of something else (" + violation + ")");
      }
    }
  }
}
