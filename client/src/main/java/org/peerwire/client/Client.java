package org.peerwire.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.client.local.LocalDiscovery;
import org.peerwire.client.net.Network;
import org.peerwire.client.storage.BlockPool;
import org.peerwire.client.storage.StorageException;
import org.peerwire.client.storage.Store;
import org.peerwire.client.tracker.TrackerClient;
import org.peerwire.mse.MseOptions;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;

/**
 * Moves torrents: an event loop for the network, a pool of threads for disk and hashing, and a
 * listener for peers that connect to us, shared by all its transfers. All methods are for any
 * thread.
 */
public final class Client implements AutoCloseable {
  /** What lies in memory on its way to the disk; above most of it sockets are read no more. */
  private static final long MAX_UNWRITTEN = 24L << 20;

  private static final long CLOSE_SECONDS = 10;

  private final Network network;
  private final ExecutorService disk;
  private final int diskThreads;
  private final BlockPool blocks;
  private final PeerId peerId;
  private final String name;
  private final int maxMetadata;
  private final SecureRandom random;
  private final TrackerClient trackers;
  private final LocalDiscovery local;

  /** Of all swarms together; they belong to the network's one thread. */
  private final RateLimit download;

  private final RateLimit upload;

  /** Guarded by itself. */
  private final Map<InfoHash, TorrentTransfer> transfers = new HashMap<>();

  /** Guarded by the transfers. */
  private final Set<Search> searches = new HashSet<>();

  private boolean closed;

  private Client(ClientOptions options, Network network, SecureRandom random) {
    this.network = network;
    this.random = random;
    diskThreads = options.diskThreads();
    disk = Executors.newFixedThreadPool(diskThreads, threads());
    blocks =
        new BlockPool(MAX_UNWRITTEN, pause -> network.loop().execute(() -> network.pause(pause)));
    name = options.name();
    maxMetadata = options.maxMetadata();
    download = limit(options.maxDownload());
    upload = limit(options.maxUpload());
    trackers = new TrackerClient(network.loop(), random::nextBytes, name.replace(' ', '/'));
    local =
        new LocalDiscovery(
            network.loop(),
            options.localGroup(),
            network::listenAddress,
            "%08x".formatted(random.nextInt() & Integer.MAX_VALUE));
    byte[] bytes = new byte[PeerId.LENGTH];
    random.nextBytes(bytes);
    peerId = PeerId.of(options.peerIdPrefix(), bytes);
  }

  /**
   * Starts a client.
   *
   * @throws IOException if it can't listen where it is told to; the message says where and why
   */
  public static Client open(ClientOptions options) throws IOException {
    SecureRandom random = new SecureRandom();
    Network network =
        new Network(options.maxPeers(), MseOptions.of(options.encryption()), random::nextBytes);
    Optional<InetSocketAddress> address = options.listenAddress();
    boolean listening = false;
    try {
      if (address.isPresent()) {
        network.listen(address.get());
      }
      listening = true;
      return new Client(options, network, random);
    } finally {
      if (!listening) {
        network.close();
      }
    }
  }

  /** Where the client listens, with the port that it got; empty if it does not. */
  public Optional<InetSocketAddress> listenAddress() {
    return network.listenAddress();
  }

  /** What the client calls itself to peers. */
  public PeerId peerId() {
    return peerId;
  }

  /** What the client tells peers that it is, name and version. */
  String name() {
    return name;
  }

  /**
   * Downloads a torrent. What is in the folder already is checked first and not fetched again.
   * Returns at once; {@link Transfer#completion} tells the end.
   *
   * @param folder holds the content under the torrent's name; it is created if its parent is there.
   *     Nothing is written outside of it
   * @throws TransferException if it can't begin: another run has the folder, it may not be written,
   *     or the torrent is of a kind that is not supported
   * @throws IllegalArgumentException if {@link TransferOptions#files} selects none of its files
   * @throws IllegalStateException if the client is closed or has a transfer of this torrent
   */
  public Transfer download(Metainfo torrent, Path folder, TransferOptions options)
      throws IOException {
    return start(torrent, folder, options, true);
  }

