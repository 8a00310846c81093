package org.peerwire.swarm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.swarm.dial.Candidates;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

/**
 * What is asked of whom. A peer with room in its pipeline gets, in this order: a free block of a
 * piece that was begun; the first block of a new piece; a piece that was begun and left lying; and,
 * when everything is asked of someone, a block that another peer is slow with.
 *
 * <p>Whoever calls a verb of a wire here has finished with the state before: a transport may do its
 * work, and raise events, inside the verb.
 */
final class Downloads {
  /** How many blocks a peer is asked for at once that another peer was asked for. */
  private static final int DUPLICATES_A_PEER = 4;

  /**
   * After this, the requests that a peer does not answer are taken for lost, and it is asked for
   * one block anew.
   */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private static final long STORAGE_PAUSE = TimeUnit.SECONDS.toNanos(10);

  private final Swarm swarm;

  /** Verified and stored. */
  final PieceSet have;

  /** Which pieces are fetched; null: all. */
  private final @Nullable Pieces wanted;

  /** Wanted, and not verified and stored. */
  final PieceSet missing;

  /** May be stored, and is not wanted until it was read. */
  private final PieceSet unchecked;

  final Picker picker;
  private final Holdings holdings;
  final Blame blame = new Blame();

  private final Map<Integer, PieceProgress> begun = new LinkedHashMap<>();

  /** Those of the begun pieces that have free blocks. */
  private final Set<PieceProgress> open = new LinkedHashSet<>();

  private long begunBytes;
  private int verifying;

  /** Grows whenever there is more to ask for. */
  private long supply;

  private final Races races;

  RateLimit limit = RateLimit.none();

  /** Something would have been asked for, had the limit allowed it. */
  private boolean held;

  private @Nullable String storageFailure;
  private long pausedUntil;

  /** Whether the storage said that it takes nothing, and not yet that it does again. */
  private boolean stuck;

  long lastBlockAt;
  long fetched;
  long corrupt;

  /** Bytes that came, were taken, and had to be fetched again. */
  long dropped;

  Downloads(Swarm swarm, Pieces verified, long totalBytes, SplitMix64 random) {
    this.swarm = swarm;
    have = new PieceSet(swarm.layout.pieceCount());
    for (int piece = verified.next(0); piece >= 0 && piece < have.size(); ) {
      have.add(piece);
      piece = verified.next(piece + 1);
    }
    wanted = swarm.options.wanted();
    missing = new PieceSet(have.size());
    unchecked = new PieceSet(have.size());
    picker = new Picker(have.size(), have, swarm.options.sequential(), random);
    for (int piece = 0; piece < have.size(); piece++) {
      if (!wants(piece)) {
        picker.remove(piece);
      } else if (!have.contains(piece)) {
        missing.add(piece);
      }
    }
    holdings = new Holdings(picker, missing);
    races = new Races(totalBytes);
  }

  boolean wants(int piece) {
    return wanted == null || wanted.contains(piece);
  }

