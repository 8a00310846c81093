package org.peerwire.wire;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.Violation;
import org.peerwire.ViolationReport;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.frame.FrameException;
import org.peerwire.frame.FrameReader;
import org.peerwire.frame.FrameWriter;

/**
 * One connection to a peer: call its verbs to speak, read its state, and hear the peer through a
 * {@link PeerListener}. It does no I/O; an adapter moves the bytes through its {@link #transport}.
 *
 * <p>A verb takes effect on our state at once and appends to the output; it raises no event. Verbs
 * before the peer's handshake are said as soon as it is in, but for those of a feature, which is
 * off until then. Verbs throw {@link IllegalStateException} or {@link IllegalArgumentException} for
 * what the protocol forbids us, and {@code IllegalStateException} once the wire is closed; those
 * that answer or withdraw something return false instead when it is too late.
 *
 * <p>A wire belongs to one thread at a time, and the adapter says which.
 *
 * @see <a href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>
 * @see <a href="https://www.bittorrent.org/beps/bep_0006.html">BEP 6</a>
 */
public final class PeerWire {
  /** How often {@link #setKeepAlive} sends one: half of what the protocol asks for. */
  public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofMinutes(1);

  /** How many hash requests of ours may be pending. */
  public static final int MAX_HASH_REQUESTS = 64;

  PeerListener listener;
  final Terms terms;
  final Side local;
  final Side remote;

  /** Who writes what we say; null while nothing was said for a while. */
  private @Nullable FrameWriter writer;

  final FrameReader reader;
  final Conduct conduct = new Conduct(this);
  final Deadlines deadlines = new Deadlines(this);

  /**
   * What becomes of our requests, and of the peer's; null as long as there were none for a while.
   */
  @Nullable Downloads downloads;

  @Nullable Uploads uploads;

  /** See {@link #uploaded()}, {@link #downloaded()} and {@link #wasted()}. */
  long uploaded;

  long downloaded;
  long wasted;

  /** Null as long as neither side speaks any. */
  @Nullable Extensions extensions;

  final WireTransport transport;

  /** Null once the peer's handshake is in. */
  private @Nullable Handshaking handshaking = new Handshaking();

  private @Nullable CloseCause cause;

  /** A wire with {@link WireOptions#DEFAULT}. */
  public PeerWire(PeerListener listener) {
    this(listener, WireOptions.DEFAULT);
  }

  /** A wire that has not seen a byte yet. */
  public PeerWire(PeerListener listener, WireOptions options) {
    this.listener = listener;
    terms = new Terms(options);
    local = new Side(terms);
    remote = new Side(terms);
    reader = new FrameReader(options.read());
    transport = new WireTransport(this);
  }

  /** The other face, for the adapter that moves the bytes. */
  public WireTransport transport() {
    return transport;
  }

  /** Who hears the events now. */
  public PeerListener listener() {
    return listener;
  }

  /**
   * Raises all further events at another listener: for those who accept a connection and learn only
   * in {@link PeerListener#onInfoHash} which torrent it is for.
   */
  public void handOver(PeerListener to) {
    listener = to;
  }

  // ---------------------------------------------------------------- the handshake

  /**
   * Sends our handshake. The side that opened the connection sends it first; the other one answers
   * in {@link PeerListener#onInfoHash} or {@link PeerListener#onHandshake}.
   *
   * @param more what it offers besides {@link WireOptions#features}
   * @throws IllegalStateException if it was sent already, or the wire is closed
   */
  public void handshake(InfoHash infoHash, PeerId peerId, Feature... more) {
    checkOpen();
    if (local.handshake != null) {
      throw new IllegalStateException("our handshake was sent already");
    }
    Handshake theirs = remote.handshake;
    if (theirs != null && theirs.peerId().equals(peerId)) {
      close(Violation.SELF_CONNECTION, "");
      return;
    }
    long reserved = 0;
    for (Feature feature : options().features()) {
      reserved |= feature.mask();
    }
    for (Feature feature : more) {
      reserved |= feature.mask();
    }
    local.handshake = new Handshake(reserved, infoHash, peerId);
    agree();
    writer().infoHash(reserved, infoHash);
    writer().peerId(peerId);
    work();
  }