  /**
   * Serves a torrent whose data is there. All of it is checked first; {@link Transfer#completion}
   * is done once it is, or fails as {@link TransferException.Reason#MISMATCH} if not all of it is
   * right. Nothing is written or created. Returns at once.
   *
   * @param folder holds the content under the torrent's name
   * @throws TransferException if it can't begin: there is no such folder, or the torrent is of a
   *     kind that is not supported
   * @throws IllegalStateException if the client is closed or has a transfer of this torrent
   */
  public Transfer seed(Metainfo torrent, Path folder, TransferOptions options) throws IOException {
    return start(torrent, folder, options, false);
  }

  /**
   * Gets the metadata that a magnet link lacks: asks peers for it, checks it by the link's
   * info-hashes, and reads it; then as {@link #fetchLayers}, if it is of a v2 torrent. Returns at
   * once. What it gives is ready for {@link #download}.
   *
   * <p>The future fails with a {@link TransferException}, {@link
   * TransferException.Reason#NO_METADATA} if no peer gave it, or with a {@link
   * org.peerwire.swarm.metainfo.MetainfoException} if the torrent itself is not valid. To cancel it
   * ends the search.
   *
   * @param peers to be dialled, beside those that dial us if the client listens, and those that
   *     trackers name. The peers that the link itself names are not among them: {@link MagnetPeers}
   *     tells which of those may be dialled
   * @param sources where more peers come from
   * @param timeout after which it gives up; zero: never
   * @param warning told, as one line each and on the client's thread, which peers lied
   * @throws IllegalArgumentException if an address is unresolved
   * @throws IllegalStateException if the client is closed
   */
  public CompletableFuture<Metainfo> fetchMetadata(
      MagnetLink magnet,
      Collection<InetSocketAddress> peers,
      PeerSources sources,
      Duration timeout,
      Consumer<String> warning) {
    checkResolved(peers);
    MetadataSearch search = new MetadataSearch(this, magnet, sources, timeout, warning);
    add(search);
    return LayerSearch.after(
        search.begin(peers), torrent -> fetchLayers(torrent, search.known(), timeout, warning));
  }

  /**
   * Gets the piece layers of a v2 or hybrid torrent of which only the info dictionary is known, and
   * without which nothing can be verified: asks peers for hashes (<a
   * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>), and proves them. Returns at
   * once; of a torrent that lacks nothing, it is done.
   *
   * <p>The future gives the torrent with them. If nobody has them it fails as {@link
   * TransferException.Reason#NO_METADATA}; but for a hybrid torrent it gives that as it is after
   * ten seconds at the most, and a warning: its v1 hashes are checked then. To cancel it ends the
   * search.
   *
   * @param peers to be dialled, beside those that dial us if the client listens
   * @param timeout after which it gives up; zero: never
   * @param warning told as by {@link #fetchMetadata}
   * @throws IllegalArgumentException if an address is unresolved
   * @throws IllegalStateException if the client is closed
   */
  public CompletableFuture<Metainfo> fetchLayers(
      Metainfo torrent,
      Collection<InetSocketAddress> peers,
      Duration timeout,
      Consumer<String> warning) {
    checkResolved(peers);
    if (torrent.missingLayers().isEmpty()) {
      return CompletableFuture.completedFuture(torrent);
    }
    LayerSearch search = new LayerSearch(this, torrent, timeout, warning);
    add(search);
    return search.begin(peers);
  }

  private void add(Search search) {
    synchronized (transfers) {
      if (closed) {
        throw new IllegalStateException("the client is closed");
      }
      searches.add(search);
    }
  }

  /**
   * Downloads what a magnet link names: fetches its metadata first. Peers that the link itself
   * names are dialled too if they have public addresses, and the files that it selects are fetched
   * if the options name none. Returns at once.
   *
   * <p>The future has the transfer once the metadata is there, and fails as that of {@link
   * #fetchMetadata} or as {@link #download(Metainfo, Path, TransferOptions)} throws. To cancel it
   * before ends the search, for which {@link TransferOptions#stallTimeout} is the limit.
   *
   * @param peers to be dialled, beside those that the options' sources find; those and these are
   *     the transfer's peers, too
   * @param listener told of liars while the metadata is fetched, and then what happens in the
   *     transfer
   * @throws IllegalArgumentException if an address is unresolved
   */
  public CompletableFuture<Transfer> download(
      MagnetLink magnet,
      Collection<InetSocketAddress> peers,
      Path folder,
      TransferOptions options,
      TransferListener listener) {
    checkResolved(peers);
    return new MagnetDownload(this, magnet, new LinkedHashSet<>(peers), folder, options, listener)
        .begin();
  }

