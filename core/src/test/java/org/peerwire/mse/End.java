package org.peerwire.mse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.SplitMix64;
import org.peerwire.Violation;
import org.peerwire.frame.OutputSink;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Timeout;

/**
 * A wire behind encryption, without a connection: what it says is taken, what it hears is given.
 */
final class End implements PeerListener {
  static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  static final InfoHash OTHER = InfoHash.parse("bb".repeat(20));
  static final PeerId INITIATOR = PeerId.ofAscii("-PW0000-initiatorini");
  static final PeerId ACCEPTOR = PeerId.ofAscii("-PW0000-acceptoracce");

  final PeerWire wire = new PeerWire(this);
  final MseTransport mse;
  final List<CloseCause> ends = new ArrayList<>();
  final ByteArrayOutputStream blocks = new ByteArrayOutputStream();
  final boolean answers;
  @Nullable Handshake handshake;

  /** How many bytes left by reference, not to be copied by the transport. */
  long byReference;

  long now;

  private End(boolean answers, MakeTransport make) {
    this.answers = answers;
    mse = make.of(wire);
  }

  /** How many blocks the initiator asks for. */
  int wanted;

  /** The blocks that were handed to the wire. */
  final List<byte[]> answered = new ArrayList<>();

  /** What the acceptor answers with instead of memory, if anything. */
  @Nullable BlockRegion region;

  private interface MakeTransport {
    MseTransport of(PeerWire wire);
  }

  static End acceptor(Mse mse) {
    return new End(true, wire -> mse.accept(wire.transport()));
  }

  static End acceptor(MseOptions options, long seed) {
    return acceptor(new Mse(options, table(TORRENT, OTHER), random(seed)));
  }

  /** With its handshake said. */
  static End initiator(MseOptions options, long seed) {
    Mse mse = new Mse(options, Torrents.NONE, random(seed));
    End end = new End(false, wire -> mse.initiate(wire.transport(), TORRENT));
    end.wire.handshake(TORRENT, INITIATOR);
    return end;
  }

  static TorrentTable table(InfoHash... torrents) {
    TorrentTable table = new TorrentTable();
    for (InfoHash each : torrents) {
      table.add(each);
    }
    return table;
  }

  static RandomSource random(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    return target -> System.arraycopy(random.bytes(target.length), 0, target, 0, target.length);
  }

  @Override
  public void onHandshake(PeerWire peer, Handshake theirs) {
    handshake = theirs;
    if (answers) {
      peer.handshake(theirs.infoHash(), ACCEPTOR);
    } else if (wanted > 0) {
      peer.interested();
    }
  }

  @Override
  public void onInterested(PeerWire peer) {
    peer.unchoke();
  }

  @Override
  public void onUnchoke(PeerWire peer) {
    for (int i = 0; i < wanted; i++) {
      peer.request(
          0,
          i * Block.LENGTH,
          Block.LENGTH,
          (outcome, piece, begin, block) -> {
            append(blocks, block);
          });
    }
  }

  @Override
  public void onRequest(PeerWire peer, int piece, int begin, int length) {
    BlockRegion source = region;
    if (source == null) {
      byte[] block = content(begin, length);
      answered.add(block);
      peer.respond(piece, begin, ByteBuffer.wrap(block));
    } else {
      peer.respond(piece, begin, source);
    }
  }

  /** What the torrent holds there. */
  static byte[] content(int begin, int length) {
    return new SplitMix64(begin).bytes(length);
  }

  @Override
  public void onClose(PeerWire peer, CloseCause cause) {
    ends.add(cause);
  }

  void hear(byte[] bytes) {
    mse.receive(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), now);
  }

  /** Hears bytes in parts of at most {@code most}. */
  void hear(byte[] bytes, int most, SplitMix64 random) {
    for (int at = 0; at < bytes.length; ) {
      int part = Math.min(bytes.length - at, most <= 1 ? 1 : 1 + random.below(most));
      mse.receive(ByteBuffer.wrap(bytes, at, part).asReadOnlyBuffer(), now);
      at += part;
    }
  }

  /** Takes all that waits. */
  byte[] say() {
    return say(Long.MAX_VALUE);
  }

  byte[] say(long max) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    long count =
        mse.drainTo(
            new OutputSink() {
              @Override
              public void control(ByteBuffer bytes) {
                append(said, bytes);
              }

              @Override
              public void block(ByteBuffer block) {
                byReference += block.remaining();
                append(said, block);
              }

              @Override
              public void region(BlockRegion region, int offset, int length) {
                byReference += length;
                ByteBuffer bytes = ByteBuffer.allocate(length);
                try {
                  region.read(offset, bytes);
                } catch (java.io.IOException e) {
                  throw new AssertionError(e);
                }
                append(said, bytes.flip());
                if (offset + length == region.length()) {
                  region.release();
                }
              }
            },
            max);
    if (count != said.size()) {
      throw new AssertionError(count + " told, " + said.size() + " handed over");
    }
    if (count > 0) {
      mse.sent(count, now);
    }
    return said.toByteArray();
  }

  /** Lets time pass, and raises what is due on the way, as a transport does. */
  void pass(long nanos) {
    long end = now + nanos;
    while (true) {
      long due = mse.nanosUntilTimeout(now);
      if (due > end - now) {
        break;
      }
      now += due;
      mse.timeout(now);
    }
    now = end;
  }

  /** Lets two ends speak until both are silent; what goes either way is cut by {@code cuts}. */
  static void talk(End a, End b, int most, SplitMix64 random) {
    for (boolean silent = false; !silent; ) {
      silent = true;
      for (End from : List.of(a, b)) {
        End to = from == a ? b : a;
        byte[] said = from.say(1 + random.below(Math.max(1, 4 * most)));
        silent &= said.length == 0;
        to.hear(said, most, random);
        from.pass(0);
        to.pass(0);
      }
    }
  }

  /** Who shook hands. */
  PeerId peer() {
    Handshake theirs = handshake;
    if (theirs == null) {
      throw new AssertionError("no handshake; ended " + ends + "; " + mse);
    }
    return theirs.peerId();
  }

  CloseCause cause() {
    if (ends.size() != 1) {
      throw new AssertionError("ended " + ends);
    }
    return ends.get(0);
  }

  /** The violation that the wire ended with. */
  Violation violation() {
    if (cause() instanceof CloseCause.Violated violated) {
      return violated.report().violation();
    }
    throw new AssertionError("ended: " + cause());
  }

  Timeout timedOut() {
    if (cause() instanceof CloseCause.TimedOut timedOut) {
      return timedOut.timeout();
    }
    throw new AssertionError("ended: " + cause());
  }

  private static void append(ByteArrayOutputStream target, ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    target.writeBytes(copy);
  }
}
