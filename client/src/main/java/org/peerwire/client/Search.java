package org.peerwire.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.client.net.Host;
import org.peerwire.client.net.Network;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.mse.MseTransport;
import org.peerwire.netty.IncomingPeer;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * What comes before a transfer: peers are dialled and asked for what the torrent lacks. It ends
 * when that is there, when no peer is left that could have it, or when the time is over; and only
 * then, when all its connections have ended, so that the transfer may dial the same peers. What is
 * asked for, and what it makes of the answers, its kinds say.
 *
 * <p>Everything belongs to the event loop, unless it says otherwise.
 */
// Netty's futures of timers tell nothing.
@SuppressWarnings("FutureReturnValueIgnored")
abstract class Search implements Host {
  private static final int MAX_DIALLING = 16;

  /** How often a peer is dialled, as it may be busy, or about to begin. */
  private static final int TRIES = 3;

  private static final long BETWEEN_TRIES_SECONDS = 1;

  /** How long connections may take to end in good order. */
  private static final long LINGER_SECONDS = 2;

  final Client client;
  final Network network;
  final EventLoop loop;
  private final InfoHash infoHash;
  private final Duration timeout;
  private final int maxConnections;
  private final CompletableFuture<Metainfo> completion = new CompletableFuture<>();

  private final Queue<InetSocketAddress> toDial = new ArrayDeque<>();

  /** How often each was dialled; {@link #TRIES} for those that are not to be dialled again. */
  private final Map<InetSocketAddress, Integer> tries = new HashMap<>();

  private final Set<Peer> peers = new LinkedHashSet<>();
  private int dialling;
  private int waitingToDial;
  private int connections;
  private boolean ending;
  private boolean farewelled;
  private @Nullable Metainfo found;
  private @Nullable Exception failure;
  private @Nullable ScheduledFuture<?> deadline;

  /**
   * Does nothing yet.
   *
   * @param infoHash by which the peers know the torrent
   * @param timeout after which it gives up; zero: never
   */
  Search(Client client, InfoHash infoHash, Duration timeout, int maxConnections) {
    this.client = client;
    this.infoHash = infoHash;
    this.timeout = timeout;
    this.maxConnections = maxConnections;
    network = client.network();
    loop = network.loop();
  }

  // ---------------------------------------------------------------- for its kinds

  /** It has begun: what beside peers has to be started. */
  abstract void began();

  /** A connection is about to begin. */
  abstract Peer peer(InetSocketAddress address, boolean outgoing);

  /** A peer that we dialled is not there, or not any more. It may be dialled again. */
  abstract void lost(InetSocketAddress address, String why);

  /** Whether peers that are not known yet may come, beside those that dial us. */
  abstract boolean mayFindMore();

  /** No peer is left: has to end it. */
  abstract void exhausted();

  /** The time is over: has to end it. */
  abstract void late(Duration limit);

  /**
   * It ends: what was started has to be stopped.
   *
   * @return done when that has happened, and never failing
   */
  abstract CompletableFuture<Void> ended(boolean successfully);

  // ---------------------------------------------------------------- for any thread

  /** Begins. To cancel what is returned ends the search. */
  final CompletableFuture<Metainfo> begin(Collection<InetSocketAddress> addresses) {
    Set<InetSocketAddress> all = new LinkedHashSet<>(addresses);
    onLoop(
        () -> {
          // A transfer of it that runs already gets the peers that dial us.
          network.add(infoHash, this);
          toDial.addAll(all);
          if (!timeout.isZero()) {
            deadline = loop.schedule(() -> late(timeout), timeout.toNanos(), TimeUnit.NANOSECONDS);
          }
          began();
          proceed();
        });
    CompletableFuture<Metainfo> told = completion.copy();
    told.whenComplete(
        (result, e) -> {
          if (told.isCancelled()) {
            stop();
          }
        });
    return told;
  }

  /** Ends it without a result. */
  final void stop() {
    onLoop(() -> fail(new TransferException(TransferException.Reason.STOPPED, "it was stopped")));
  }

