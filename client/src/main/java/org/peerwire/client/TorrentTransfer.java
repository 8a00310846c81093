package org.peerwire.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerAddress;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.Violation;
import org.peerwire.client.net.Host;
import org.peerwire.client.net.Network;
import org.peerwire.client.storage.PieceCheck;
import org.peerwire.client.storage.StorageException;
import org.peerwire.client.storage.Store;
import org.peerwire.client.tracker.Announcing;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.MseTransport;
import org.peerwire.netty.IncomingPeer;
import org.peerwire.swarm.BlockDigests;
import org.peerwire.swarm.Stall;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmActions;
import org.peerwire.swarm.SwarmListener;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.SwarmStatus;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.PieceMap;
import org.peerwire.swarm.tracker.Announce;
import org.peerwire.swarm.tracker.TrackerStatus;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * Joins a swarm, which decides, with the network and the storage, which do.
 *
 * <pre>
 *   check what is on disk -- wrong, for a seed ------------------------------.
 *          |                                                                 |
 *          +-- all of it is there -------.                                   |
 *          |                             |                                   |
 *   a swarm fetches the rest -- finish: force the files -- completion        |
 *          |                             |                     |             |
 *          '-- fails, is stopped --------+------- not to be seeded ----------+-- ended
 * </pre>
 *
 * <p>What an earlier run left is checked while the rest is fetched already: a piece that may be
 * there is neither asked for nor served before it has been read.
 *
 * <p>Everything but the public methods belongs to the event loop, unless it says otherwise.
 */
// Netty's futures of timers tell nothing.
@SuppressWarnings("FutureReturnValueIgnored")
final class TorrentTransfer implements Transfer {
  private static final long HEARTBEAT_SECONDS = 1;

  /** How often what was written is forced to the disk, and noted for the next run. */
  private static final long NOTE = TimeUnit.SECONDS.toNanos(30);

  /** Why nothing is fetched if a piece of what is seeded is lost. */
  private static final String COMPLETE_STAYS =
      "pieces can't be read any more, and what is seeded is not written to";

  /** How long connections may take to end in good order. */
  private static final long LINGER_SECONDS = 2;

  private final Client client;
  private final Network network;
  private final EventLoop loop;
  private final Store store;
  private final Metainfo torrent;
  private final TransferOptions options;
  private final boolean fetch;
  private final Goal goal;
  private final long seed;
  private final TransferDisk disk;
  private final PieceCheck check;
  private final Announcing announcing;
  private final List<TransferListener> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<TransferStatus> completion = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  private volatile TransferStatus latest;
  private volatile boolean refreshing;

  // All that follows belongs to the loop.
  private final Host host = new Door();
  private final Set<PeerAddress> candidates = new LinkedHashSet<>();
  private final Map<PeerAddress, InetSocketAddress> addresses = new HashMap<>();

  /** Under the wires of those that we dialled encrypted. */
  private final Map<PeerAddress, MseTransport> layers = new HashMap<>();

  /** How those came that dialled us. */
  private final Map<PeerAddress, Encryption> arrived = new HashMap<>();

  /**
   * Peers that are dialled in plaintext since encryption failed; true for those with which that
   * worked.
   */
  private final Map<PeerAddress, Boolean> downgraded = new HashMap<>();

  /** Peers without encryption, which is required. */
  private final Set<PeerAddress> refusing = new LinkedHashSet<>();

  private @Nullable Swarm swarm;
  private TransferStatus.Phase phase = TransferStatus.Phase.CHECKING;
  private @Nullable ScheduledFuture<?> timer;
  private long timerAt;
  private @Nullable ScheduledFuture<?> heartbeat;
  private boolean ticking;
  private long gainedAt;

  /** When the progress was noted last, and how far it was. */
  private long notedAt;

  private int notedPieces;
  private int connections;
  private boolean checkEnded;
  private boolean ending;
  private boolean released;
  private boolean farewelled;