  private static void checkResolved(Collection<InetSocketAddress> peers) {
    for (InetSocketAddress peer : peers) {
      if (peer.isUnresolved()) {
        throw new IllegalArgumentException(peer + " is unresolved");
      }
    }
  }

  private Transfer start(Metainfo torrent, Path folder, TransferOptions options, boolean fetch)
      throws IOException {
    Failures.checkSupported(torrent);
    if (fetch && options.files().isPresent() && new Goal(torrent, options.files()).isEmpty()) {
      throw new IllegalArgumentException("no file of the torrent is selected");
    }
    synchronized (transfers) {
      if (closed) {
        throw new IllegalStateException("the client is closed");
      }
      if (transfers.containsKey(torrent.infoHash())) {
        throw new IllegalStateException("there is a transfer of " + torrent);
      }
      Store store;
      try {
        store =
            fetch
                ? Store.toWrite(torrent, folder, options.overwrite())
                : Store.toRead(torrent, folder);
      } catch (StorageException e) {
        throw Failures.told(e);
      }
      checkPlace(store);
      TorrentTransfer transfer =
          new TorrentTransfer(this, store, options, fetch, random.nextLong());
      transfers.put(torrent.infoHash(), transfer);
      transfer.begin(diskThreads);
      return transfer;
    }
  }

  /** Two that are written to may not have a file in common, be they of one torrent or not. */
  private void checkPlace(Store store) throws IOException {
    for (TorrentTransfer other : transfers.values()) {
      if (other.store().conflictsWith(store)) {
        store.close();
        throw new TransferException(
            TransferException.Reason.CONFLICT,
            store.torrent().name()
                + " would lie where the transfer of "
                + other.torrent().name()
                + " has its files");
      }
    }
  }

  /**
   * Stops all transfers and releases everything. Returns when that is done, or after 10 seconds.
   * Repeated calls do nothing.
   */
  @Override
  public void close() {
    List<CompletableFuture<Void>> stops = new ArrayList<>();
    synchronized (transfers) {
      if (closed) {
        return;
      }
      closed = true;
      searches.forEach(Search::stop);
      for (TorrentTransfer transfer : transfers.values()) {
        stops.add(transfer.stop());
      }
    }
    try {
      CompletableFuture.allOf(stops.toArray(new CompletableFuture<?>[0]))
          .get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      // A disk that does not answer: its threads are daemons and go with the process.
      disk.shutdown();
    }
    trackers.close();
    network.close();
    disk.shutdown();
  }

  // ---------------------------------------------------------------- for the transfers

  /** How many bytes the metadata of a magnet link may have. */
  int maxMetadata() {
    return maxMetadata;
  }

  Network network() {
    return network;
  }

  TrackerClient trackers() {
    return trackers;
  }

  LocalDiscovery local() {
    return local;
  }

  SecureRandom random() {
    return random;
  }

  ExecutorService disk() {
    return disk;
  }

  BlockPool blocks() {
    return blocks;
  }

  /** Lets a swarm take part in the client's limits. */
  void limit(Swarm swarm) {
    swarm.limit(download, upload);
  }

  private static RateLimit limit(long bytesPerSecond) {
    return bytesPerSecond == 0 ? RateLimit.none() : RateLimit.perSecond(bytesPerSecond);
  }

  void ended(TorrentTransfer transfer) {
    synchronized (transfers) {
      transfers.remove(transfer.torrent().infoHash(), transfer);
    }
  }

  void ended(Search search) {
    synchronized (transfers) {
      searches.remove(search);
    }
  }

  private static java.util.concurrent.ThreadFactory threads() {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "peerwire-disk-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