  /** Our handshake, or null before it was sent. */
  public @Nullable Handshake handshake() {
    return local.handshake;
  }

  /** The peer's handshake, or null before all of it came. */
  public @Nullable Handshake peerHandshake() {
    return remote.handshake;
  }

  /**
   * The peer is expected to have this id; another one is reported as {@link
   * Violation#PEER_ID_MISMATCH}.
   */
  public void expectPeerId(PeerId peerId) {
    if (handshaking != null) {
      handshaking.expectedPeerId = peerId;
    }
  }

  /**
   * The torrent that our handshake names has this info-hash as well: the peer may answer with it if
   * we offer {@link Feature#V2_UPGRADE} (<a
   * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>). To be told before our
   * handshake is sent.
   *
   * @param infoHash the truncated v2 info-hash of a hybrid torrent
   */
  public void upgradesTo(InfoHash infoHash) {
    if (handshaking != null) {
      handshaking.upgrade = infoHash;
    }
  }

  /** Whether both sides offer a feature. False before both handshakes. */
  public boolean supports(Feature feature) {
    Handshake ours = local.handshake;
    Handshake theirs = remote.handshake;
    return ours != null && theirs != null && ours.offers(feature) && theirs.offers(feature);
  }

  /**
   * Tells how the torrent is cut, as soon as that is known. From then on pieces and blocks that do
   * not exist are refused, and requests for pieces that we did not announce.
   *
   * @throws IllegalStateException if it was told already
   */
  public void layout(PieceLayout layout) {
    checkOpen();
    if (terms.layout != null) {
      throw new IllegalStateException("the layout was told already");
    }
    terms.layout = layout;
    int count = layout.pieceCount();
    local.pieces.resize(count);
    reader.pieceCount(count);
    Violation misfit = remote.resize(count);
    if (misfit != null) {
      close(misfit, "the torrent has " + count + " pieces");
    }
  }

  // ---------------------------------------------------------------- choking and interest

  /** Whether we choke the peer. True at first. */
  public boolean amChoking() {
    return local.choking;
  }

  /** Whether we are interested in what the peer has. False at first. */
  public boolean amInterested() {
    return local.interested;
  }

  /** Whether the peer chokes us. True at first. */
  public boolean peerChoking() {
    return remote.choking;
  }

  /** Whether the peer is interested in what we have. False at first. */
  public boolean peerInterested() {
    return remote.interested;
  }

  /**
   * Serves the peer's requests no more. Those that are pending are dropped, or rejected if the fast
   * extension is on.
   */
  public void choke() {
    if (isEarly()) {
      defer(this::choke);
    } else if (!local.choking) {
      local.choking = true;
      say();
      writer().choke();
      if (uploads != null) {
        uploads.choked();
      }
      work();
    }
  }

  /** Serves the peer's requests from now on. */
  public void unchoke() {
    if (isEarly()) {
      defer(this::unchoke);
    } else if (local.choking) {
      local.choking = false;
      say();
      writer().unchoke();
      work();
    }
  }

  /** Tells that the peer has something that we want. */
  public void interested() {
    if (isEarly()) {
      defer(this::interested);
    } else if (!local.interested) {
      local.interested = true;
      say();
      writer().interested();
      work();
    }
  }

  /** Tells that the peer has nothing that we want. */
  public void notInterested() {
    if (isEarly()) {
      defer(this::notInterested);
    } else if (local.interested) {
      local.interested = false;
      say();
      writer().notInterested();
      work();
    }
  }

  // ---------------------------------------------------------------- pieces

