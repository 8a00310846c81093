package org.peerwire.bench;

import java.nio.ByteBuffer;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;
import org.peerwire.wire.BlockCallback;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;
import org.peerwire.wire.Transport;

/** A wire that is past its handshake, a listener that counts, and the requests a stream needs. */
final class OpenWire {
  private static final InfoHash TORRENT = InfoHash.parse("ab".repeat(20));
  private static final int PIPELINE = 8;

  private final Streams stream;
  private final CountingListener listener = new CountingListener();
  private final BlockCallback callback = this::ended;
  final PeerWire wire;
  private final Transport transport;
  private long now;
  private int asked;
  private long ended;

  OpenWire(Streams stream) {
    this.stream = stream;
    // Without the fast extension a choke would drop the requests, and a cancel needs no answer.
    boolean fast = stream == Streams.MIXED;
    wire = new PeerWire(listener);
    transport = wire.transport();
    wire.handshake(TORRENT, PeerId.ofAscii("-PW0100-aaaaaaaaaaaa"));
    Outbox peer = new Outbox();
    FrameWriter said = new FrameWriter(peer);
    said.infoHash(Feature.EXTENSION_PROTOCOL.mask() | (fast ? Feature.FAST.mask() : 0), TORRENT);
    said.peerId(PeerId.ofAscii("-PW0100-bbbbbbbbbbbb"));
    if (fast) {
      said.haveNone();
    }
    said.unchoke();
    peer.drainTo(new FeedingSink(wire), Long.MAX_VALUE);
    wire.layout(PieceLayout.of((long) Streams.PIECES * (4 * Block.LENGTH), 4 * Block.LENGTH));
    PieceSet all = new PieceSet(Streams.PIECES);
    all.addAll();
    wire.bitfield(all);
    wire.unchoke();
    drop();
  }

  /** Keeps requests pending, then takes the chunk, then sends what waits. */
  void receive(ByteBuffer chunk) {
    ask();
    receiveAlone(chunk);
  }

  void receiveAlone(ByteBuffer chunk) {
    now += 1000;
    transport.receive(chunk, now);
    drop();
  }

  /** Keeps the next blocks of the stream requested, if it has any. */
  void ask() {
    if (stream != Streams.SMALL) {
      ask(PIPELINE);
    }
  }

  void ask(int pipeline) {
    while (wire.requestCount() < pipeline
        && wire.request(stream.pieceOf(asked), 0, Block.LENGTH, callback)) {
      asked++;
    }
  }

  /** What the listener counted; a wire that has ended counts nothing. */
  long sum() {
    if (wire.isClosed()) {
      throw new IllegalStateException(wire.toString());
    }
    return listener.sum + ended;
  }

  long answered() {
    if (ended != asked) {
      throw new IllegalStateException(ended + " of " + asked);
    }
    return sum();
  }

  private void drop() {
    long count = transport.drainTo(DroppingSink.INSTANCE, Long.MAX_VALUE);
    if (count > 0) {
      transport.sent(count, now);
    }
  }

  private void ended(RequestOutcome outcome, int piece, int begin, ByteBuffer block) {
    if (outcome != RequestOutcome.BLOCK) {
      throw new IllegalStateException(outcome + " of " + piece);
    }
    ended++;
  }

  private static final class CountingListener implements PeerListener {
    private final ByteBuffer block = ByteBuffer.allocate(Block.LENGTH);
    long sum;

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      sum++;
    }

    @Override
    public void onHave(PeerWire wire, int piece) {
      sum += piece;
    }

    /** Those below the first block of a piece are the ones that the stream cancels. */
    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      sum += piece + begin + length;
      if (begin > 0) {
        wire.respond(piece, begin, block.clear());
      }
    }

    @Override
    public void onCancel(PeerWire wire, int piece, int begin, int length) {
      sum += piece + begin + length;
    }

    @Override
    public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
      sum += piece + begin + block.remaining();
    }
  }
}
