package org.peerwire.bench;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.frame.OutputSink;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.TorrentTable;
import org.peerwire.wire.BlockCallback;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;
import org.peerwire.wire.Transport;

/** Two wires, with encryption between them or not, and a buffer in the place of the sockets. */
final class EncryptedPair {
  private static final InfoHash TORRENT = InfoHash.parse("ab".repeat(20));
  private static final int PIECES = 1 << 10;
  private static final int PIPELINE = 16;

  private final Side leecher = new Side();
  private final Side seeder = new Side();
  private final ByteBuffer socket = ByteBuffer.allocate(1 << 20);
  private final BlockCallback callback = this::ended;
  private long now;
  private int got;
  private int asked;

  EncryptedPair(Encryption method, SecureRandom random) {
    leecher.transport = leecher.wire.transport();
    seeder.transport = seeder.wire.transport();
    if (method != Encryption.NONE) {
      TorrentTable torrents = new TorrentTable();
      torrents.add(TORRENT);
      MseOptions options =
          MseOptions.builder(EncryptionPolicy.REQUIRE)
              .methods(method)
              .handshakesPerSecond(Integer.MAX_VALUE)
              .build();
      Mse mse = new Mse(options, torrents, random::nextBytes);
      leecher.transport = mse.initiate(leecher.wire.transport(), TORRENT);
      seeder.transport = mse.accept(seeder.wire.transport());
    }
    leecher.wire.handshake(TORRENT, PeerId.ofAscii("-PW0100-leecherleech"));
  }

  /** Both handshakes, until blocks may be requested. */
  void shakeHands() {
    for (int i = 0; leecher.wire.peerChoking(); i++) {
      if (i == 20) {
        throw new IllegalStateException(leecher.wire + " and " + seeder.wire);
      }
      carry();
    }
  }

  void transfer(int blocks) {
    while (got < blocks) {
      while (asked - got < PIPELINE && asked < blocks) {
        leecher.wire.request(asked++ % PIECES, 0, Block.LENGTH, callback);
      }
      carry();
    }
  }

  private void carry() {
    carry(leecher, seeder);
    carry(seeder, leecher);
  }

  private void carry(Side from, Side to) {
    now += 1000;
    long count = from.transport.drainTo(from, socket.capacity());
    if (count > 0) {
      from.transport.sent(count, now);
      to.transport.receive(socket.flip(), now);
    }
    socket.clear();
  }

  private void ended(RequestOutcome outcome, int piece, int begin, ByteBuffer block) {
    if (outcome != RequestOutcome.BLOCK || block.get(block.position()) != (byte) piece) {
      throw new IllegalStateException(outcome + " of " + piece + ": " + leecher.wire.closeCause());
    }
    got++;
  }

  /** Answers what it is asked for; what it says goes into the socket. */
  private final class Side implements PeerListener, OutputSink {
    private final ByteBuffer[] blocks = new ByteBuffer[2 * PIPELINE];
    final PeerWire wire = new PeerWire(this);
    Transport transport = wire.transport();

    @Override
    public void onHandshake(PeerWire from, Handshake handshake) {
      if (from.handshake() == null) {
        from.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0100-seederseeder"));
      }
      from.layout(PieceLayout.of((long) PIECES * Block.LENGTH, Block.LENGTH));
      PieceSet all = new PieceSet(PIECES);
      all.addAll();
      from.bitfield(all);
      from.unchoke();
    }

    @Override
    public void onRequest(PeerWire from, int piece, int begin, int length) {
      int index = piece % blocks.length;
      ByteBuffer block = blocks[index];
      if (block == null) {
        block = ByteBuffer.allocate(Block.LENGTH);
        blocks[index] = block;
      }
      from.respond(piece, begin, block.put(0, (byte) piece).duplicate());
    }

    @Override
    public void control(ByteBuffer bytes) {
      socket.put(bytes);
    }

    @Override
    public void block(ByteBuffer bytes) {
      socket.put(bytes);
    }

    @Override
    public void region(BlockRegion region, int offset, int length) {
      throw new IllegalStateException("nobody answers with regions");
    }
  }
}
