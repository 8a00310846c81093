package org.peerwire.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
import org.peerwire.client.local.LocalDiscovery;
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
  private final EncryptionLedger encryption;
  private final StatusReport report;
  private final Audience audience = new Audience();
  private final CompletableFuture<TransferStatus> completion = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  private volatile TransferStatus latest;
  private volatile boolean refreshing;

  // All that follows belongs to the loop.
  private final Host host = new Door();
  private final LocalDiscovery.Torrent local = new Local();
  private final Set<PeerAddress> candidates = new LinkedHashSet<>();
  private final Map<PeerAddress, InetSocketAddress> addresses = new HashMap<>();

  private @Nullable Swarm swarm;
  private @Nullable SwarmTimer timer;
  private TransferStatus.Phase phase = TransferStatus.Phase.CHECKING;
  private @Nullable ScheduledFuture<?> heartbeat;
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
            torrent.infoHashes(),
            client.peerId(),
            network.listenAddress().map(InetSocketAddress::getPort).orElse(0),
            client.random()::nextBytes);
    encryption = new EncryptionLedger(network.encryption());
    report = new StatusReport(torrent, goal, disk, announcing, encryption, this::socketAddressOf);
    latest = report.alone(phase, false);
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
    audience.add(listener);
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
    TransferException refusal =
        new Objections(torrent, check).toFetch(new PieceSet(torrent.pieceCount()), true);
    if (refusal != null) {
      end(refusal);
      return;
    }
    start(Goal.copyOf(check.verified()), check.candidates());
  }

  private void checked() {
    checkEnded = true;
    if (ending) {
      return;
    }
    PieceSet verified = check.verified();
    audience.tell(listener -> listener.checked(goal.among(verified)));
    Objections objections = new Objections(torrent, check);
    TransferException refusal =
        check.isInconsistent()
            ? Failures.inconsistent(torrent)
            : fetch
                ? objections.toFetch(verified, store.isResumed() || options.overwrite())
                : objections.toServe(verified);
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
    timer = new SwarmTimer(loop, network::now, running);
    client.limit(running);
    running.unchecked(unchecked);
    running.serveMetadata(torrent.infoBytes());
    running.serveHashes(torrent::hashedFile);
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
    if (options.sources().local() && !torrent.isPrivate()) {
      names.forEach(name -> client.local().add(name, local));
    }
    arm();
  }

  private SwarmOptions swarmOptions() {
    SwarmOptions.Builder swarms =
        SwarmOptions.builder()
            .wire(Network.WIRE)
            .sequential(options.sequential())
            .maxPeers(options.maxPeers())
            .anyPort(options.anyPort())
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

  // ---------------------------------------------------------------- time

  /** After every call of the swarm. */
  private void arm() {
    SwarmTimer running = timer;
    if (running != null && !ending) {
      running.arm();
    }
  }

  /** While there is a swarm: does that, and sees to what it makes due. */
  private void inSwarm(Consumer<Swarm> call) {
    Swarm running = swarm;
    if (running != null && !ending) {
      call.accept(running);
      arm();
    }
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
    } else if (isForsaken(status)) {
      end(new TransferException(TransferException.Reason.STALLED, report.why(status)));
    } else if (!options.stallTimeout().isZero()
        && now - gainedAt >= options.stallTimeout().toNanos()) {
      StorageException obstacle = disk.obstacle();
      end(
          obstacle != null
              ? Failures.told(obstacle)
              : new TransferException(
                  TransferException.Reason.STALLED,
                  "nothing came for "
                      + options.stallTimeout().toSeconds()
                      + " s: "
                      + report.why(status)));
    }
  }

  /**
   * Whether every peer refuses the encryption that is required, and nobody can name or be another.
   */
  private boolean isForsaken(SwarmStatus status) {
    return encryption.refusing() > 0
        && encryption.refusing() >= status.candidates()
        && status.peers().isEmpty()
        && announcing.status().isEmpty()
        && (!options.sources().local() || torrent.isPrivate())
        && network.listenAddress().isEmpty();
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
    torrent.infoHashes().forEach(name -> client.local().remove(name, local));
    Swarm running = swarm;
    if (running != null) {
      running.close();
    }
    SwarmTimer ticks = timer;
    if (ticks != null) {
      ticks.stop();
    }
    ScheduledFuture<?> task = heartbeat;
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
    latest =
        running == null
            ? report.alone(phase, checkEnded)
            : report.among(running, phase, network.now());
  }

  /** A connection under which encryption lay, or was to, has ended. */
  private void layerEnded(PeerAddress address, MseTransport layer) {
    inSwarm(
        running -> {
          if (encryption.ended(address, layer)) {
            running.redial(address);
            return;
          }
          long seconds = encryption.askedAgainIn(address);
          if (seconds > 0) {
            loop.schedule(() -> inSwarm(later -> later.redial(address)), seconds, TimeUnit.SECONDS);
          }
        });
  }

  private void warn(@Nullable String sentence) {
    if (sentence != null) {
      onLoop(() -> audience.tell(listener -> listener.warning(sentence)));
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
        encryption.arrived(address, incoming.encryption());
      }
      arm();
      return listener;
    }

    @Override
    public void encrypts(InetSocketAddress peer, MseTransport layer) {
      encryption.dialled(Addresses.of(peer), layer);
    }

    @Override
    public InfoHash infoHash(InetSocketAddress peer) {
      Swarm running = swarm;
      return running == null ? torrent.infoHash() : running.nameFor(Addresses.of(peer));
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
          encryption.dialsEncrypted(address),
          why -> inSwarm(running -> running.dialFailed(address, why, network.now())));
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

    @Override
    public boolean leaves(int firstPiece, int lastPiece) {
      disk.leaves(firstPiece, lastPiece);
      return true;
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
    public void found(PeerSource tracker, InfoHash named, List<PeerAddress> peers) {
      inSwarm(running -> peers.forEach(peer -> running.addCandidate(peer, tracker, named)));
    }

    @Override
    public void announced(TrackerStatus tracker) {
      audience.tell(listener -> listener.trackerAnnounced(tracker));
    }
  }

  /** Hears of peers on the local network. */
  private final class Local implements LocalDiscovery.Torrent {
    @Override
    public void heard(InetSocketAddress peer, InfoHash named) {
      PeerAddress address = Addresses.of(peer);
      PeerSource source = PeerSource.local(address.ip());
      inSwarm(running -> running.addCandidate(address, source, named));
    }

    @Override
    public void warning(String sentence) {
      warn(sentence);
    }
  }

  /** Passes on what the swarm tells. */
  private final class Events implements SwarmListener {
    @Override
    public void onPiece(int piece) {
      audience.tell(listener -> listener.pieceVerified(piece));
    }

    @Override
    public void onComplete() {
      complete();
    }

    @Override
    public void onCorruptPiece(int piece, int sources) {
      audience.tell(listener -> listener.pieceRejected(piece));
    }

    @Override
    public void onPeer(PeerAddress address, Handshake handshake) {
      if (encryption.greeted(address)) {
        warn(address + ": " + Violation.MSE_DOWNGRADED.sentence());
      }
      Encryption agreed = encryption.of(address);
      audience.tell(listener -> listener.peerConnected(socketAddressOf(address), agreed));
    }

    @Override
    public void onPeerGone(PeerAddress address, long downloaded, long uploaded, String why) {
      MseTransport layer = encryption.gone(address);
      if (layer != null) {
        // The layer sees the end after the wire.
        loop.execute(() -> layerEnded(address, layer));
      }
      audience.tell(
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
      inSwarm(running -> running.checked(piece, right, network.now()));
    }

    @Override
    public void checked() {
      TorrentTransfer.this.checked();
    }

    @Override
    public void verified(int piece, boolean ok, @Nullable BlockDigests digests) {
      inSwarm(running -> running.verified(piece, ok, digests, network.now()));
    }

    @Override
    public void leaves(@Nullable ByteBuffer hashes) {
      inSwarm(running -> running.leaves(hashes, network.now()));
    }

    @Override
    public void unreadable(int piece, StorageException why) {
      inSwarm(
          running -> running.readFailed(piece, String.valueOf(why.getMessage()), network.now()));
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
      inSwarm(
          running -> running.writeFailed(piece, String.valueOf(why.getMessage()), network.now()));
    }

    @Override
    public void stuck(StorageException why) {
      inSwarm(running -> running.storageStuck(String.valueOf(why.getMessage()), network.now()));
    }

    @Override
    public void flows() {
      inSwarm(running -> running.storageFlows(network.now()));
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
