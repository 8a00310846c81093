package org.peerwire.rules;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Profile;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;
import org.peerwire.wire.WireOptions;

/**
 * Someone who calls the verbs of a strict wire at random, as far as they are allowed, and keeps
 * count of what was promised.
 */
final class Person implements PeerListener {
  static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  static final PieceLayout LAYOUT = PieceLayout.of(32 * 4096L - 1000, 4096);

  /** A request and how it ended; every one of them must, once. */
  static final class Asked {
    final Block block;
    @Nullable RequestOutcome outcome;

    Asked(Block block) {
      this.block = block;
    }
  }

  final EventRecorder events = new EventRecorder(this);
  final PeerWire wire;
  final List<Asked> asked = new ArrayList<>();

  /** The events that the other side must see, of those that are messages and nothing else. */
  final List<String> said = new ArrayList<>();

  private final SplitMix64 random;
  private final PieceSet has = new PieceSet(LAYOUT.pieceCount());
  private final PieceSet allowed = new PieceSet(LAYOUT.pieceCount());
  private boolean inVerb;
  private int regions;
  private int released;

  Person(SplitMix64 random, boolean fast) {
    this.random = random;
    Set<Feature> features =
        fast
            ? Set.of(Feature.FAST, Feature.EXTENSION_PROTOCOL)
            : Set.of(Feature.EXTENSION_PROTOCOL);
    wire =
        new PeerWire(
            events, WireOptions.builder().profile(Profile.STRICT).features(features).build());
  }

  void begins(String peerId) {
    verb(
        () -> {
          wire.handshake(TORRENT, PeerId.ofAscii(peerId));
          wire.layout(LAYOUT);
        });
    for (int i = 0; i < LAYOUT.pieceCount(); i++) {
      if (random.nextBoolean()) {
        has.add(i);
      }
    }
    if (random.nextBoolean()) {
      verb(() -> wire.bitfield(has));
    }
    verb(() -> wire.requestTimeout(Duration.ofMillis(random.nextInt(4000))));
  }

  /** Does something. */
  void acts() {
    switch (random.nextInt(14)) {
      case 0 -> verb(wire::choke, wire.amChoking() ? null : "choke");
      case 1, 2 -> verb(wire::unchoke, wire.amChoking() ? "unchoke" : null);
      case 3 -> verb(wire::interested, wire.amInterested() ? null : "interested");
      case 4 -> verb(wire::notInterested, wire.amInterested() ? "not-interested" : null);
      case 5 -> {
        int piece = piece();
        verb(() -> wire.have(piece), wire.pieces().contains(piece) ? null : "have " + piece);
      }
      case 6 -> {
        int port = 1 + random.nextInt(0xffff);
        verb(() -> wire.port(port), "port " + port);
      }
      case 7 -> {
        ByteBuffer payload = ByteBuffer.wrap(new byte[] {(byte) random.nextInt(), 1});
        String digits = String.format("%02x01", payload.get(0));
        verb(() -> wire.extended(7, payload), "extended 7 " + digits);
      }
      case 8 -> {
        if (wire.supports(Feature.FAST)) {
          int piece = piece();
          if (random.nextBoolean()) {
            verb(() -> wire.suggestPiece(piece), "suggest " + piece);
          } else {
            verb(
                () -> wire.allowedFast(piece), allowed.add(piece) ? "allowed-fast " + piece : null);
          }
        }
      }
      case 9 -> cancels();
      case 10, 11 -> answers();
      default -> asks();
    }
  }

  private void asks() {
    int piece = piece();
    int begin = random.nextInt(4) << 10;
    int length = Math.min(1024, LAYOUT.pieceLength(piece) - begin);
    if (length <= 0
        || wire.requests().stream().anyMatch(b -> b.piece() == piece && b.begin() == begin)) {
      return;
    }
    Asked request = new Asked(new Block(piece, begin, length));
    boolean[] sent = new boolean[1];
    verb(
        () ->
            sent[0] =
                wire.request(
                    piece,
                    begin,
                    length,
                    (outcome, p, b, block) -> ended(request, outcome, block)));
    if (sent[0]) {
      asked.add(request);
    }
  }