  TorrentTransfer(Client client, Store store, TransferOptions options, boolean fetch, long seed) {
    this.client = client;
    this.store = store;
    this.options = options;
    this.fetch = fetch;
    this.seed = seed;
    network = client.network();
    loop = network.loop();
    torrent = store.torrent();
    goal = new Goal(torrent, fetch ? options.files() : Optional.empty());
    disk = new TransferDisk(loop, client.disk(), client.blocks(), store, new Disk());
    check = disk.check();
    PeerSources sources = options.sources();
    announcing =
        new Announcing(
            client.trackers(),
            new Announced(),
            sources.ownTrackers() ? torrent.announceTiers() : List.of(),
            sources.trackers(),
            torrent.infoHash(),
            client.peerId(),
            network.listenAddress().map(InetSocketAddress::getPort).orElse(0),
            client.random()::nextBytes);
    latest = statusWithoutSwarm();
  }

  // ---------------------------------------------------------------- for any thread

  @Override
  public Metainfo torrent() {
    return torrent;
  }

  @Override
  public CompletableFuture<TransferStatus> completion() {
    return completion.copy();
  }

  @Override
  public TransferStatus status() {
    if (loop.inEventLoop()) {
      refresh();
    } else if (!refreshing) {
      // The state belongs to the loop, which is not waited for: the next call sees it.
      refreshing = true;
      onLoop(
          () -> {
            refreshing = false;
            refresh();
          });
    }
    return latest;
  }

  @Override
  public void addPeer(InetSocketAddress peer) {
    if (peer.isUnresolved()) {
      throw new IllegalArgumentException(peer + " is unresolved");
    }
    onLoop(
        () -> {
          PeerAddress address = Addresses.of(peer);
          addresses.put(address, peer);
          Swarm running = swarm;
          if (running == null) {
            candidates.add(address);
          } else {
            running.addCandidate(address, PeerSource.USER);
            arm();
          }
        });
  }

  @Override
  public void listen(TransferListener listener) {
    listeners.add(listener);
  }

  @Override
  public CompletableFuture<Void> stop() {
    disk.stopChecking();
    onLoop(() -> end(new TransferException(TransferException.Reason.STOPPED, "it was stopped")));
    return stopped.copy();
  }

  Store store() {
    return store;
  }