  /** The peers that it knew, those that were dialled first; once it has ended. */
  final Set<InetSocketAddress> known() {
    Set<InetSocketAddress> all = new LinkedHashSet<>(tries.keySet());
    all.addAll(toDial);
    return all;
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

  /** One more to be dialled, by the next {@link #proceed}. */
  final void add(InetSocketAddress address) {
    toDial.add(address);
  }

  /** That peer is not dialled again. */
  final void giveUp(InetSocketAddress address) {
    tries.put(address, TRIES);
  }

  final boolean hasPeers() {
    return !peers.isEmpty();
  }

  final boolean isEnding() {
    return ending;
  }

  /** Dials who is to be dialled, or ends if nobody is left. */
  final void proceed() {
    while (!ending && dialling < MAX_DIALLING && dialling + connections < maxConnections) {
      InetSocketAddress address = toDial.poll();
      if (address == null) {
        break;
      }
      dial(address);
    }
    boolean mayCome = mayFindMore() || network.listenAddress().isPresent();
    if (!mayCome && toDial.isEmpty() && dialling + waitingToDial == 0 && peers.isEmpty()) {
      exhausted();
    }
  }

  private void dial(InetSocketAddress address) {
    dialling++;
    int attempt = tries.merge(address, 1, Integer::sum);
    network.dial(
        address,
        this,
        isEncrypted(attempt),
        why -> {
          dialling--;
          gone(address, why);
        });
  }

  /** Where encryption is preferred, a peer that does not speak it is asked in plaintext next. */
  private boolean isEncrypted(int attempt) {
    return switch (network.encryption()) {
      case OFF -> false;
      case PREFER -> attempt % 2 == 1;
      case REQUIRE -> true;
    };
  }

  private void gone(InetSocketAddress address, String why) {
    if (ending) {
      return;
    }
    lost(address, why);
    if (tries.getOrDefault(address, TRIES) < TRIES) {
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
  public final @Nullable PeerWire dialled(InetSocketAddress address) {
    dialling--;
    if (isFull()) {
      return null;
    }
    Peer peer = peer(address, true);
    PeerWire wire = new PeerWire(peer, Network.WIRE);
    begin(peer, wire);
    wire.handshake(infoHash, client.peerId());
    return wire;
  }

  @Override
  public final @Nullable PeerListener greeted(IncomingPeer incoming, InetSocketAddress address) {
    if (isFull()) {
      return null;
    }
    Peer peer = peer(address, false);
    begin(peer, incoming.wire());
    return peer;
  }

  private boolean isFull() {
    return ending || connections >= maxConnections;
  }

  private void begin(Peer peer, PeerWire wire) {
    connections++;
    peers.add(peer);
    peer.wire = wire;
    wire.extensionHandshake(ExtensionHandshake.builder().v(client.name()).build());
    peer.began(wire);
  }

  @Override
  public final void encrypts(InetSocketAddress address, MseTransport layer) {}

  @Override
  public final InfoHash infoHash(InetSocketAddress address) {
    return infoHash;
  }

  @Override
  public final void disconnected() {
    connections--;
    settle();
  }

  @Override
  public final void beforeInput() {}

  @Override
  public final void afterInput() {}

  // ---------------------------------------------------------------- end

  final void succeed(Metainfo result) {
    if (!ending) {
      found = result;
      end(true);
    }
  }

  final void fail(Exception why) {
    if (!ending) {
      failure = why;
      end(false);
    }
  }

  private void end(boolean successfully) {
    ending = true;
    network.remove(infoHash, this);
    ScheduledFuture<?> task = deadline;
    if (task != null) {
      task.cancel(false);
    }
    ended(successfully)
        .thenRun(
            () ->
                onLoop(
                    () -> {
                      farewelled = true;
                      settle();
                    }));
    List.copyOf(peers).forEach(Peer::close);
    loop.schedule(this::tell, LINGER_SECONDS, TimeUnit.SECONDS);
    settle();
  }

  private void settle() {
    if (ending && connections == 0 && farewelled) {
      tell();
    }
  }

  private void tell() {
    client.ended(this);
    Metainfo result = found;
    if (result != null) {
      completion.complete(result);
    } else if (failure != null) {
      completion.completeExceptionally(failure);
    }
  }

  /** One connection, and what is heard of it. */
  abstract class Peer implements PeerListener {
    final InetSocketAddress address;
    private final boolean outgoing;
    private @Nullable PeerWire wire;
    private @Nullable String closedBecause;

    Peer(InetSocketAddress address, boolean outgoing) {
      this.address = address;
      this.outgoing = outgoing;
    }

    /** Before anything has come or gone but our extension handshake, which may still change. */
    abstract void began(PeerWire ofPeer);

    /** It has ended, for what its kind keeps of it. */
    abstract void left(CloseCause cause);

    /** Whether we dialled it, so that it may be dialled again. */
    final boolean isOutgoing() {
      return outgoing;
    }

    final void close() {
      PeerWire ours = wire;
      if (ours != null && !ours.isClosed()) {
        ours.close();
      }
    }

    /** It can't help, so that it is not dialled again. */
    final void giveUp(String why) {
      closedBecause = why;
      if (outgoing) {
        Search.this.giveUp(address);
        lost(address, why);
      }
      close();
    }

    @Override
    public final void onInfoHash(PeerWire from, InfoHash named, long reserved) {
      if (!outgoing) {
        from.handshake(infoHash, client.peerId());
      }
    }

    @Override
    public final void onClose(PeerWire from, CloseCause cause) {
      peers.remove(this);
      left(cause);
      if (outgoing) {
        gone(address, closedBecause == null ? cause.toString() : closedBecause);
      } else if (!ending) {
        proceed();
      }
    }
  }
}
