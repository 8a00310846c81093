package org.peerwire.bench.connections;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.openjdk.jol.info.GraphLayout;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;
import org.peerwire.frame.OutputSink;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * What an idle wire takes of the heap, by JOL: the difference that one more makes, so that what all
 * share is not counted, such as the listener. Both handshakes are done, the peer has all pieces or
 * none, blocks went both ways or none did, and time has passed.
 */
public final class WireFootprint {
  private static final PeerListener LISTENER =
      new PeerListener() {
        @Override
        public void onRequest(PeerWire wire, int piece, int begin, int length) {
          wire.respond(piece, begin, ByteBuffer.allocate(length));
        }
      };

  private static final PeerId ID = PeerId.ofAscii("-PW0000-listenerlist");
  private static final long MINUTE = 60_000_000_000L;
  private static final int MORE = 100;

  private final PeerWire wire = new PeerWire(LISTENER);
  private long now;

  private WireFootprint() {}

  /** Prints bytes, and by class. */
  public static void main(String[] arguments) {
    System.out.println("of an empty peer: " + another(() -> idle(false)).totalSize() / MORE);
    System.out.println("after traffic: " + another(WireFootprint::idleAgain).totalSize() / MORE);
    GraphLayout full = another(() -> idle(true));
    System.out.println("of a full peer: " + full.totalSize() / MORE);
    System.out.println(full.toFootprint());
  }

  private static GraphLayout another(Supplier<WireFootprint> maker) {
    List<PeerWire> wires = new ArrayList<>();
    for (int i = 0; i <= MORE; i++) {
      wires.add(maker.get().wire);
    }
    GraphLayout one = GraphLayout.parseInstance(wires.get(0));
    return GraphLayout.parseInstance(wires.toArray()).subtract(one);
  }

  private static WireFootprint idle(boolean full) {
    WireFootprint idle = new WireFootprint();
    idle.greet(new PieceSet(Torrent.PIECES), full);
    idle.pass();
    if (idle.wire.peerPieces().isFull() != full) {
      throw new IllegalStateException(idle.wire.toString());
    }
    return idle;
  }

  /** Each side has everything, and still got a block of the other. */
  private static WireFootprint idleAgain() {
    WireFootprint idle = new WireFootprint();
    PieceSet all = new PieceSet(Torrent.PIECES);
    all.addAll();
    idle.greet(all, true);
    idle.pass();
    idle.trade();
    idle.pass();
    if (idle.wire.uploaded() != Block.LENGTH || idle.wire.downloaded() != Block.LENGTH) {
      throw new IllegalStateException(idle.wire.toString());
    }
    return idle;
  }

  private void greet(PieceSet ours, boolean full) {
    wire.handshake(Torrent.INFO_HASH, ID);
    wire.layout(Torrent.LAYOUT);
    wire.bitfield(ours);
    wire.keepAlive(PeerWire.DEFAULT_KEEP_ALIVE);
    Outbox said = new Outbox();
    FrameWriter peer = new FrameWriter(said);
    peer.infoHash(Feature.FAST.mask(), Torrent.INFO_HASH);
    peer.peerId(PeerId.ofAscii("-XX0000-peerpeerpeer"));
    if (full) {
      peer.haveAll();
    } else {
      peer.haveNone();
    }
    wire.transport().receive(bytes(said), now);
    send();
  }

  private void trade() {
    Outbox said = new Outbox();
    FrameWriter peer = new FrameWriter(said);
    wire.unchoke();
    peer.unchoke();
    wire.transport().receive(bytes(said), now);
    wire.request(1, 0, Block.LENGTH, null);
    peer.request(0, 0, Block.LENGTH);
    peer.piece(1, 0, Block.LENGTH);
    peer.bytes(ByteBuffer.allocate(Block.LENGTH));
    ByteBuffer bytes = bytes(said);
    while (bytes.hasRemaining()) {
      int cut = Math.min(bytes.position() + 100, bytes.limit());
      ByteBuffer part = bytes.duplicate().limit(cut);
      wire.transport().receive(part, now);
      bytes.position(cut);
      send();
    }
    send();
    wire.choke();
    send();
  }

  /** Two minutes in which either side sends keep-alives. */
  private void pass() {
    for (int i = 0; i < 2; i++) {
      now += MINUTE;
      wire.transport().receive(ByteBuffer.wrap(new byte[4]), now);
      wire.transport().timeout(now);
      send();
    }
    if (!wire.isOpen() || wire.transport().pending() > 0) {
      throw new IllegalStateException(wire.toString());
    }
  }

  private void send() {
    long count = wire.transport().drainTo(new Copy(ByteBuffer.allocate(1 << 17)), Long.MAX_VALUE);
    wire.transport().sent(count, now);
  }

  private static ByteBuffer bytes(Outbox said) {
    ByteBuffer bytes = ByteBuffer.allocate((int) said.size());
    said.drainTo(new Copy(bytes), Long.MAX_VALUE);
    return bytes.flip();
  }

  private record Copy(ByteBuffer target) implements OutputSink {
    @Override
    public void control(ByteBuffer bytes) {
      target.put(bytes);
    }

    @Override
    public void block(ByteBuffer block) {
      target.put(block);
    }

    @Override
    public void region(BlockRegion region, int offset, int length) {
      throw new IllegalStateException("nothing here is a region");
    }
  }
}