  /** Begins to check what is on disk; returns at once. */
  void begin(int threads) {
    disk.begin(threads, options.trustResume());
    onLoop(
        () ->
            heartbeat =
                loop.scheduleAtFixedRate(
                    this::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS));
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The client is closed and everything has ended, or the process is about to.
      stopped.complete(null);
    }
  }

  // ---------------------------------------------------------------- begin

  /**
   * It is known what may be there. If it is ours, what is not is fetched at once, and the rest as
   * soon as it turns out to be wrong.
   */
  private void looked() {
    if (ending || !fetch || !store.isResumed()) {
      return;
    }
    TransferException refusal = refusal(new PieceSet(torrent.pieceCount()));
    if (refusal != null) {
      end(refusal);
      return;
    }
    start(copyOf(check.verified()), check.candidates());
  }

  private void checked() {
    checkEnded = true;
    if (ending) {
      return;
    }
    PieceSet verified = check.verified();
    tell(listener -> listener.checked(goal.among(verified)));
    TransferException refusal =
        check.isInconsistent()
            ? Failures.inconsistent(torrent)
            : fetch ? refusal(verified) : mismatch(verified);
    if (refusal != null) {
      end(refusal);
    } else if (swarm == null) {
      start(verified, new PieceSet(torrent.pieceCount()));
    }
  }

  /** Begins to speak to peers. */
  private void start(PieceSet verified, PieceSet unchecked) {
    gainedAt = network.now();
    notedAt = gainedAt;
    Swarm running =
        new Swarm(
            torrent.infoHash(),
            client.peerId(),
            torrent.layout(),
            verified,
            swarmOptions(),
            new Actions(),
            new Events(),
            seed);
    swarm = running;
    client.limit(running);
    running.unchecked(unchecked);
    running.serveMetadata(torrent.infoBytes());
    running.serveHashes(torrent::hashTree);
    List<InfoHash> names = torrent.infoHashes();
    if (names.size() > 1) {
      running.upgradesTo(names.get(1));
    }
    boolean done = goal.isReached(verified);
    phase = done ? TransferStatus.Phase.SEEDING : TransferStatus.Phase.DOWNLOADING;
    boolean alone = true;
    for (InfoHash name : names) {
      alone &= network.add(name, host);
    }
    if (!alone) {
      end(
          new TransferException(
              TransferException.Reason.CONFLICT, "there is a transfer of this torrent already"));
      return;
    }
    if (done) {
      complete();
      if (fetch && !options.seedAfter()) {
        return;
      }
    }
    candidates.forEach(peer -> running.addCandidate(peer, PeerSource.USER));
    candidates.clear();
    announcing.start();
    arm();
  }

  private SwarmOptions swarmOptions() {
    SwarmOptions.Builder swarms =
        SwarmOptions.builder()
            .wire(Network.WIRE)
            .sequential(options.sequential())
            .maxPeers(options.maxPeers())
            .client(client.name())
            .listenPort(network.listenAddress().map(InetSocketAddress::getPort).orElse(0))
            .prefersEncryption(network.encryption() != EncryptionPolicy.OFF)
            .isPrivate(torrent.isPrivate())
            .peerExchange(options.sources().exchange());
    Pieces wanted = goal.pieces();
    if (wanted != null) {
      swarms.wanted(wanted);
    }
    return swarms.build();
  }

  /** Why a download may not use what lies in its place. */
  private @Nullable TransferException refusal(Pieces verified) {
    boolean strange = false;
    for (FileEntry file : torrent.files()) {
      PieceCheck.Found found = check.found(file);
      if (found == PieceCheck.Found.OTHER) {
        return new TransferException(
            TransferException.Reason.CONFLICT,
            file.pathText() + " is in the way: it, or a folder of it, is a link or not a file");
      } else if (found == PieceCheck.Found.UNREADABLE) {
        return new TransferException(
            TransferException.Reason.DENIED, file.pathText() + " can't be read");
      }
      strange |= file.isWritten() && check.length(file) > 0;
    }
    if (strange && verified.isEmpty() && !store.isResumed() && !options.overwrite()) {
      return new TransferException(
          TransferException.Reason.CONFLICT,
          "there are files named as in "
              + torrent.name()
              + ", and nothing in them belongs to this torrent; they are not overwritten");
    }
    return null;
  }

  private @Nullable TransferException mismatch(Pieces verified) {
    if (verified.isFull()) {
      return null;
    }
    int wrong = torrent.pieceCount() - verified.count();
    List<String> missing = new ArrayList<>();
    for (FileEntry file : torrent.files()) {
      if (file.isWritten() && file.length() > 0 && check.found(file) == PieceCheck.Found.NOTHING) {
        missing.add(file.pathText());
      }
    }
    String why =
        missing.isEmpty()
            ? ""
            : "; missing: "
                + missing.get(0)
                + (missing.size() > 1 ? " and " + (missing.size() - 1) + " more files" : "");
    return new TransferException(
        TransferException.Reason.MISMATCH,
        "the data is not what the torrent describes: "
            + wrong
            + " of "
            + torrent.pieceCount()
            + " pieces are wrong or missing"
            + why);
  }

  // ---------------------------------------------------------------- time

  /** Sees to it that the swarm is called in time. */
  private void arm() {
    Swarm running = swarm;
    if (running == null || ending) {
      return;
    }
    long now = network.now();
    long nanos = running.nanosUntilTick(now);
    if (nanos == Long.MAX_VALUE || (timer != null && now + nanos - timerAt >= 0)) {
      return;
    }
    ScheduledFuture<?> before = timer;
    if (before != null) {
      before.cancel(false);
    }
    timerAt = now + nanos;
    timer =
        loop.schedule(
            () -> {
              timer = null;
              tick();
            },
            nanos,
            TimeUnit.NANOSECONDS);
  }

  private void tick() {
    Swarm running = swarm;
    if (running == null || ticking) {
      return;
    }
    ticking = true;
    try {
      running.tick(network.now());
    } finally {
      ticking = false;
    }
    arm();
  }

  /** Once a second, for what no event tells. */
  private void beat() {
    Swarm running = swarm;
    if (ending || running == null) {
      return;
    }
    long now = network.now();
    // Timeouts of wires raise events that do not pass by the clock before the wire.
    running.time(now);
    arm();
    if (phase != TransferStatus.Phase.DOWNLOADING) {
      return;
    }
    note(running, now);
    SwarmStatus status = running.status(now);
    if (status.stall() == Stall.POISONED) {
      end(new TransferException(TransferException.Reason.POISONED, status.why()));
    } else if (!checkEnded
        || status.stall() == Stall.VERIFYING
        || (status.stall() == Stall.COMPLETE && disk.obstacle() == null)) {
      // The disk is slow, not the peers.
      gainedAt = now;
    } else if (!options.stallTimeout().isZero()
        && now - gainedAt >= options.stallTimeout().toNanos()) {
      StorageException obstacle = disk.obstacle();
      end(
          obstacle != null
              ? Failures.told(obstacle)
              : new TransferException(
                  TransferException.Reason.STALLED,
                  "nothing came for " + options.stallTimeout().toSeconds() + " s: " + why(status)));
    }
  }

  private void note(Swarm running, long now) {
    int pieces = running.verified().count();
    if (fetch && now - notedAt >= NOTE && pieces > notedPieces && !running.isComplete()) {
      notedAt = now;
      notedPieces = pieces;
      disk.note(running.verified());
    }
  }

  // ---------------------------------------------------------------- end

  /** Every wanted piece is verified and written. */
  private void complete() {
    if (fetch) {
      disk.finish(goal::wants);
    } else {
      finished();
    }
  }

  private void finished() {
    if (ending) {
      return;
    }
    phase = TransferStatus.Phase.SEEDING;
    Swarm seeding = swarm;
    if (seeding != null) {
      seeding.storageStuck(COMPLETE_STAYS, network.now());
    }
    if (fetch) {
      announcing.complete();
    }
    boolean goesOn = !fetch || options.seedAfter();
    if (goesOn) {
      refresh();
      completion.complete(latest);
    } else {
      end(null);
    }
  }

  /**
   * Ends the transfer.
   *
   * @param why what the completion fails with; null if it is complete
   */
  private void end(@Nullable TransferException why) {
    if (ending) {
      return;
    }
    ending = true;
    boolean unfinished = fetch && phase == TransferStatus.Phase.DOWNLOADING;
    phase = TransferStatus.Phase.STOPPED;
    refresh();
    CompletableFuture<Void> farewell = announcing.stop();
    farewell.thenRun(
        () ->
            onLoop(
                () -> {
                  farewelled = true;
                  settle();
                }));
    torrent.infoHashes().forEach(name -> network.remove(name, host));
    Swarm running = swarm;
    if (running != null) {
      running.close();
    }
    ScheduledFuture<?> task = timer;
    if (task != null) {
      task.cancel(false);
    }
    task = heartbeat;
    if (task != null) {
      task.cancel(false);
    }
    if (why == null) {
      // As the download is complete now, its files and its folder are free when that is told.
      stopped.whenComplete((done, e) -> completion.complete(latest));
    } else {
      stopped.whenComplete((done, e) -> completion.completeExceptionally(why));
    }
    disk.close(unfinished && running != null ? running.verified() : null);
  }

  /** The files and the lock are released. */
  private void closed() {
    client.ended(this);
    onLoop(
        () -> {
          released = true;
          settle();
          loop.schedule(() -> stopped.complete(null), LINGER_SECONDS, TimeUnit.SECONDS);
        });
  }

  private void settle() {
    if (released && connections == 0 && farewelled) {
      stopped.complete(null);
    }
  }

  // ---------------------------------------------------------------- status

  private void refresh() {
    Swarm running = swarm;
    latest = running == null ? statusWithoutSwarm() : status(running);
  }

  private TransferStatus statusWithoutSwarm() {
    PieceSet verified = checkEnded ? copyOf(check.verified()) : new PieceSet(torrent.pieceCount());
    PieceSet done = goal.among(verified);
    return new TransferStatus(
        phase,
        verified,
        done.count(),
        goal.count(),
        check.bytesLooked(),
        Failures.bytesOf(torrent, done),
        goal.bytes(),
        0,
        0,
        0,
        0,
        0,
        List.of(),
        announcing.status(),
        Optional.empty());
  }

  private TransferStatus status(Swarm running) {
    SwarmStatus status = running.status(network.now());
    List<PeerStatus> rows = new ArrayList<>(status.peers().size());
    for (org.peerwire.swarm.PeerStatus peer : status.peers()) {
      rows.add(row(peer));
    }
    boolean moves =
        disk.obstacle() == null
            && (status.stall() == Stall.NONE
                || status.stall() == Stall.COMPLETE
                || status.stall() == Stall.CLOSED);
    return new TransferStatus(
        phase,
        copyOf(running.verified()),
        status.pieces(),
        status.pieceCount(),
        check.bytesLooked(),
        status.bytes(),
        status.totalBytes(),
        status.downloaded(),
        status.uploaded(),
        status.wasted() + status.corrupt(),
        status.downloadSpeed(),
        status.uploadSpeed(),
        List.copyOf(rows),
        announcing.status(),
        moves ? Optional.empty() : Optional.of(why(status)));
  }

  private String why(SwarmStatus status) {
    StorageException obstacle = disk.obstacle();
    if (obstacle != null) {
      return (obstacle.kind() == StorageException.Kind.FULL
              ? "the disk is full, and it goes on when there is room: "
              : "the disk fails, and is tried again: ")
          + obstacle.getMessage();
    }
    if (refusing.isEmpty() || !status.peers().isEmpty()) {
      return status.why() + TrackerWords.why(status.stall(), announcing.status());
    }
    int others = refusing.size() - 1;
    return "encryption is required, and "
        + refusing.iterator().next()
        + (others == 0 ? "" : others == 1 ? " and 1 other" : " and " + others + " others")
        + " did not agree to it";
  }

  private PeerStatus row(org.peerwire.swarm.PeerStatus peer) {
    return new PeerStatus(
        socketAddressOf(peer.address()),
        !peer.outgoing(),
        Optional.ofNullable(peer.peerId()),
        Optional.ofNullable(peer.client()).filter(name -> !name.isBlank()),
        encryption(peer.address()),
        peer.pieces(),
        peer.amChoking(),
        peer.amInterested(),
        peer.peerChoking(),
        peer.peerInterested(),
        peer.requests(),
        peer.snubbed(),
        peer.downloaded(),
        peer.uploaded(),
        peer.downloadSpeed(),
        peer.uploadSpeed());
  }

  private Encryption encryption(PeerAddress address) {
    MseTransport layer = layers.get(address);
    Encryption agreed = layer == null ? arrived.get(address) : layer.encryption();
    return agreed == null ? Encryption.NONE : agreed;
  }

  /** A connection under which encryption lay, or was to, has ended. */
  private void layerEnded(PeerAddress address, MseTransport layer) {
    Swarm running = swarm;
    if (ending || running == null) {
      return;
    }
    if (layer.mayRetryInPlaintext()) {
      downgraded.put(address, false);
      running.redial(address);
      arm();
    } else if (layer.encryption() == null && network.encryption() == EncryptionPolicy.REQUIRE) {
      refusing.add(address);
    }
  }

  private static PieceSet copyOf(Pieces pieces) {
    PieceSet copy = new PieceSet(pieces.size());
    if (pieces.isFull()) {
      copy.addAll();
    } else if (!pieces.isEmpty()) {
      ByteBuffer bits = ByteBuffer.allocate(PieceSet.bitfieldLength(pieces.size()));
      pieces.writeBitfield(bits);
      copy.set(bits.flip());
    }
    return copy;
  }

  private void tell(Consumer<TransferListener> event) {
    listeners.forEach(listener -> tell(listener, event));
  }

  private static void tell(TransferListener listener, Consumer<TransferListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      // Somebody else's mistake ends no transfer.
      return;
    }
  }

  private void warn(@Nullable String sentence) {
    if (sentence != null) {
      onLoop(() -> tell(listener -> listener.warning(sentence)));
    }
  }

  /** As we were told it, since only that knows the zone of a link-local address. */
  private InetSocketAddress socketAddressOf(PeerAddress address) {
    InetSocketAddress known = addresses.get(address);
    return known == null ? Addresses.of(address) : known;
  }

  // ---------------------------------------------------------------- what the others call

  /** Lets peers in and out. */
  private final class Door implements Host {
    @Override
    public @Nullable PeerWire dialled(InetSocketAddress peer) {
      Swarm running = swarm;
      if (running == null) {
        return null;
      }
      PeerWire wire = running.dialled(Addresses.of(peer), network.now());
      if (wire != null) {
        connections++;
      }
      arm();
      return wire;
    }

    @Override
    public @Nullable PeerListener greeted(IncomingPeer incoming, InetSocketAddress peer) {
      Swarm running = swarm;
      if (running == null) {
        return null;
      }
      PeerAddress address = Addresses.of(peer);
      PeerListener listener = running.listener(address, network.now());
      if (listener != null) {
        connections++;
        arrived.put(address, incoming.encryption());
      }
      arm();
      return listener;
    }

    @Override
    public void encrypts(InetSocketAddress peer, MseTransport layer) {
      layers.put(Addresses.of(peer), layer);
    }

    @Override
    public InfoHash infoHash() {
      return torrent.infoHash();
    }

    @Override
    public void disconnected() {
      connections--;
      settle();
    }

    @Override
    public void beforeInput() {
      Swarm running = swarm;
      if (running != null) {
        running.time(network.now());
      }
    }

    @Override
    public void afterInput() {
      arm();
    }
  }

  /** Does what the swarm asks for. */
  private final class Actions implements SwarmActions {
    @Override
    public void connect(PeerAddress address) {
      network.dial(
          socketAddressOf(address),
          host,
          network.encryption() != EncryptionPolicy.OFF && !downgraded.containsKey(address),
          why -> {
            Swarm running = swarm;
            if (running != null && !ending) {
              running.dialFailed(address, why, network.now());
              arm();
            }
          });
    }

    @Override
    public void write(int piece, int begin, ByteBuffer block) {
      gainedAt = network.now();
      disk.write(piece, begin, block);
    }

    @Override
    public void verify(int piece, boolean digests) {
      disk.verify(piece, digests);
    }

    @Override
    public void discard(int piece) {
      disk.discard(piece);
    }

    @Override
    public @Nullable BlockRegion read(int piece, int begin, int length) {
      return disk.read(piece, begin, length);
    }
  }

  /** What trackers want to know, and what they tell. */
  private final class Announced implements Announcing.Torrent {
    @Override
    public Announce.Totals totals() {
      Swarm running = swarm;
      if (running == null) {
        return new Announce.Totals(0, 0, torrent.totalLength());
      }
      SwarmStatus status = running.status(network.now());
      return new Announce.Totals(
          status.uploaded(), status.downloaded(), status.totalBytes() - status.bytes());
    }

    @Override
    public boolean isHungry() {
      Swarm running = swarm;
      return running != null
          && phase == TransferStatus.Phase.DOWNLOADING
          && running.status(network.now()).peers().isEmpty();
    }

    @Override
    public void found(PeerSource tracker, List<PeerAddress> peers) {
      Swarm running = swarm;
      if (running == null || ending) {
        return;
      }
      peers.forEach(peer -> running.addCandidate(peer, tracker));
      arm();
    }

    @Override
    public void announced(TrackerStatus tracker) {
      tell(listener -> listener.trackerAnnounced(tracker));
    }
  }

  /** Passes on what the swarm tells. */
  private final class Events implements SwarmListener {
    @Override
    public void onPiece(int piece) {
      tell(listener -> listener.pieceVerified(piece));
    }

    @Override
    public void onComplete() {
      complete();
    }

    @Override
    public void onCorruptPiece(int piece, int sources) {
      tell(listener -> listener.pieceRejected(piece));
    }

    @Override
    public void onPeer(PeerAddress address, Handshake handshake) {
      refusing.remove(address);
      if (layers.get(address) == null && downgraded.replace(address, false, true)) {
        warn(address + ": " + Violation.MSE_DOWNGRADED.sentence());
      }
      Encryption encryption = encryption(address);
      tell(listener -> listener.peerConnected(socketAddressOf(address), encryption));
    }

    @Override
    public void onPeerGone(PeerAddress address, long downloaded, long uploaded, String why) {
      arrived.remove(address);
      MseTransport layer = layers.remove(address);
      if (layer != null) {
        // The layer sees the end after the wire.
        loop.execute(() -> layerEnded(address, layer));
      } else {
        // Plaintext did not help either: the next attempt begins anew.
        downgraded.remove(address, false);
      }
      tell(
          listener ->
              listener.peerDisconnected(socketAddressOf(address), downloaded, uploaded, why));
    }

    @Override
    public void onBan(PeerAddress address, String why) {
      warn(address + " was banned: " + why);
    }

    @Override
    public void onPoisoned(int piece) {
      warn("piece " + piece + " was wrong from three peers: they, or the torrent, are corrupt");
    }

    @Override
    public void onStorageFailed(int piece, String message) {
      warn(message);
    }
  }

  /** Hears of the disk. */
  private final class Disk implements TransferDisk.Events {
    @Override
    public void looked() {
      TorrentTransfer.this.looked();
    }

    @Override
    public void piece(int piece, boolean right) {
      Swarm running = swarm;
      if (running != null && !ending) {
        running.checked(piece, right, network.now());
        arm();
      }
    }

    @Override
    public void checked() {
      TorrentTransfer.this.checked();
    }

    @Override
    public void verified(int piece, boolean ok, @Nullable BlockDigests digests) {
      Swarm running = swarm;
      if (running != null && !ending) {
        running.verified(piece, ok, digests, network.now());
        arm();
      }
    }

    @Override
    public void vanished(FileEntry file) {
      String why = file.pathText() + " was removed, cut or replaced while it was written";
      warn(why + "; it is fetched again");
      Swarm running = swarm;
      if (running != null && !ending && file.length() > 0) {
        PieceMap map = torrent.pieceMap();
        for (int piece = map.firstPiece(file); piece <= map.lastPiece(file); piece++) {
          running.readFailed(piece, why, network.now());
        }
        // Those that had nothing more for us do now.
        addresses.keySet().forEach(running::redial);
        arm();
      }
    }

    @Override
    public void lost(int piece, StorageException why) {
      Swarm running = swarm;
      if (running != null && !ending) {
        running.writeFailed(piece, String.valueOf(why.getMessage()), network.now());
        arm();
      }
    }

    @Override
    public void stuck(StorageException why) {
      Swarm running = swarm;
      if (running != null && !ending) {
        running.storageStuck(String.valueOf(why.getMessage()), network.now());
      }
    }

    @Override
    public void flows() {
      Swarm running = swarm;
      if (running != null && !ending) {
        running.storageFlows(network.now());
        arm();
      }
    }

    @Override
    public void finished() {
      TorrentTransfer.this.finished();
    }

    @Override
    public void failed(TransferException why) {
      end(why);
    }

    @Override
    public void closed() {
      TorrentTransfer.this.closed();
    }

    @Override
    public void warning(String sentence) {
      warn(sentence);
    }
  }
}