  /** What we told the peer that we have; a view that changes. */
  public Pieces pieces() {
    return local.pieces;
  }

  /** What the peer told that it has; a view that changes. */
  public Pieces peerPieces() {
    return remote.pieces;
  }

  /**
   * Tells what we have, as bitfield, or as have-all or have-none if the fast extension is on;
   * nothing if it is off and the set is empty. At most once, and before any other message but the
   * handshake. Our extension handshake, if there is to be one, follows at once; it is sent soon in
   * any case, so say what we have before or in {@link PeerListener#onHandshake}.
   *
   * @param have copied; its size must be known, or it must be empty
   * @throws IllegalStateException if something was said already
   */
  public void bitfield(Pieces have) {
    if (have.size() == Pieces.UNKNOWN && !have.isEmpty()) {
      throw new IllegalArgumentException("the number of pieces is not known");
    }
    if (isEarly()) {
      if (handshaking().hasDeferred()) {
        throw new IllegalStateException("something was said already");
      }
      PieceSet copy = copy(have);
      defer(() -> bitfield(copy));
      return;
    }
    if (terms.layout != null && have.size() != terms.layout.pieceCount() && !have.isEmpty()) {
      throw new IllegalArgumentException(have + " of " + terms.layout.pieceCount());
    }
    Side.HaveState state = Side.HaveState.BITFIELD;
    if (terms.fast && have.isEmpty()) {
      state = Side.HaveState.NONE;
    } else if (terms.fast && have.isFull()) {
      state = Side.HaveState.ALL;
    }
    allow(local.haveState(state));
    remember(have);
    switch (state) {
      case ALL -> writer().haveAll();
      case NONE -> writer().haveNone();
      case BITFIELD -> {
        if (!have.isEmpty()) {
          writer().bitfield(have);
        }
      }
    }
    sayOwedExtensions();
    work();
  }

  /**
   * Tells that we have one more piece.
   *
   * @param piece piece index, from 0; in range when the layout is known
   */
  public void have(int piece) {
    Violation violation = local.have(piece);
    if (violation != null) {
      throw new IllegalArgumentException(violation.sentence() + ": " + piece);
    }
    if (isEarly()) {
      defer(() -> have(piece));
      return;
    }
    say();
    local.pieces.add(piece);
    writer().have(piece);
    work();
  }

  // ---------------------------------------------------------------- our requests

  /**
   * Asks for a block. The request ends exactly once, in a call of {@code callback}.
   *
   * @param piece piece index, from 0
   * @param begin offset inside the piece, in bytes, from 0
   * @param length in bytes, from 1 to the limit of a block, {@link Block#LENGTH} by default
   * @param callback told how it ended; or null: then the events of the listener tell
   * @return whether it was sent. If not, the callback is never called: the peer chokes us (and the
   *     piece is not allowed fast), {@link #maxRequests} are pending, or the wire is closed
   * @throws IllegalArgumentException if the block does not exist or is too long
   * @throws IllegalStateException if the same request is pending
   */
  public boolean request(int piece, int begin, int length, @Nullable BlockCallback callback) {
    return send(piece, begin, length, callback) == null;
  }

  /**
   * As {@link #request(int, int, int, BlockCallback)}, with the block copied into a buffer of its
   * own.
   *
   * @return completed by the thread that drives the wire; fails with a {@link
   *     RequestFailedException} that tells how the request ended, at once if it could not be sent
   */
  public CompletableFuture<ByteBuffer> request(int piece, int begin, int length) {
    CompletableFuture<ByteBuffer> future = new CompletableFuture<>();
    Block asked = new Block(piece, begin, length);
    RequestOutcome refusal =
        send(
            piece,
            begin,
            length,
            (outcome, index, offset, block) -> {
              if (outcome == RequestOutcome.BLOCK) {
                future.complete(ByteBuffer.allocate(block.remaining()).put(block).flip());
              } else {
                future.completeExceptionally(new RequestFailedException(outcome, asked));
              }
            });
    if (refusal != null) {
      future.completeExceptionally(new RequestFailedException(refusal, asked));
    }
    return future;
  }