  private void ended(Asked request, RequestOutcome outcome, ByteBuffer block) {
    check(!inVerb, "a callback was called from inside a verb");
    check(request.outcome == null, request.block + " ended twice");
    boolean whole = block.remaining() == request.block.length();
    check((outcome == RequestOutcome.BLOCK) == whole, outcome + " with " + block);
    for (int i = 0; whole && i < block.remaining(); i++) {
      byte expected = content(request.block.piece(), request.block.begin() + i);
      check(block.get(block.position() + i) == expected, "other bytes in " + request.block);
    }
    request.outcome = outcome;
    if (random.oneIn(4) && !wire.isClosed()) {
      acts();
    }
  }

  private void cancels() {
    List<Block> pending = wire.requests();
    if (!pending.isEmpty()) {
      Block block = pending.get(random.nextInt(pending.size()));
      verb(() -> check(wire.cancel(block.piece(), block.begin(), block.length()), "was pending"));
    }
  }

  private void answers() {
    List<Block> pending = wire.peerRequests();
    if (pending.isEmpty()) {
      return;
    }
    Block block = pending.get(random.nextInt(pending.size()));
    ByteBuffer bytes = ByteBuffer.allocate(block.length());
    for (int i = 0; i < block.length(); i++) {
      bytes.put(content(block.piece(), block.begin() + i));
    }
    bytes.flip();
    verb(
        () -> {
          switch (random.nextInt(3)) {
            case 0 -> wire.reject(block.piece(), block.begin(), block.length());
            case 1 -> wire.respond(block.piece(), block.begin(), bytes);
            default -> wire.respond(block.piece(), block.begin(), region(bytes));
          }
        });
  }

  private BlockRegion region(ByteBuffer bytes) {
    regions++;
    return new BlockRegion() {
      @Override
      public int length() {
        return bytes.remaining();
      }

      @Override
      public void read(int offset, ByteBuffer target) {
        target.put(bytes.slice(offset, target.remaining()));
      }

      @Override
      public void release() {
        released++;
      }
    };
  }

  @Override
  public void onRequest(PeerWire same, int piece, int begin, int length) {
    check(!inVerb, "an event was raised from inside a verb");
    if (random.nextBoolean()) {
      answers();
    }
  }

  @Override
  public void onPiece(PeerWire same, int piece, int begin, ByteBuffer block) {
    check(!inVerb, "an event was raised from inside a verb");
    if (random.oneIn(4)) {
      acts();
    }
  }

  @Override
  public void onChoke(PeerWire same) {
    check(!inVerb, "an event was raised from inside a verb");
    acts();
  }

  @Override
  public void onUnchoke(PeerWire same) {
    check(!inVerb, "an event was raised from inside a verb");
    asks();
  }

  @Override
  public void onReject(PeerWire same, int piece, int begin, int length) {
    check(!inVerb, "an event was raised from inside a verb");
    acts();
  }

  @Override
  public void onTimeout(PeerWire same) {
    check(!inVerb, "an event was raised from inside a verb");
    acts();
  }

  @Override
  public void onClose(PeerWire same, CloseCause cause) {
    check(!inVerb, "the close was raised from inside a verb");
  }

  /** Every request ended, once; every region was released, once. */
  void settled() {
    for (Asked each : asked) {
      check(each.outcome != null, each.block + " never ended");
    }
    check(wire.requests().isEmpty() && wire.peerRequests().isEmpty(), "requests are left");
    check(regions == released, regions + " regions, released " + released);
  }

  private void verb(Runnable call) {
    boolean before = inVerb;
    inVerb = true;
    call.run();
    inVerb = before;
  }

  private void verb(Runnable call, @Nullable String event) {
    verb(call);
    if (event != null) {
      said.add(event);
    }
  }

  private int piece() {
    return random.nextInt(LAYOUT.pieceCount());
  }

  private static byte content(int piece, int at) {
    return (byte) (piece * 131 + at * 7);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
