package org.peerwire.client;

import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Violation;
import org.peerwire.swarm.merkle.LayerFetch;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;

/**
 * What comes between the info dictionary of a v2 torrent and its transfer: asks peers for the piece
 * layers, which stand outside of it and without which nothing can be verified. All connections name
 * the v2 info-hash, since that is what allows such questions.
 *
 * <p>A hybrid torrent can do without: if no peer gives them within a few seconds, its v1 hashes are
 * what is checked.
 */
// Netty's futures of timers tell nothing.
@SuppressWarnings("FutureReturnValueIgnored")
final class LayerSearch extends Search {
  private static final int MAX_CONNECTIONS = 16;
  private static final long HEARTBEAT_SECONDS = 1;
  private static final Duration OF_HYBRID = Duration.ofSeconds(10);

  private final Metainfo torrent;
  private final PieceLayout layout;
  private final Consumer<String> warning;
  private final LayerFetch fetch;
  private @Nullable ScheduledFuture<?> heartbeat;

  LayerSearch(Client client, Metainfo torrent, Duration timeout, Consumer<String> warning) {
    super(
        client,
        torrent.infoHashV2().orElseThrow().truncated(),
        limit(torrent, timeout),
        MAX_CONNECTIONS);
    this.torrent = torrent;
    this.warning = warning;
    layout = torrent.layout();
    fetch = new LayerFetch(torrent.missingLayers(), torrent.pieceLength());
  }

  private static Duration limit(Metainfo torrent, Duration timeout) {
    boolean isLong = timeout.isZero() || timeout.compareTo(OF_HYBRID) > 0;
    return torrent.version().hasV1() && isLong ? OF_HYBRID : timeout;
  }

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

  @Override
  void began() {
    heartbeat =
        loop.scheduleAtFixedRate(
            () -> fetch.tick(network.now()),
            HEARTBEAT_SECONDS,
            HEARTBEAT_SECONDS,
            TimeUnit.SECONDS);
  }

  @Override
  Peer peer(InetSocketAddress address, boolean outgoing) {
    return new LayerPeer(address, outgoing);
  }

  @Override
  void lost(InetSocketAddress address, String why) {
    // What they all lack is one and the same.
  }

  @Override
  boolean mayFindMore() {
    return false;
  }

  @Override
  void exhausted() {
    fail("no peer has them");
  }

  @Override
  void late(Duration limit) {
    fail("not within " + limit.toSeconds() + " s");
  }

  @Override
  CompletableFuture<Void> ended(boolean successfully) {
    ScheduledFuture<?> timer = heartbeat;
    if (timer != null) {
      timer.cancel(false);
    }
    return CompletableFuture.completedFuture(null);
  }

  private void completeIfDone() {
    if (!fetch.isComplete() || isEnding()) {
      return;
    }
    try {
      succeed(torrent.withPieceLayers(fetch.layers()));
    } catch (MetainfoException e) {
      // Each part was proved.
      fail(e);
    }
  }

  private void fail(String why) {
    String sentence = "the hashes of the pieces did not come: " + why;
    if (!torrent.version().hasV1()) {
      fail(new TransferException(TransferException.Reason.NO_METADATA, sentence));
    } else if (!isEnding()) {
      warning.accept(sentence + "; only the v1 hashes are checked");
      succeed(torrent);
    }
  }

  /** A peer that is asked. */
  private final class LayerPeer extends Peer {
    private LayerFetch.@Nullable Source source;

    LayerPeer(InetSocketAddress address, boolean outgoing) {
      super(address, outgoing);
    }

    @Override
    void began(PeerWire wire) {
      wire.layout(layout);
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
      if (source != null && !isEnding()) {
        source.hashes(range, hashes, network.now());
        completeIfDone();
      }
    }

    @Override
    public void onHashReject(PeerWire from, HashRange range) {
      if (source != null && !isEnding()) {
        source.rejected(range, network.now());
        if (source.isUseless()) {
          giveUp("does not have the hashes");
        }
      }
    }

    @Override
    void left(CloseCause cause) {
      if (source != null) {
        source.left(network.now());
      }
      if (cause instanceof CloseCause.Violated violated
          && violated.report().violation() == Violation.HASH_PROOF) {
        LayerSearch.this.giveUp(address);
        warning.accept(Addresses.text(address) + " sent hashes of something else");
      }
    }
  }
}
