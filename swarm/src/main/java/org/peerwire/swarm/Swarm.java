package org.peerwire.swarm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerAddress;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.Pieces;
import org.peerwire.Violation;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.pex.PexContacts;
import org.peerwire.swarm.dial.Candidates;
import org.peerwire.swarm.dial.Outcome;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.swarm.merkle.HashedFile;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * One torrent over many wires: fetches what is missing and serves what is there. It does no I/O;
 * its client does:
 *
 * <pre>
 *   a peer is known           {@link #addCandidate}; the swarm asks for it by {@link SwarmActions#connect}
 *   a connection stands       {@link #dialled} or {@link #accepted}; drive the wire that is returned
 *   a dial failed             {@link #dialFailed}
 *   before a transport call   {@link #time}
 *   a piece was hashed        {@link #verified}
 *   one that was there was    {@link #checked}
 *   leaves were computed      {@link #leaves}
 *   the storage failed        {@link #writeFailed}, {@link #readFailed}
 *   after any call            {@link #nanosUntilTick}
 *   that long passed          {@link #tick}; an early call does no harm
 * </pre>
 *
 * <p>A swarm calls verbs of all its wires, also inside the events of one. So what a transport is
 * given by {@link org.peerwire.wire.WireTransport#onWork} should be done soon, not inside of the
 * verb.
 *
 * <p>{@code now} is the clock that the transports are given, in nanoseconds; it only grows. A swarm
 * and all of its wires belong to one thread at a time, and no two calls of them run at once.
 * Nothing here throws for what a peer does.
 */
public final class Swarm {
  /** How often it is looked after while blocks are on their way, and while not. */
  private static final long BUSY = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long IDLE = TimeUnit.SECONDS.toNanos(1);

  final InfoHash infoHash;
  final PeerId peerId;
  final PieceLayout layout;
  final SwarmOptions options;
  final SwarmActions actions;
  final SwarmListener listener;

  /** All wires that have not ended, also those that still shake hands. */
  final List<PeerState> peers = new ArrayList<>();

  final Downloads downloads;
  final Uploads uploads = new Uploads(this);
  final Candidates candidates;

  /** Whom we are connected to, as other peers are told. */
  final PexContacts contacts = new PexContacts();

  final Bans bans;
  final Accounts accounts = new Accounts();
  private final Choker choker;
  final Places places = new Places(this);
  private final long totalBytes;
  private final long wantedBytes;

  /** The info dictionary, for those that have only its hash. */
  private @Nullable ByteBuffer info;

  /** The v2 info-hash of a hybrid torrent. */
  private @Nullable InfoHash upgrade;

  private final LeafServer leaves;
  final HashServer hashes;
  private long now;
  private boolean ticked;
  private long tickedAt;
  private boolean closed;
  private boolean completed;

  private long goneDownloaded;
  private long goneUploaded;
  private long goneWasted;

  /**
   * A swarm without peers.
   *
   * @param infoHash the torrent
   * @param peerId our own name
   * @param layout how the torrent is cut
   * @param verified the pieces that are stored and verified already; copied
   * @param options limits and habits
   * @param actions what the swarm asks of its client
   * @param listener told how it goes
   * @param seed of every choice by chance: the same seed and the same calls give the same actions
   * @throws IllegalArgumentException if {@code verified}, or what is wanted, is of another number
   *     of pieces than the layout
   */
  public Swarm(
      InfoHash infoHash,
      PeerId peerId,
      PieceLayout layout,
      Pieces verified,
      SwarmOptions options,
      SwarmActions actions,
      SwarmListener listener,
      long seed) {
    if (verified.size() != layout.pieceCount() && !verified.isEmpty()) {
      throw new IllegalArgumentException(verified + " of " + layout.pieceCount());
    }
    Pieces wanted = options.wanted();
    if (wanted != null && wanted.size() != layout.pieceCount()) {
      throw new IllegalArgumentException(wanted + " of " + layout.pieceCount());
    }
    this.infoHash = infoHash;
    this.peerId = peerId;
    this.layout = layout;
    this.options = options;
    this.actions = actions;
    this.listener = listener;
    long all = 0;
    long some = 0;
    for (int piece = 0; piece < layout.pieceCount(); piece++) {
      all += layout.pieceLength(piece);
      some += wanted == null || wanted.contains(piece) ? layout.pieceLength(piece) : 0;
    }
    totalBytes = all;
    wantedBytes = some;
    SplitMix64 random = new SplitMix64(seed);
    downloads = new Downloads(this, verified, totalBytes, random);
    candidates =
        new Candidates(
            options.maxCandidates(), options.maxPeers(), options.anyPort(), random.nextLong());
    leaves = new LeafServer(piece -> verified().contains(piece), actions::leaves);
    hashes = new HashServer(leaves);
    bans = new Bans(options.banNanos());
    choker = new Choker(options.uploadSlots(), accounts);
    completed = isComplete();
  }

  /**
   * Serves the info dictionary to peers that have only its hash, as those with a magnet link (<a
   * href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>). Only peers of the torrent are
   * served, so a private one may be given too.
   *
   * @param bytes the original bytes, from position to limit, that have the info-hash. Not copied;
   *     not to be changed any more
   */
  public void serveMetadata(ByteBuffer bytes) {
    ByteBuffer mine = bytes.slice().asReadOnlyBuffer();
    info = mine;
    for (PeerState peer : peers) {
      PeerExtensions extensions = peer.extensions;
      if (extensions != null) {
        extensions.metadata.serve(mine);
      }
    }
  }

  /**
   * Bounds from now on how much comes and goes, in bytes of blocks. Swarms of one thread may share
   * limits.
   */
  public void limit(RateLimit download, RateLimit upload) {
    downloads.limit = download;
    uploads.limit = upload;
  }

  /**
   * Serves hashes of a v2 or hybrid torrent to peers that ask for them (<a
   * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>): those from the layer of the
   * pieces upwards, and, by way of {@link SwarmActions#leaves}, those below, of pieces that are
   * verified.
   *
   * @param files the file with such a root
   */
  public void serveHashes(Function<ByteBuffer, Optional<HashedFile>> files) {
    hashes.serve(files);
  }

  /**
   * The answer to {@link SwarmActions#leaves}.
   *
   * @param hashes the SHA-256 of each 16 KiB of the pieces' data, one after the other; not copied.
   *     Null if the data can't be read
   */
  public void leaves(@Nullable ByteBuffer hashes, long now) {
    time(now);
    leaves
        .read(hashes)
        .ifPresent(piece -> readFailed(piece, "piece " + piece + " is not what it was", now));
  }

  /**
   * The torrent is a hybrid: peers may also name it by this info-hash, and those that name the
   * other one and offer to be upgraded are answered with this one. To be told before there are
   * peers.
   *
   * @param infoHash the truncated v2 info-hash
   */
  public void upgradesTo(InfoHash infoHash) {
    upgrade = infoHash;
  }

  // ---------------------------------------------------------------- peers

  /**
   * A peer that may be connected to. It is dialled in {@link #tick}: one that the user named soon
   * and again and again, also while there is nothing to fetch; one that calls for peers on the
   * local network once for each call; any other one when it is its turn, while there is something
   * to fetch. All but those of the user are given up after two failures.
   *
   * @param source who told it, and where that is: a stranger is not believed everything
   * @return whether it was taken: not if it is known already, banned, not credible, or too many are
   *     known; and if the torrent is private, not from other peers or from the local network
   */
  public boolean addCandidate(PeerAddress address, PeerSource source) {
    return addCandidate(address, source, infoHash);
  }

  /**
   * As {@link #addCandidate(PeerAddress, PeerSource)}, of a hybrid torrent.
   *
   * @param named the info-hash by which the peer knows the torrent, as far as is known. Who is
   *     known by that of {@link #upgradesTo} alone is spoken to under that
   */
  public boolean addCandidate(PeerAddress address, PeerSource source, InfoHash named) {
    InfoHash other = upgrade;
    boolean upgraded = other != null && named.equals(other);
    boolean open =
        !options.isPrivate()
            || source.kind() == PeerSource.Kind.USER
            || source.kind() == PeerSource.Kind.TRACKER;
    return open
        && !closed
        && !bans.contains(address, now)
        && candidates.add(address, source, upgraded, now);
  }

  /**
   * We connected to a peer, as {@link SwarmActions#connect} asked.
   *
   * @return a new wire, to be driven; our handshake waits in it. Null if the peer is not welcome
   *     any more: drop the connection
   */
  public @Nullable PeerWire dialled(PeerAddress address, long now) {
    time(now);
    boolean known = candidates.dialled(address);
    if (places.isFull() || places.isBanned(address)) {
      if (known) {
        candidates.lost(address, Outcome.USELESS, now);
      }
      return null;
    }
    PeerState peer = new PeerState(this, address, true);
    PeerWire wire = new PeerWire(peer, options.wire());
    peer.begin(wire);
    peers.add(peer);
    peer.introduce();
    return wire;
  }

  /**
   * We could not connect to a peer, as {@link SwarmActions#connect} asked.
   *
   * @param why one line for a person
   */
  public void dialFailed(PeerAddress address, String why, long now) {
    time(now);
    candidates.lost(address, Outcome.FAILED, now);
    listener.onPeerGone(address, 0, 0, why);
  }

  /**
   * A connection that we made has ended, and the client knows of another way to that peer, such as
   * without encryption: it is dialled again in the next {@link #tick}, which is due at once.
   */
  public void redial(PeerAddress address) {
    candidates.hasten(address);
  }

  /**
   * A peer connected to us.
   *
   * @return a new wire, to be driven. It says nothing until the peer has asked for this torrent.
   *     Null if there are too many peers or this one is banned: drop the connection
   */
  public @Nullable PeerWire accepted(PeerAddress address, long now) {
    PeerState peer = accept(address, now);
    if (peer == null) {
      return null;
    }
    PeerWire wire = new PeerWire(peer, options.wire());
    peer.begin(wire);
    return wire;
  }

  /**
   * As {@link #accepted}, for a client that makes the wire itself because it can't know the torrent
   * before the peer has named it: it passes every event of the wire on to what is returned, from
   * {@link PeerListener#onInfoHash} on; {@link PeerWire#handOver} does.
   */
  public @Nullable PeerListener listener(PeerAddress address, long now) {
    return accept(address, now);
  }

  // ---------------------------------------------------------------- storage

  /**
   * As {@link #verified(int, boolean, BlockDigests, long)} without digests: blame is found more
   * slowly.
   */
  public void verified(int piece, boolean ok, long now) {
    verified(piece, ok, null, now);
  }

  /**
   * Pieces that may be stored already, and are still to be read: until {@link #checked} they are
   * neither asked for nor served. To be called once, before any peer is known.
   *
   * @param pieces of the layout's number; not one of the verified ones
   */
  public void unchecked(Pieces pieces) {
    downloads.unchecked(pieces);
  }

  /**
   * One of the {@link #unchecked} pieces was read. Ignored if it is none of them.
   *
   * @param piece piece index, from 0
   * @param right whether it is stored and has the right hash; if not, it is fetched
   */
  public void checked(int piece, boolean right, long now) {
    time(now);
    if (closed || !downloads.checked(piece, right)) {
      return;
    }
    if (right) {
      announce(piece);
      endIfComplete();
    }
    downloads.fillAll();
  }

  /**
   * The answer to {@link SwarmActions#verify}. Ignored if the piece is not being verified, as after
   * {@link #writeFailed}.
   *
   * @param piece piece index, from 0
   * @param ok whether the piece has the right hash and is stored. From now on it is announced,
   *     served and counted
   * @param digests of the piece as it was received, if it is wrong or they were asked for
   */
  public void verified(int piece, boolean ok, @Nullable BlockDigests digests, long now) {
    time(now);
    if (closed) {
      return;
    }
    Set<PeerState> liars = downloads.verified(piece, ok, digests);
    if (liars == null) {
      return;
    }
    if (ok) {
      listener.onPiece(piece);
      announce(piece);
    }
    for (PeerState liar : liars) {
      ban(liar, "it sent corrupt data of piece " + piece);
    }
    endIfComplete();
    downloads.fillAll();
  }

  /** A piece is here now. */
  private void announce(int piece) {
    for (PeerState peer : List.copyOf(peers)) {
      if (peer.isUp() && !peer.has.isFull()) {
        peer.wire().have(piece);
        peer.fastStart.have(piece);
      }
      peer.updateInterest();
    }
  }

  private void endIfComplete() {
    if (isComplete() && !completed) {
      completed = true;
      listener.onComplete();
      for (PeerState peer : List.copyOf(peers)) {
        tellUploadOnly(peer);
        closedAsUseless(peer);
      }
    }
  }

  /**
   * A block that was given to {@link SwarmActions#write}, or its piece, could not be stored. The
   * piece is fetched again, and nothing is requested for a while. It also answers {@link
   * SwarmActions#verify}.
   *
   * @param message what went wrong, for a person
   */
  public void writeFailed(int piece, String message, long now) {
    time(now);
    if (!closed) {
      downloads.writeFailed(piece, message);
      listener.onStorageFailed(piece, message);
    }
  }

  /**
   * The storage takes nothing now, as a disk that is full: nothing is requested until {@link
   * #storageFlows}. What is asked for still comes, and is given to {@link SwarmActions#write};
   * peers are served.
   *
   * @param message what is the matter, for a person
   */
  public void storageStuck(String message, long now) {
    time(now);
    downloads.storageStuck(message);
  }

  /** The storage takes blocks again. */
  public void storageFlows(long now) {
    time(now);
    downloads.storageFlows();
    if (!closed) {
      downloads.fillAll();
    }
  }

  /**
   * A verified piece can't be read, or is not what it was. It is not served any more, and fetched
   * again.
   *
   * @param message what went wrong, for a person
   */
  public void readFailed(int piece, String message, long now) {
    time(now);
    if (!closed && downloads.lost(piece)) {
      completed = isComplete();
      listener.onStorageFailed(piece, message);
      for (PeerState peer : List.copyOf(peers)) {
        PeerExtensions extensions = peer.extensions;
        if (extensions != null && peer.isUp()) {
          extensions.dontHave.dontHave(piece);
        }
        tellUploadOnly(peer);
        peer.updateInterest();
      }
      downloads.fillAll();
    }
  }

  // ---------------------------------------------------------------- time

  /**
   * Tells the time, and does nothing else. Events of wires do not carry the time, so call it before
   * their transports.
   */
  public void time(long now) {
    // It only grows; System.nanoTime may wrap, so only the difference counts.
    if (!ticked || now - this.now > 0) {
      this.now = now;
    }
  }

  /** Time has passed: dials, chokes and unchokes, asks for more. Does nothing if nothing is due. */
  public void tick(long now) {
    time(now);
    ticked = true;
    tickedAt = now;
    if (closed) {
      return;
    }
    places.dial();
    for (PeerState peer : List.copyOf(peers)) {
      if (peer.isUp()) {
        peer.tick(now);
      }
    }
    choker.tick(peers, isComplete(), now);
    uploads.tick();
    downloads.tick(now);
  }

  /** In how many nanoseconds {@link #tick} is due: 0 for now, {@link Long#MAX_VALUE} for never. */
  public long nanosUntilTick(long now) {
    if (closed) {
      return Candidates.NEVER;
    }
    long due = Candidates.NEVER;
    boolean busy = false;
    for (PeerState peer : peers) {
      busy |= !peer.requests.isEmpty();
    }
    if (!peers.isEmpty() || downloads.storageFailure() != null) {
      due = !ticked ? 0 : (busy ? BUSY : IDLE) - (now - tickedAt);
    }
    due = Math.min(due, Math.min(uploads.nanosUntilTick(now), downloads.nanosUntilTick(now)));
    if (places.mayDial()) {
      due = Math.min(due, candidates.nanosUntilNext(now, isComplete()));
    }
    return Math.max(0, due);
  }

  // ---------------------------------------------------------------- state

  /** The pieces that are verified and stored; a view that changes. */
  public Pieces verified() {
    return downloads.have;
  }

  /** Whether every wanted piece is verified and stored. */
  public boolean isComplete() {
    return downloads.missing.isEmpty();
  }

  /** Everything at once, as values. */
  public SwarmStatus status(long now) {
    time(now);
    List<PeerStatus> rows = new ArrayList<>();
    long downloaded = goneDownloaded;
    long uploaded = goneUploaded;
    double downloadSpeed = 0;
    double uploadSpeed = 0;
    for (PeerState peer : peers) {
      if (peer.isUp()) {
        PeerStatus row = row(peer);
        rows.add(row);
        downloadSpeed += row.downloadSpeed();
        uploadSpeed += row.uploadSpeed();
        downloaded += row.downloaded();
        uploaded += row.uploaded();
      }
    }
    long wasted = wastedByWires();
    Diagnosis diagnosis = new Diagnosis(this);
    return new SwarmStatus(
        wantedCount() - downloads.missing.count(),
        wantedCount(),
        verifiedBytes(),
        wantedBytes,
        downloaded + wasted,
        uploaded,
        wasted + downloads.dropped,
        downloads.corrupt,
        downloads.fetched,
        downloadSpeed,
        uploadSpeed,
        diagnosis.stall,
        diagnosis.why,
        rows,
        candidates.size(),
        bans.size());
  }

  /**
   * Closes every wire and dials no more; drive the wires until they have ended. Later calls do
   * nothing.
   */
  public void close() {
    closed = true;
    for (PeerState peer : List.copyOf(peers)) {
      peer.close("the swarm was closed");
    }
  }

  // ---------------------------------------------------------------- inside

  /** What each wire of the torrent speaks beside the base protocol. */
  PeerExtensions equip(PeerState peer) {
    PeerExtensions extensions = new PeerExtensions(this, peer);
    ByteBuffer known = info;
    if (known != null) {
      extensions.metadata.serve(known);
    }
    return extensions;
  }

  /** A peer does not have a piece any more. */
  void hasNot(PeerState peer, int piece) {
    downloads.hasNot(peer, piece);
    peer.updateInterest();
  }

  /** A peer downloads nothing any more, or does so again. */
  void wantsNothing(PeerState peer) {
    if (!closedAsUseless(peer) && peer.extensions != null) {
      peer.extensions.tellOthers();
    }
  }

  private void tellUploadOnly(PeerState peer) {
    PeerExtensions extensions = peer.extensions;
    if (extensions != null && peer.isUp()) {
      extensions.uploadOnly.uploadOnly(isComplete());
    }
  }

  /** The info-hash under which a peer is spoken to that we dial. */
  public InfoHash nameFor(PeerAddress address) {
    InfoHash other = upgrade;
    return other != null && candidates.isUpgraded(address) ? other : infoHash;
  }

  /** Sends the handshake to a peer that we dialled. */
  void greet(PeerWire wire, PeerAddress address) {
    InfoHash other = upgrade;
    if (other == null || nameFor(address).equals(other)) {
      wire.handshake(other == null ? infoHash : other, peerId);
    } else {
      wire.upgradesTo(other);
      wire.handshake(infoHash, peerId, Feature.V2_UPGRADE);
    }
  }

  /**
   * The info-hash to answer a peer with that dialled us; null if it wants another torrent.
   *
   * @param named the info-hash that it named
   * @param reserved what it offers
   */
  @Nullable InfoHash answerTo(InfoHash named, long reserved) {
    InfoHash other = upgrade;
    if (named.equals(infoHash)) {
      return other != null && (reserved & Feature.V2_UPGRADE.mask()) != 0 ? other : named;
    }
    return other != null && named.equals(other) ? named : null;
  }

  /** The latest time that is known. */
  long now() {
    return now;
  }

  boolean isClosed() {
    return closed;
  }

  void joined(PeerState peer, Handshake handshake) {
    PeerExtensions extensions = peer.extensions;
    if (extensions != null) {
      extensions.joined();
    }
    listener.onPeer(peer.address, handshake);
  }

  void interested(PeerState peer) {
    choker.interested(peer, peers, now);
  }

  /** A block went to a peer. */
  void uploaded(PeerState peer) {
    if (!peer.choking.overdownloaded
        && peer.has.isEmpty()
        && peer.wire().uploaded() > 2 * totalBytes) {
      peer.choking.overdownloaded = true;
      listener.onOverdownload(peer.address);
    }
  }

  /** Closes a connection between two that want nothing. Returns whether it did. */
  boolean closedAsUseless(PeerState peer) {
    PeerExtensions extensions = peer.extensions;
    if (options.closeSeeds()
        && isComplete()
        && peer.isUp()
        && extensions != null
        && extensions.wantsNothing()) {
      peer.close(peer.has.isFull() ? "both have everything" : "neither downloads");
      return true;
    }
    return false;
  }

  void gone(PeerState peer, CloseCause cause) {
    if (!peers.remove(peer)) {
      return;
    }
    PeerWire wire = peer.wire();
    goneDownloaded += wire.downloaded();
    goneUploaded += wire.uploaded();
    goneWasted += wire.wasted();
    downloads.left(peer);
    uploads.left(peer);
    places.left(peer, cause);
    listener.onPeerGone(peer.address, wire.downloaded(), wire.uploaded(), why(peer, cause));
    downloads.fillAll();
  }

  private static String why(PeerState peer, CloseCause cause) {
    String ours = peer.closedBecause;
    if (ours != null) {
      return ours;
    }
    boolean left = cause instanceof CloseCause.ByPeer || cause instanceof CloseCause.CutInFrame;
    return left && !peer.joined
        ? "it closed before it shook hands, and may not have this torrent"
        : cause.toString();
  }

  long wastedByWires() {
    long wasted = goneWasted;
    for (PeerState peer : peers) {
      wasted += peer.joined ? peer.wire().wasted() : 0;
    }
    return wasted;
  }

  private @Nullable PeerState accept(PeerAddress address, long now) {
    time(now);
    if (!places.admit(address)) {
      return null;
    }
    PeerState peer = new PeerState(this, address, false);
    peers.add(peer);
    return peer;
  }

  private void ban(PeerState liar, String why) {
    if (bans.contains(liar.address, now)) {
      return;
    }
    bans.add(liar.address, now);
    downloads.distrust(liar);
    listener.onBan(liar.address, why);
    for (PeerState peer : List.copyOf(peers)) {
      if (peer == liar && layout.hasHashes()) {
        peer.close(Violation.CORRUPT_BLOCK, "banned: " + why);
      } else if (peer == liar || Bans.together(peer.address, liar.address)) {
        peer.close("banned: " + why);
      }
    }
    candidates.forget(liar.address, now);
  }

  private int wantedCount() {
    Pieces wanted = options.wanted();
    return wanted == null ? layout.pieceCount() : wanted.count();
  }

  /** How many bytes the wanted pieces have that are verified. */
  private long verifiedBytes() {
    Pieces missing = downloads.missing;
    long bytes = wantedBytes;
    for (int piece = missing.next(0); piece >= 0; piece = missing.next(piece + 1)) {
      bytes -= layout.pieceLength(piece);
    }
    return bytes;
  }

  private static PeerStatus row(PeerState peer) {
    PeerWire wire = peer.wire();
    Handshake handshake = wire.peerHandshake();
    ExtensionHandshake extensions = wire.peerExtensions();
    return new PeerStatus(
        peer.address,
        handshake == null ? null : handshake.peerId(),
        extensions == null ? null : extensions.v(),
        peer.outgoing,
        peer.has.count(),
        wire.downloaded(),
        wire.uploaded(),
        wire.downloadSpeed(),
        wire.uploadSpeed(),
        wire.amChoking(),
        wire.amInterested(),
        wire.peerChoking(),
        wire.peerInterested(),
        wire.requestCount(),
        peer.snubbed);
  }
}
