package org.peerwire.swarm;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerAddress;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.Violation;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.wire.BlockCallback;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

/** One peer: hears its wire, and remembers what the wire does not. */
final class PeerState implements PeerListener, BlockCallback {
  /**
   * A peer that chokes and unchokes in quick succession gets new requests no more often than this.
   */
  private static final long FLAPPING = TimeUnit.SECONDS.toNanos(2);

  private final Swarm swarm;
  private @Nullable PeerWire wire;

  /** What the wire speaks more; null before the peer has named the torrent. */
  @Nullable PeerExtensions extensions;

  final PeerAddress address;
  final boolean outgoing;
  final long since;

  /**
   * What it says it has: our own copy, so that what was counted can be uncounted when it changes.
   */
  final PieceSet has;

  /** How many pieces it has that we lack. */
  int useful;

  /** Whether {@link #has} is not counted piece by piece. */
  boolean countedAsSeed;

  /** Both have shaken hands and the peer is one of the swarm. */
  boolean joined;

  /** It lets us request and does not serve. */
  boolean snubbed;

  long snubbedAt;

  /** It shared in a wrong piece, and fetches pieces alone until one is right. */
  boolean suspect;

  /** Nothing could be asked of it when the supply of blocks was this. */
  long dryAt = -1;

  int timeoutsInARow;
  final Set<Request> requests = new LinkedHashSet<>();

  /** What it asked for and does not get yet, as uploads are limited. */
  final Queue<Block> waiting = new ArrayDeque<>(1);

  final Pipeline pipeline;
  final Choker.Memory choking = new Choker.Memory();

  /** What it, and others of its network, got of us. */
  final Accounts.Account account;

  final FastStart fastStart;
  final Suggestions suggestions = new Suggestions();
  final Doubts doubts = new Doubts();

  /** Whether a block ever came or went, and when that was last. */
  boolean moved;

  long movedAt;

  private final Refusals refusals = new Refusals();
  private final HashServer.Allowance hashAllowance = new HashServer.Allowance();

  private boolean filledAfterUnchoke;
  private long filledAfterUnchokeAt;
  private long timeoutSet;

  /** Why we closed it, for a person; null: the wire tells. */
  @Nullable String closedBecause;

  PeerState(Swarm swarm, PeerAddress address, boolean outgoing) {
    this.swarm = swarm;
    this.address = address;
    this.outgoing = outgoing;
    since = swarm.now();
    has = new PieceSet(swarm.layout.pieceCount());
    account = swarm.accounts.of(address);
    fastStart = new FastStart(swarm, this);
    SwarmOptions options = swarm.options;
    pipeline =
        new Pipeline(
            options.firstPipeline(), options.maxPipeline(), options.requestTimeoutNanos(), since);
  }

  void begin(PeerWire ours) {
    wire = ours;
  }

  /** Sets up what the wire speaks, and greets a peer that we dialled. */
  void introduce() {
    setUp();
    swarm.greet(wire(), address);
  }

  private void setUp() {
    PeerWire ours = wire();
    ours.layout(swarm.layout);
    extensions = swarm.equip(this);
  }

  PeerWire wire() {
    PeerWire known = wire;
    if (known == null) {
      throw new IllegalStateException("no event of the wire has come yet");
    }
    return known;
  }

  /** Whether its wire is closed, and its end was not heard yet. */
  boolean isEnding() {
    PeerWire known = wire;
    return known != null && known.isClosed();
  }

  /** Whether it can be spoken to. */
  boolean isUp() {
    return joined && !wire().isClosed();
  }

  /** Whether a piece may be requested of it now. */
  boolean gives(int piece) {
    return has.contains(piece) && (!wire().peerChoking() || wire().isAllowedFast(piece));
  }

  boolean refuses(int piece, int block) {
    return refusals.refuses(piece, block, swarm.now());
  }

  /** It did not serve a block. Returns whether that is so often that it is to be snubbed. */
  boolean refused(int piece, int block) {
    return refusals.add(piece, block, swarm.now());
  }

  /** A block came or went. */
  void moved() {
    moved = true;
    movedAt = swarm.now();
  }

  void served(int piece, int block) {
    moved();
    refusals.served(piece, block);
    timeoutsInARow = 0;
  }

  /** Whether it was unchoked a moment ago and was asked then. */
  boolean isFlapping() {
    return filledAfterUnchoke && swarm.now() - filledAfterUnchokeAt < FLAPPING;
  }