  /**
   * Withdraws a request. It ends as {@link RequestOutcome#CANCELLED}; a block that comes all the
   * same is dropped.
   *
   * @return whether it was pending
   */
  public boolean cancel(int piece, int begin, int length) {
    if (isClosed() || downloads == null || !downloads.cancel(piece, begin, length)) {
      return false;
    }
    say();
    writer().cancel(piece, begin, length);
    work();
    return true;
  }

  /** Our requests that the peer has not answered, oldest first: a copy. */
  public List<Block> requests() {
    return downloads == null ? List.of() : downloads.requests();
  }

  /**
   * How many requests of ours may be pending now: {@link WireOptions#maxRequests}, or what the peer
   * says in its extension handshake that it queues ({@code reqq}) if that is less.
   */
  public int maxRequests() {
    ExtensionHandshake peer = peerExtensions();
    return peer == null
        ? options().maxRequests()
        : Math.min(options().maxRequests(), peer.requests());
  }

  /** How many of our requests the peer has not answered. */
  public int requestCount() {
    return downloads == null ? 0 : downloads.requestCount();
  }

  /**
   * How long the request at the head may take. It is told {@link RequestOutcome#TIMED_OUT} then,
   * {@link PeerListener#onTimeout} is raised, and the next one gets the same time.
   *
   * @param timeout zero: as long as it wants, as at first
   */
  public void requestTimeout(Duration timeout) {
    deadlines.requestTimeout(timeout);
    work();
  }

  // ---------------------------------------------------------------- the peer's requests

  /** The peer's requests that we have not answered, oldest first: a copy. */
  public List<Block> peerRequests() {
    return uploads == null ? List.of() : uploads.requests();
  }

  /**
   * Answers a request of the peer.
   *
   * @param block the block, from its position to its limit. The wire's from now on, and then the
   *     transport's, by reference: do not change its content until it is sent
   * @return whether it was taken. If not, the request was cancelled or dropped by a choke, and the
   *     block is dropped
   * @throws IllegalArgumentException if a block of another length was asked for
   */
  public boolean respond(int piece, int begin, ByteBuffer block) {
    int length = block.remaining();
    if (!answers(piece, begin, length)) {
      return false;
    }
    say();
    writer().piece(piece, begin, length);
    writer().bytes(block.slice());
    work();
    return true;
  }

  /**
   * Answers a request of the peer with bytes that do not lie in memory.
   *
   * @param region released once in any case, also if false is returned
   * @return as {@link #respond(int, int, ByteBuffer)}
   * @throws IllegalArgumentException if a block of another length was asked for
   */
  public boolean respond(int piece, int begin, BlockRegion region) {
    int length = region.length();
    if (!answers(piece, begin, length)) {
      region.release();
      return false;
    }
    say();
    writer().piece(piece, begin, length);
    writer().region(region);
    work();
    return true;
  }

  /**
   * Declines a request of the peer: by a reject if the fast extension is on, silently if not.
   *
   * @return whether it was pending
   */
  public boolean reject(int piece, int begin, int length) {
    if (!answers(piece, begin, length)) {
      return false;
    }
    if (terms.fast) {
      say();
      writer().rejectRequest(piece, begin, length);
    }
    work();
    return true;
  }

  // ---------------------------------------------------------------- extensions

  /**
   * Speaks an extension from now on. Call it as early as possible: then our first extension
   * handshake names it, and not a later one. Without the extension protocol on both sides it stays
   * without effect.
   *
   * @return {@code extension}, to be kept
   * @throws IllegalStateException if it or another one of its name is in use, or the wire is closed
   * @see <a href="https://www.bittorrent.org/beps/bep_0010.html">BEP 10</a>
   */
  public <E extends Extension> E use(E extension) {
    checkOpen();
    extensions().use(extension);
    work();
    return extension;
  }

