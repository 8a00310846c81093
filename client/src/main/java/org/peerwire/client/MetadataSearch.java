package org.peerwire.client;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerAddress;
import org.peerwire.PieceSet;
import org.peerwire.Violation;
import org.peerwire.client.local.LocalDiscovery;
import org.peerwire.client.tracker.Announcing;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.metadata.MetadataFetch;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.extension.pex.PexFilter;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;
import org.peerwire.swarm.tracker.Announce;
import org.peerwire.swarm.tracker.TrackerStatus;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;

/** When there is only a magnet link: asks peers and trackers' peers for the info dictionary. */
final class MetadataSearch extends Search {
  private static final int MAX_CONNECTIONS = 64;

  /** How many peers are asked in all; honest ones have the metadata of any torrent. */
  private static final int MAX_KNOWN = 1_000;

  /** How many of those may be of the local network, where one can speak for many. */
  private static final int MAX_LOCAL = 100;

  /** How many peers a failure names. */
  private static final int NAMED = 3;

  private static final String NOT_ASKED = "was not asked yet";

  private final MagnetLink magnet;
  private final Announcing announcing;
  private final Local local = new Local();

  /**
   * A private torrent has its peers from its trackers alone, so a link that names some may be of
   * one, and is kept from the local network until that is known.
   */
  private final boolean isLocal;

  private final Consumer<String> warning;
  private final MetadataFetch fetch;
  private final Map<UtMetadata, MetadataPeer> byHandle = new HashMap<>();

  /** Of each peer, why it has not given the metadata. */
  private final Map<InetSocketAddress, String> lastWords = new LinkedHashMap<>();

  MetadataSearch(
      Client client,
      MagnetLink magnet,
      PeerSources sources,
      Duration timeout,
      Consumer<String> warning) {
    super(client, magnet.infoHash(), timeout, MAX_CONNECTIONS);
    this.magnet = magnet;
    this.warning = warning;
    isLocal = sources.local() && magnet.trackers().isEmpty();
    List<List<String>> tiers = sources.ownTrackers() ? List.of(magnet.trackers()) : List.of();
    announcing =
        new Announcing(
            client.trackers(),
            new Announced(),
            tiers,
            sources.trackers(),
            List.of(magnet.infoHash()),
            client.peerId(),
            network.listenAddress().map(InetSocketAddress::getPort).orElse(0),
            client.random()::nextBytes);
    MetadataFetch.Listener listener = new Verdict();
    fetch =
        magnet
            .infoHashV1()
            .map(hash -> MetadataFetch.sha1(hash, client.maxMetadata(), listener))
            .orElseGet(
                () ->
                    MetadataFetch.sha256(
                        magnet.infoHashV2().orElseThrow().toBytes(),
                        client.maxMetadata(),
                        listener));
  }

  @Override
  void began() {
    known().forEach(address -> lastWords.put(address, NOT_ASKED));
    announcing.start();
    if (isLocal) {
      client.local().add(magnet.infoHash(), local);
    }
  }

  @Override
  Peer peer(InetSocketAddress address, boolean outgoing) {
    lastWords.put(address, "did not shake hands, and may not have this torrent");
    return new MetadataPeer(address, outgoing);
  }

  @Override
  void lost(InetSocketAddress address, String why) {
    lastWords.put(address, why);
  }

  @Override
  boolean mayFindMore() {
    // Trackers are asked again, until the time is over.
    return isLocal || !announcing.status().isEmpty();
  }

  @Override
  void exhausted() {
    fail(lastWords.isEmpty() ? "no peer is known" : "no peer gave the metadata");
  }

  @Override
  void late(Duration limit) {
    fail("no metadata within " + limit.toSeconds() + " s");
  }

  @Override
  CompletableFuture<Void> ended(boolean successfully) {
    client.local().remove(magnet.infoHash(), local);
    if (!successfully) {
      return announcing.stop();
    }
    // The transfer that follows goes on with it.
    announcing.pause();
    return CompletableFuture.completedFuture(null);
  }

  /** Tells why by what the trackers and the first peers said. */
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
      sentence.append(Addresses.text(each.getKey())).append(' ').append(each.getValue());
      named++;
    }
    fail(new TransferException(TransferException.Reason.NO_METADATA, sentence.toString()));
  }

  private boolean found(InetSocketAddress address) {
    boolean fresh =
        lastWords.size() < MAX_KNOWN && lastWords.putIfAbsent(address, NOT_ASKED) == null;
    if (fresh) {
      add(address);
    }
    return fresh;
  }

  /** Hears of peers on the local network. */
  private final class Local implements LocalDiscovery.Torrent {
    private int known;

    @Override
    public void heard(InetSocketAddress peer, InfoHash named) {
      if (!isEnding() && known < MAX_LOCAL && peer.getPort() >= PexFilter.LOWEST_PORT) {
        known += found(peer) ? 1 : 0;
        proceed();
      }
    }

    @Override
    public void warning(String sentence) {
      warning.accept(sentence);
    }
  }

  /** What trackers want to know. How much is left is not known yet, so it is a byte. */
  private final class Announced implements Announcing.Torrent {
    @Override
    public Announce.Totals totals() {
      return new Announce.Totals(0, 0, 1);
    }

    @Override
    public boolean isHungry() {
      return !hasPeers();
    }

    @Override
    public void found(PeerSource tracker, InfoHash named, List<PeerAddress> found) {
      found.forEach(peer -> MetadataSearch.this.found(Addresses.of(peer)));
      proceed();
    }

    @Override
    public void announced(TrackerStatus tracker) {
      if (tracker.state() == TrackerStatus.State.FAILED) {
        warning.accept("tracker " + tracker.url() + ": " + tracker.message());
      }
    }
  }

  /** A peer that is asked. */
  private final class MetadataPeer extends Peer {
    private @Nullable UtMetadata handle;

    MetadataPeer(InetSocketAddress address, boolean outgoing) {
      super(address, outgoing);
    }

    @Override
    void began(PeerWire wire) {
      handle = wire.use(new UtMetadata(fetch));
      byHandle.put(handle, this);
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
      } else if (size > client.maxMetadata()) {
        giveUp(
            "says that the metadata has "
                + size
                + " bytes, which is beyond the limit of "
                + client.maxMetadata());
      } else {
        lastWords.put(address, "has not sent it");
      }
    }

    @Override
    void left(CloseCause cause) {
      // Those that we dialled are remembered: that they lied may turn out later.
      if (!isOutgoing()) {
        if (handle != null) {
          byHandle.remove(handle);
        }
        if (!isEnding()) {
          lastWords.remove(address);
        }
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
          succeed(metainfo);
        } else {
          fail(
              new TransferException(
                  TransferException.Reason.NO_METADATA,
                  "the two info-hashes of the magnet link are of different torrents"));
        }
      } catch (MetainfoException e) {
        // The hash is right, so every peer has the same: it is the torrent that is bad.
        fail(e);
      }
    }

    @Override
    public void onLiar(UtMetadata liar, Violation violation) {
      MetadataPeer peer = byHandle.get(liar);
      if (peer != null) {
        String lie = "sent metadata of something else (" + violation + ")";
        warning.accept(Addresses.text(peer.address) + " " + lie);
        peer.giveUp(lie);
      }
    }
  }
}