  void updateInterest() {
    if (isUp()) {
      if (useful > 0) {
        wire().interested();
      } else {
        wire().notInterested();
      }
    }
  }

  /** Time has passed. */
  void tick(long now) {
    if (requests.isEmpty()) {
      pipeline.idle(now);
    } else {
      pipeline.tick(now);
    }
    long timeout = pipeline.timeout();
    // A new timeout begins anew for the oldest request, so small changes are not worth it.
    if (timeoutSet == 0 || Math.abs(timeout - timeoutSet) > TimeUnit.SECONDS.toNanos(3)) {
      setTimeout(timeout);
    }
  }

  void choke() {
    wire().choke();
    swarm.uploads.choked(this);
  }

  void close(Violation violation, String why) {
    if (!wire().isClosed()) {
      closedBecause = why;
      wire().close(violation, "");
    }
  }

  void close(String why) {
    if (!wire().isClosed()) {
      closedBecause = why;
      wire().close();
    }
  }

  // ---------------------------------------------------------------- events

  @Override
  public void onInfoHash(PeerWire from, InfoHash infoHash, long reserved) {
    wire = from;
    if (!outgoing) {
      InfoHash answer = swarm.answerTo(infoHash, reserved);
      if (answer == null) {
        from.close(Violation.UNKNOWN_INFO_HASH, "");
      } else {
        setUp();
        from.handshake(answer, swarm.peerId);
      }
    }
  }

  @Override
  public void onHandshake(PeerWire from, Handshake handshake) {
    if (swarm.places.joins(this, handshake)) {
      joined = true;
      from.bitfield(swarm.verified());
      from.setKeepAlive(true);
      setTimeout(pipeline.timeout());
      swarm.joined(this, handshake);
    }
  }

  @Override
  public void onBitfield(PeerWire from, Pieces pieces) {
    if (joined) {
      swarm.downloads.has(this, pieces);
      changed();
    }
  }

  @Override
  public void onHave(PeerWire from, int piece) {
    if (joined) {
      swarm.downloads.has(this, piece);
      changed();
    }
  }

  @Override
  public void onExtensionHandshake(PeerWire from, ExtensionHandshake told) {
    PeerExtensions ours = extensions;
    if (joined && ours != null) {
      ours.heard(told);
    }
  }

  @Override
  public void onUnchoke(PeerWire from) {
    if (!isFlapping()) {
      dryAt = -1;
      swarm.downloads.fill(this);
      filledAfterUnchoke = true;
      filledAfterUnchokeAt = swarm.now();
    }
  }

  @Override
  public void onAllowedFast(PeerWire from, int piece) {
    dryAt = -1;
    swarm.downloads.fill(this);
  }

  @Override
  public void onSuggestPiece(PeerWire from, int piece) {
    suggestions.add(piece);
  }

  @Override
  public void onInterested(PeerWire from) {
    if (joined) {
      swarm.interested(this);
      fastStart.offer();
    }
  }

  @Override
  public void onRequest(PeerWire from, int piece, int begin, int length) {
    swarm.uploads.asked(this, piece, begin, length);
  }

  @Override
  public void onCancel(PeerWire from, int piece, int begin, int length) {
    swarm.uploads.cancelled(this, piece, begin, length);
  }

  @Override
  public void onHashRequest(PeerWire from, HashRange range) {
    swarm.hashes.request(from, range, hashAllowance, swarm.now());
  }

  @Override
  public void onUpload(PeerWire from, int bytes) {
    moved();
    swarm.uploaded(this);
  }

  @Override
  public void onClose(PeerWire from, CloseCause cause) {
    swarm.gone(this, cause);
  }

  @Override
  public void ended(RequestOutcome outcome, int piece, int begin, ByteBuffer block) {
    if (outcome == RequestOutcome.BLOCK) {
      swarm.downloads.block(this, piece, begin, block);
    } else {
      swarm.downloads.ended(this, outcome, piece, begin);
    }
  }

  @Override
  public String toString() {
    return address + (wire == null ? "" : " " + wire);
  }

  private void changed() {
    dryAt = -1;
    if (!swarm.closedAsUseless(this)) {
      updateInterest();
      swarm.downloads.fill(this);
    }
  }

  private void setTimeout(long nanos) {
    timeoutSet = nanos;
    wire().requestTimeout(Duration.ofNanos(nanos));
  }
}