  void unchecked(Pieces pieces) {
    for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
      unchecked.add(piece);
      picker.remove(piece);
    }
  }

  /** An unchecked piece was read. Returns whether it was one. */
  boolean checked(int piece, boolean right) {
    if (!unchecked.remove(piece)) {
      return false;
    }
    if (right) {
      gained(piece);
    } else if (wants(piece)) {
      picker.add(piece);
      supply++;
    }
    return true;
  }

  private void gained(int piece) {
    have.add(piece);
    if (missing.remove(piece)) {
      holdings.gained(swarm.peers, piece);
    }
  }

  /** Whether all that is left to ask for is what is still being read. */
  boolean waitsForCheck() {
    return picker.isEmpty() && begun.isEmpty() && !unchecked.isEmpty();
  }

  int verifying() {
    return verifying;
  }

  /** Why the storage failed, while nothing is requested because of that; else null. */
  @Nullable String storageFailure() {
    return storageFailure;
  }

  /** Whether as much is held as may be. */
  boolean isFull() {
    return picker.size() > 0 && !begun.isEmpty() && begunBytes >= swarm.options.maxUnverified();
  }

  // ---------------------------------------------------------------- who has what

  void has(PeerState peer, Pieces pieces) {
    holdings.set(peer, pieces);
  }

  void has(PeerState peer, int piece) {
    holdings.add(peer, piece);
  }

  /** A peer has a piece no more. Others are asked for what it was asked for. */
  void hasNot(PeerState peer, int piece) {
    if (!holdings.remove(peer, piece)) {
      return;
    }
    for (Request request : List.copyOf(peer.requests)) {
      if (request.piece.piece == piece) {
        withdraw(request);
      }
    }
    fillAll();
  }

  // ---------------------------------------------------------------- asking

  /** Asks a peer for as much as it should be asked for. */
  void fill(PeerState peer) {
    if (!canAsk(peer)) {
      return;
    }
    PeerWire wire = peer.wire();
    // The peer may say that it queues less than we would ask for.
    int depth = peer.snubbed ? 1 : Math.min(peer.pipeline.depth(), wire.maxRequests());
    int pending = wire.requestCount();
    // In batches: one look at the pieces and one write serve several requests.
    if (pending > 0 && depth - pending < Math.max(1, depth / 8)) {
      return;
    }
    while (wire.requestCount() < depth && canAsk(peer)) {
      if (!limit.take(Block.LENGTH, swarm.now())) {
        held = true;
        return;
      }
      if (!askNext(peer)) {
        limit.giveBack(Block.LENGTH);
        peer.dryAt = supply;
        return;
      }
    }
  }

  void fillAll() {
    for (PeerState peer : List.copyOf(swarm.peers)) {
      fill(peer);
    }
  }

  private boolean canAsk(PeerState peer) {
    return storageFailure == null
        && peer.isUp()
        && !swarm.isClosed()
        && peer.useful > 0
        && (peer.dryAt != supply || (picker.isEmpty() && peer.requests.isEmpty()));
  }

  /** Asks for one block. Returns whether there was one. */
  private boolean askNext(PeerState peer) {
    for (PieceProgress piece : open) {
      if (mayWork(peer, piece)) {
        int block = piece.freeBlock(peer);
        if (block >= 0) {
          return ask(peer, piece, block, false);
        }
      }
    }
    PieceProgress fresh = begin(peer);
    if (fresh == null) {
      fresh = takeOver(peer);
    }
    if (fresh != null) {
      int block = fresh.freeBlock(peer);
      return block >= 0 && mayWork(peer, fresh) && ask(peer, fresh, block, false);
    }
    return askTwice(peer);
  }

  private boolean ask(PeerState peer, PieceProgress piece, int block, boolean race) {
    if (piece.owner == null && needsOwner(peer, piece)) {
      piece.owner = peer;
    }
    Request inTheWay = piece.inTheWay(block);
    if (inTheWay != null) {
      withdraw(inTheWay);
    }
    Request request = new Request(peer, piece, block);
    if (race) {
      races.begin(request);
    }
    piece.add(request);
    peer.requests.add(request);
    update(piece);
    int begin = block * Block.LENGTH;
    if (peer.wire().request(piece.piece, begin, piece.blockLength(block), peer)) {
      return true;
    }
    remove(request);
    return false;
  }

  /** Whether a piece must come from one peer, so that it is known whom to blame. */
  private boolean needsOwner(PeerState peer, PieceProgress piece) {
    return peer.suspect || blame.isDoubtful(piece.piece);
  }

  private boolean mayWork(PeerState peer, PieceProgress piece) {
    if (!peer.gives(piece.piece)) {
      return false;
    }
    if (piece.owner != null) {
      return piece.owner == peer;
    }
    return !needsOwner(peer, piece) || piece.isUntouched();
  }

  /** Begins the next piece, if there is one that the peer has and if there is room. */
  private @Nullable PieceProgress begin(PeerState peer) {
    if (picker.isEmpty() || isFull()) {
      return null;
    }
    Picker.Allowed allowed = index -> peer.gives(index) && !peer.refuses(index, 0);
    int rarest = picker.pick(peer.has, allowed);
    if (rarest < 0) {
      return null;
    }
    int piece =
        peer.suggestions.prefer(
            rarest, index -> picker.isAsGood(index, rarest) && allowed.test(index));
    picker.begin(piece);
    PieceProgress fresh = new PieceProgress(piece, swarm.layout.pieceLength(piece));
    begun.put(piece, fresh);
    begunBytes += fresh.length;
    open.add(fresh);
    return fresh;
  }

  /**
   * A piece that only one peer may fetch and that it does not fetch, or one that this peer may only
   * fetch alone: it is begun anew, as the blocks of two peers would prove nothing.
   */
  private @Nullable PieceProgress takeOver(PeerState peer) {
    for (PieceProgress piece : begun.values()) {
      boolean alone = piece.owner != null || needsOwner(peer, piece);
      if (alone
          && piece.owner != peer
          && !piece.verifying
          && piece.isIdle()
          && peer.gives(piece.piece)
          && !peer.refuses(piece.piece, 0)) {
        restart(piece);
        return piece;
      }
    }
    return null;
  }

  /**
   * Endgame: asks for the block that another peer will take longest to send. That is the last in
   * the queue of a slow one, which has not begun to send it, so that it can be withdrawn there in
   * time. Where it may be on its way already, it is a race, and the loser's block is waste: few of
   * them are allowed.
   */
  private boolean askTwice(PeerState peer) {
    if (!picker.isEmpty()
        || !unchecked.isEmpty()
        || peer.snubbed
        || peer.suspect
        || peer.requests.size() >= DUPLICATES_A_PEER) {
      return false;
    }
    long now = swarm.now();
    double ours = peer.pipeline.secondsFor(peer.requests.size() + 1, now);
    double worst = 2 * ours;
    Request slowest = null;
    boolean begun = true;
    for (PeerState other : swarm.peers) {
      int position = 0;
      for (Request request : other.requests) {
        position++;
        double theirs = other.pipeline.secondsFor(position, now);
        if (other != peer && theirs >= worst && mayAskTwice(peer, request)) {
          worst = theirs;
          slowest = request;
          // Of one that is silent for so long, at most the first block is on its way.
          begun = position == 1 || other.pipeline.silentFor(now) < Races.RACE;
        }
      }
    }
    if (slowest == null) {
      return false;
    }
    boolean unknown = slowest.peer.pipeline.speed() <= 0 && begun;
    boolean race = unknown || worst - ours < Races.RACE / 1e9;
    return (!race || races.mayBegin(now, swarm.wastedByWires()))
        && ask(peer, slowest.piece, slowest.block, race);
  }

  private static boolean mayAskTwice(PeerState peer, Request request) {
    PieceProgress piece = request.piece;
    return piece.owner == null
        && piece.onlyLive(request.block) == request
        && piece.find(request.block, peer) == null
        && peer.gives(piece.piece)
        && !peer.refuses(piece.piece, request.block);
  }

  // ---------------------------------------------------------------- how requests end

  /** A block that we asked for came. */
  void block(PeerState peer, int index, int begin, ByteBuffer block) {
    int length = block.remaining();
    int number = begin / Block.LENGTH;
    lastBlockAt = swarm.now();
    if (peer.snubbed) {
      peer.snubbed = false;
      peer.dryAt = -1;
      peer.pipeline.restart(swarm.now());
    }
    peer.served(index, number);
    holdings.trust(peer, index);
    peer.pipeline.block(length, swarm.now());
    PieceProgress piece = begun.get(index);
    Request request = piece == null ? null : piece.find(number, peer);
    if (piece == null || request == null) {
      dropped += length;
    } else {
      Request second = piece.another(number, request);
      boolean raced = request.race || (second != null && second.race);
      remove(request);
      piece.put(number, peer);
      update(piece);
      swarm.actions.write(index, begin, block);
      for (Request other = piece.another(number, null);
          other != null;
          other = piece.another(number, null)) {
        if (raced) {
          races.lost(swarm.now());
        }
        withdraw(other);
      }
      if (piece.isWhole() && !piece.verifying) {
        piece.verifying = true;
        verifying++;
        swarm.actions.verify(index, blame.isDoubtful(index));
      }
    }
    fill(peer);
  }

  /** A request ended without a block. */
  void ended(PeerState peer, RequestOutcome outcome, int index, int begin) {
    PieceProgress piece = begun.get(index);
    int block = begin / Block.LENGTH;
    Request request = piece == null ? null : piece.find(block, peer);
    // Only we cancel, and then we have forgotten the request and may have made another one since.
    if (piece == null || request == null || outcome == RequestOutcome.CANCELLED) {
      return;
    }
    remove(request);
    limit.giveBack(Block.LENGTH);
    switch (outcome) {
      case REJECTED -> {
        if (!peer.wire().peerChoking()) {
          peer.pipeline.rejected(peer.wire().requestCount());
          if (peer.refused(index, block)) {
            snub(peer);
          }
        }
      }
      case TIMED_OUT -> {
        peer.refused(index, block);
        holdings.doubt(peer, index);
        peer.timeoutsInARow++;
        snub(peer);
        if (swarm.now() - peer.snubbedAt >= PATIENCE) {
          peer.snubbedAt = swarm.now();
          withdrawAll(peer);
        }
        fillAll();
      }
      default -> {
        // Choked or closed: asked again by the next fill.
      }
    }
  }

  /**
   * A peer does not serve: others are asked for its blocks too, and what it sends late is still
   * taken.
   */
  private void snub(PeerState peer) {
    boolean news = !peer.snubbed;
    peer.snubbed = true;
    peer.snubbedAt = news ? swarm.now() : peer.snubbedAt;
    for (Request request : peer.requests) {
      if (!request.stale) {
        races.settle(request);
        request.piece.setStale(request);
        update(request.piece);
      }
    }
    supply++;
    if (news) {
      swarm.listener.onSnub(peer.address);
    }
  }

  private void withdrawAll(PeerState peer) {
    for (Request request : List.copyOf(peer.requests)) {
      withdraw(request);
    }
  }

  private void withdraw(Request request) {
    remove(request);
    limit.giveBack(Block.LENGTH);
    PieceProgress piece = request.piece;
    int begin = request.block * Block.LENGTH;
    request.peer.wire().cancel(piece.piece, begin, piece.blockLength(request.block));
  }

  private void remove(Request request) {
    races.settle(request);
    request.peer.requests.remove(request);
    request.piece.remove(request);
    update(request.piece);
    supply++;
  }

  private void update(PieceProgress piece) {
    if (piece.free() > 0 && !piece.verifying && begun.get(piece.piece) == piece) {
      open.add(piece);
    } else {
      open.remove(piece);
    }
  }

  /** A peer is proved to lie: what it sent of pieces that are not whole is worth nothing. */
  void distrust(PeerState liar) {
    for (PieceProgress piece : begun.values()) {
      if (!piece.verifying) {
        dropped += piece.forget(liar);
        update(piece);
      }
    }
    supply++;
  }

  /** A peer is gone. Its requests have ended. */
  void left(PeerState peer) {
    for (Request request : List.copyOf(peer.requests)) {
      remove(request);
    }
    holdings.forget(peer);
    for (PieceProgress piece : begun.values()) {
      if (piece.owner == peer && !piece.verifying) {
        restart(piece);
      }
    }
  }

  /** Forgets what came of a piece, to fetch it anew. */
  private void restart(PieceProgress piece) {
    dropped += piece.received();
    List<Request> pending = new ArrayList<>();
    for (int block = 0; block < piece.blocks; block++) {
      Request one = piece.another(block, null);
      Request other = piece.another(block, one);
      if (one != null) {
        pending.add(one);
      }
      if (other != null && other != one) {
        pending.add(other);
      }
    }
    piece.restart();
    update(piece);
    supply++;
    swarm.actions.discard(piece.piece);
    for (Request request : pending) {
      withdraw(request);
    }
  }

  // ---------------------------------------------------------------- storage

  /**
   * A whole piece was checked. Returns those who are proved to have sent wrong blocks, or null if
   * nobody asked.
   */
  @Nullable Set<PeerState> verified(int index, boolean ok, @Nullable BlockDigests digests) {
    PieceProgress piece = begun.get(index);
    if (piece == null || !piece.verifying) {
      return null;
    }
    end(piece);
    if (ok) {
      fetched += piece.length;
      gained(index);
      return blame.passed(piece, digests);
    }
    corrupt += piece.length;
    Set<PeerState> sources = blame.failed(piece, digests);
    picker.add(index);
    swarm.listener.onCorruptPiece(index, sources.size());
    if (blame.isPoisoned(index)) {
      swarm.listener.onPoisoned(index);
    }
    return sources.size() == 1 ? sources : Set.of();
  }

  void storageStuck(String message) {
    storageFailure = message;
    stuck = true;
  }

  void storageFlows() {
    storageFailure = null;
    stuck = false;
    supply++;
  }

  void writeFailed(int index, String message) {
    storageFailure = message;
    pausedUntil = swarm.now() + STORAGE_PAUSE;
    PieceProgress piece = begun.get(index);
    if (piece != null) {
      dropped += piece.received();
      end(piece);
      picker.add(index);
      for (PeerState peer : List.copyOf(swarm.peers)) {
        for (Request request : List.copyOf(peer.requests)) {
          if (request.piece == piece) {
            withdraw(request);
          }
        }
      }
    }
  }

  /** A verified piece is not there any more. Returns whether it was. */
  boolean lost(int piece) {
    if (!have.remove(piece)) {
      return false;
    }
    if (!wants(piece)) {
      return true;
    }
    missing.add(piece);
    picker.add(piece);
    supply++;
    holdings.lost(swarm.peers, piece);
    return true;
  }

  private void end(PieceProgress piece) {
    begun.remove(piece.piece);
    open.remove(piece);
    begunBytes -= piece.length;
    verifying -= piece.verifying ? 1 : 0;
    supply++;
  }

  @Override
  public String toString() {
    return have
        + ", "
        + picker.size()
        + " not begun, "
        + open.size()
        + " with free blocks of "
        + begun.values();
  }

  // ---------------------------------------------------------------- time

  long nanosUntilTick(long now) {
    return held ? limit.nanosUntilSome(now) : Candidates.NEVER;
  }

  void tick(long now) {
    held = false;
    if (storageFailure != null && !stuck && now - pausedUntil >= 0) {
      storageFailure = null;
    }
    for (PeerState peer : swarm.peers) {
      // What was refused may be asked for again, and who was flapping may be filled.
      peer.dryAt = peer.isFlapping() ? peer.dryAt : -1;
    }
    fillAll();
  }
}