  /**
   * Tells the peer to send no more messages of an extension. Those that come all the same are
   * {@link Violation#EXTENSION_UNKNOWN_ID}. We may go on sending.
   *
   * @throws IllegalArgumentException if it is not in use on this wire
   */
  public void disuse(Extension extension) {
    checkOpen();
    extensions().disuse(extension);
    work();
  }

  /** The extension of this class that was given to {@link #use}, or null. */
  public <E extends Extension> @Nullable E extension(Class<E> type) {
    return extensions == null ? null : extensions.get(type);
  }

  /**
   * Adds to what our extension handshake says, such as {@code v} and {@code p}. {@code reqq} is
   * said by itself. Once it was sent, a further one tells the change.
   *
   * @param fields of which {@code m} is better left to {@link #use}
   */
  public void extensionHandshake(ExtensionHandshake fields) {
    checkOpen();
    extensions().fields(fields);
    work();
  }

  /** What the peer has said in its extension handshakes so far, or null before the first. */
  public @Nullable ExtensionHandshake peerExtensions() {
    return extensions == null ? null : extensions.peer();
  }

  // ---------------------------------------------------------------- other messages

  /**
   * Tells the port of our DHT node (<a href="https://www.bittorrent.org/beps/bep_0005.html">BEP
   * 5</a>).
   *
   * @param port UDP port, 1 to 65535
   */
  public void port(int port) {
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("port " + port);
    }
    if (isEarly()) {
      defer(() -> port(port));
    } else {
      say();
      writer().port(port);
      work();
    }
  }

  /**
   * Suggests a piece to download, as we have it in memory.
   *
   * @throws IllegalStateException if the fast extension is off
   */
  public void suggestPiece(int piece) {
    checkShaken();
    allow(local.hint(piece));
    say();
    writer().suggestPiece(piece);
    work();
  }

  /**
   * Allows the peer to request a piece even while we choke it; each block three times. At most 64
   * pieces.
   *
   * @throws IllegalStateException if the fast extension is off
   */
  public void allowedFast(int piece) {
    checkShaken();
    allow(local.hint(piece));
    say();
    if (local.allowFast(piece)) {
      writer().allowedFast(piece);
      work();
    }
  }

  /** Whether the peer allows us to request a piece even while it chokes us. */
  public boolean isAllowedFast(int piece) {
    return remote.allowsFast(piece);
  }

  /**
   * Sends a message of the extension protocol (<a
   * href="https://www.bittorrent.org/beps/bep_0010.html">BEP 10</a>) as it is, for those who speak
   * that protocol themselves; {@link #use} is the easier way.
   *
   * @param extendedId 0 for the extension handshake, else the id that the peer named, 1 to 255
   * @param payload copied
   * @throws IllegalStateException if the extension protocol is off
   */
  public void extended(int extendedId, ByteBuffer payload) {
    if (extendedId < 0 || extendedId > 0xff) {
      throw new IllegalArgumentException("extended id " + extendedId);
    }
    if (payload.remaining() > options().frames().extended() - 2) {
      throw new IllegalArgumentException("a payload of " + payload.remaining() + " bytes");
    }
    checkShaken();
    if (!terms.extensions) {
      throw new IllegalStateException(Violation.EXTENSION_NOT_NEGOTIATED.sentence());
    }
    say();
    writer().extended(extendedId, payload);
    work();
  }

  /**
   * Asks for hashes of a v2 torrent (<a href="https://www.bittorrent.org/beps/bep_0052.html">BEP
   * 52</a>), whether the peer chokes us or not. Answered by {@link PeerListener#onHashes} or {@link
   * PeerListener#onHashReject}.
   *
   * @throws IllegalStateException unless {@link WireOptions#hashMessages} is on and the layout has
   *     hashes; if the same ones are asked for already, or {@link #MAX_HASH_REQUESTS} others
   * @throws IllegalArgumentException if there are no such hashes
   */
  public void hashRequest(HashRange range) {
    checkHashes();
    if (local.hashRequest(range) != null) {
      throw new IllegalArgumentException("there are no such hashes: " + range);
    }
    Set<HashRange> pending = local.hashRequests;
    if (pending == null) {
      pending = new HashSet<>();
      local.hashRequests = pending;
    }
    if (pending.size() >= MAX_HASH_REQUESTS || !pending.add(range)) {
      throw new IllegalStateException("pending already: " + range);
    }
    say();
    writer().hashRequest(range);
    work();
  }

  /**
   * Answers a hash request.
   *
   * @param hashes 32 bytes each, copied
   */
  public void hashes(HashRange range, ByteBuffer hashes) {
    int count = hashes.remaining() / HashRange.HASH_LENGTH;
    if (hashes.remaining() % HashRange.HASH_LENGTH != 0 || count > options().frames().hashes()) {
      throw new IllegalArgumentException("hashes of " + hashes.remaining() + " bytes");
    }
    checkHashes();
    say();
    writer().hashes(range, hashes);
    work();
  }

  /** Declines a hash request. */
  public void hashReject(HashRange range) {
    checkHashes();
    say();
    writer().hashReject(range);
    work();
  }

  /**
   * Sends a keep-alive whenever nothing was sent for {@link #DEFAULT_KEEP_ALIVE}; or, if false,
   * never, as at first.
   */
  public void setKeepAlive(boolean on) {
    keepAlive(on ? DEFAULT_KEEP_ALIVE : Duration.ZERO);
  }

  /**
   * Has the transport read nothing more for now, or go on: for who can't take more, as while a disk
   * is slower than the network. A handshake is still read to its end, and so is what the transport
   * has at hand. The peer's silence is our own doing meanwhile: neither a request nor the
   * connection times out for it.
   */
  public void pause(boolean value) {
    transport.paused = value;
    work();
  }

  /** Sends a keep-alive whenever nothing was sent for this long; zero: never, as at first. */
  public void keepAlive(Duration period) {
    deadlines.keepAlive(period);
    work();
  }

  // ---------------------------------------------------------------- figures

  /** Bytes of blocks that went to the transport. */
  public long uploaded() {
    return uploaded;
  }

  /** Bytes of requested blocks that came. */
  public long downloaded() {
    return downloaded;
  }

  /**
   * Bytes of blocks that came and were of no use: late, repeated, of the wrong length or never
   * asked for.
   */
  public long wasted() {
    return wasted;
  }

  /** Bytes a second of blocks sent, lately; as of the latest call of the transport. */
  public double uploadSpeed() {
    return uploads == null ? 0 : uploads.bytesPerSecond();
  }

  /** Bytes a second of blocks received, lately; as of the latest call of the transport. */
  public double downloadSpeed() {
    return downloads == null ? 0 : downloads.bytesPerSecond();
  }

  /** All bytes that came. */
  public long bytesReceived() {
    return transport.received;
  }

  /** All bytes that were sent. */
  public long bytesSent() {
    return transport.sent;
  }

  // ---------------------------------------------------------------- the end

  /**
   * Ends the wire. What waits is still sent; pending requests end, and {@link PeerListener#onClose}
   * is raised, soon.
   */
  public void close() {
    end(new CloseCause.ByUs());
  }

  /**
   * Ends the wire because of what only the application can see, such as {@link
   * Violation#UNKNOWN_INFO_HASH}. Nothing more is sent.
   *
   * @param detail what was seen, or empty
   */
  public void close(Violation violation, String detail) {
    end(new CloseCause.Violated(report(violation, detail)));
  }

  /** Whether both handshakes are done and the wire has not ended. */
  public boolean isOpen() {
    return cause == null && local.handshake != null && remote.handshake != null;
  }

  /** Whether the wire has ended. */
  public boolean isClosed() {
    return cause != null;
  }

  /** How the wire ended, or null while it has not. */
  public @Nullable CloseCause closeCause() {
    return cause;
  }

  /** The whole state in one line. */
  @Override
  public String toString() {
    CloseCause end = cause;
    String phase = end != null ? end.toString() : isOpen() ? "open" : "shaking hands";
    int asked = requestCount();
    int owed = uploads == null ? 0 : uploads.requestCount();
    String sides = "; we: " + local + ", " + asked + " requests; peer: " + remote;
    return "PeerWire[" + phase + sides + ", " + owed + " requests]";
  }

  // ---------------------------------------------------------------- inside

  WireOptions options() {
    return terms.options;
  }

  Downloads downloads() {
    Downloads made = downloads;
    if (made == null) {
      made = new Downloads(this);
      downloads = made;
    }
    return made;
  }

  Uploads uploads() {
    Uploads made = uploads;
    if (made == null) {
      made = new Uploads(this);
      uploads = made;
    }
    return made;
  }

  Extensions extensions() {
    Extensions made = extensions;
    if (made == null) {
      made = new Extensions(this);
      extensions = made;
    }
    return made;
  }

  FrameWriter writer() {
    FrameWriter made = writer;
    if (made == null) {
      made = new FrameWriter(transport.outbox());
      writer = made;
    }
    return made;
  }

  /** Whether the peer still waits for this block; it does no more then. */
  private boolean answers(int piece, int begin, int length) {
    return !isClosed() && uploads != null && uploads.answer(piece, begin, length);
  }

  /** The wire has ended; it is raised by the call of the transport that runs, or by the next. */
  void end(CloseCause why) {
    if (cause != null) {
      return;
    }
    cause = why;
    reader.stop();
    if (why instanceof CloseCause.Violated) {
      transport.clear();
    }
    work();
  }

  ViolationReport report(Violation violation, String detail) {
    return new ViolationReport(
        violation, detail, reader.frameStart(), reader.frameId(), reader.context());
  }

  ViolationReport report(FrameException e) {
    return new ViolationReport(
        e.violation(), e.detail(), reader.frameStart(), reader.frameId(), e.context());
  }

  /** A handshake came or went: what both sides offer is on. Ours counts as it will be. */
  void agree() {
    terms.fast = agreed(Feature.FAST);
    terms.extensions = agreed(Feature.EXTENSION_PROTOCOL);
  }

  private boolean agreed(Feature feature) {
    Handshake ours = local.handshake;
    Handshake theirs = remote.handshake;
    boolean offered = ours != null ? ours.offers(feature) : options().features().contains(feature);
    return offered && theirs != null && theirs.offers(feature);
  }

  /** A layer under the wire heard the peer name this torrent. */
  void expectInfoHash(InfoHash infoHash) {
    if (handshaking != null) {
      handshaking.expectedInfoHash = infoHash;
    }
  }

  boolean isShakingHands() {
    return handshaking != null;
  }

  /**
   * Whether a request for a piece may reach the application: we have it, as far as that is known
   * here.
   */
  boolean announced(int piece) {
    return terms.layout == null || local.pieces.contains(piece);
  }

  /** What is to come before the peer's handshake is in. */
  Handshaking handshaking() {
    if (handshaking == null) {
      throw new IllegalStateException("the peer's handshake is in");
    }
    return handshaking;
  }

  /** The peer's handshake is in: what waited for it is said. */
  void shaken(Handshake theirs) {
    Handshaking done = handshaking();
    handshaking = null;
    remote.handshake = theirs;
    agree();
    if (isOpen()) {
      done.sayDeferred();
    }
  }

  private @Nullable RequestOutcome send(
      int piece, int begin, int length, @Nullable BlockCallback callback) {
    if (length < 1
        || length > options().frames().block()
        || local.request(piece, begin, length) != null) {
      throw new IllegalArgumentException(Downloads.describe(piece, begin, length));
    }
    if (isClosed()) {
      return RequestOutcome.CLOSED;
    }
    if (!isOpen() || !remote.allows(piece)) {
      return RequestOutcome.CHOKED;
    }
    Downloads pending = downloads();
    if (pending.requestCount() >= maxRequests()) {
      return RequestOutcome.REJECTED;
    }
    if (pending.isPending(piece, begin)) {
      throw new IllegalStateException(
          "pending already: " + Downloads.describe(piece, begin, length));
    }
    pending.request(piece, begin, length, callback);
    say();
    writer().request(piece, begin, length);
    work();
    return null;
  }

  /** Whether a verb has to wait for the peer's handshake. */
  private boolean isEarly() {
    checkOpen();
    if (local.handshake == null) {
      throw new IllegalStateException("our handshake comes first");
    }
    return remote.handshake == null;
  }

  /** For verbs of a feature: it is off as long as a handshake is missing. */
  private void checkShaken() {
    if (isEarly()) {
      throw new IllegalStateException("the peer's handshake is not in yet");
    }
  }

  private void defer(Runnable verb) {
    handshaking().defer(verb);
  }

  /**
   * Something other than what we have is about to be said: with the fast extension, that comes
   * first.
   */
  void say() {
    sayExtensions();
    allow(local.word());
  }

  /** Says our extension handshake if it is owed, and before it what we have if that is. */
  void sayExtensions() {
    if (local.owesHaveState()) {
      bitfield(new PieceSet());
    }
    sayOwedExtensions();
  }

  private void sayOwedExtensions() {
    if (extensions != null) {
      extensions.sayOwed();
    }
  }

  boolean loseOurs(int piece) {
    checkOpen();
    if (!local.pieces.contains(piece) || !local.lose(piece)) {
      return false;
    }
    if (uploads != null) {
      uploads.lost(piece);
    }
    work();
    return true;
  }

  boolean losePeers(int piece) {
    if (isClosed() || !remote.lose(piece)) {
      return false;
    }
    if (!terms.fast && downloads != null) {
      downloads.lost(piece);
    }
    return true;
  }

  private void remember(Pieces have) {
    if (have.isFull()) {
      local.pieces.addAll();
    } else if (!have.isEmpty()) {
      local.pieces.set(bitfieldOf(have));
    }
  }

  private static PieceSet copy(Pieces pieces) {
    if (pieces.size() == Pieces.UNKNOWN) {
      return new PieceSet();
    }
    PieceSet copy = new PieceSet(pieces.size());
    copy.set(bitfieldOf(pieces));
    return copy;
  }

  private static ByteBuffer bitfieldOf(Pieces pieces) {
    ByteBuffer bits = ByteBuffer.allocate(PieceSet.bitfieldLength(pieces.size()));
    pieces.writeBitfield(bits);
    return bits.flip();
  }

  private void checkOpen() {
    CloseCause why = cause;
    if (why != null) {
      throw new IllegalStateException("the wire has ended: " + why);
    }
  }

  private void checkHashes() {
    checkShaken();
    if (!options().hashMessages() || !terms.hasHashes()) {
      throw new IllegalStateException(Violation.HASH_NOT_NEGOTIATED.sentence());
    }
  }

  private static void allow(@Nullable Violation violation) {
    if (violation != null) {
      throw new IllegalStateException(violation.sentence());
    }
  }

  private void work() {
    transport.wake();
  }

  /** Gives memory back that an idle wire does not need. */
  void trim() {
    if (transport.trim()) {
      writer = null;
    }
    reader.trim();
    if (downloads != null && downloads.trim()) {
      downloads = null;
    }
    if (uploads != null && uploads.trim()) {
      uploads = null;
    }
  }
}
