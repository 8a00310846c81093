package org.peerwire.bench.connections;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jol.info.GraphLayout;
import org.peerwire.BlockRegion;
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
 * none, and time has passed.
 */
public final class WireFootprint {
  private static final OutputSink NOWHERE =
      new OutputSink() {
        @Override
        public void control(ByteBuffer bytes) {}

        @Override
        public void block(ByteBuffer block) {}

        @Override
        public void region(BlockRegion region, int offset, int length) {}
      };

  private static final PeerListener LISTENER = new PeerListener() {};
  private static final int MORE = 100;

  private WireFootprint() {}

  /** Prints bytes, and by class. */
  public static void main(String[] arguments) {
    System.out.println("of an empty peer: " + another(false).totalSize() / MORE + " bytes");
    GraphLayout full = another(true);
    System.out.println("of a full peer: " + full.totalSize() / MORE + " bytes");
    System.out.println(full.toFootprint());
  }

  private static GraphLayout another(boolean full) {
    List<PeerWire> wires = new ArrayList<>();
    for (int i = 0; i <= MORE; i++) {
      wires.add(idle(full));
    }
    GraphLayout one = GraphLayout.parseInstance(wires.get(0));
    return GraphLayout.parseInstance(wires.toArray()).subtract(one);
  }

  private static PeerWire idle(boolean full) {
    PeerWire wire = new PeerWire(LISTENER);
    wire.handshake(Torrent.INFO_HASH, ID);
    wire.layout(Torrent.LAYOUT);
    wire.bitfield(new PieceSet(Torrent.PIECES));
    wire.keepAlive(PeerWire.DEFAULT_KEEP_ALIVE);
    wire.transport().receive(hello(full), 0);
    send(wire, 0);
    for (long minute = 1; minute <= 2; minute++) {
      long now = minute * 60_000_000_000L;
      wire.transport().receive(ByteBuffer.wrap(new byte[4]), now);
      wire.transport().timeout(now);
      send(wire, now);
    }
    if (!wire.isOpen() || wire.transport().pending() > 0 || wire.peerPieces().isFull() != full) {
      throw new IllegalStateException(wire.toString());
    }
    return wire;
  }

  private static final PeerId ID = PeerId.ofAscii("-PW0000-listenerlist");

  private static void send(PeerWire wire, long now) {
    wire.transport().sent(wire.transport().drainTo(NOWHERE, Long.MAX_VALUE), now);
  }

  private static ByteBuffer hello(boolean full) {
    Outbox outbox = new Outbox();
    FrameWriter peer = new FrameWriter(outbox);
    peer.infoHash(org.peerwire.Feature.FAST.mask(), Torrent.INFO_HASH);
    peer.peerId(PeerId.ofAscii("-XX0000-peerpeerpeer"));
    if (full) {
      peer.haveAll();
    } else {
      peer.haveNone();
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) outbox.size());
    outbox.drainTo(
        new OutputSink() {
          @Override
          public void control(ByteBuffer part) {
            bytes.put(part);
          }

          @Override
          public void block(ByteBuffer block) {}

          @Override
          public void region(BlockRegion region, int offset, int length) {}
        },
        Long.MAX_VALUE);
    return bytes.flip();
  }
}
