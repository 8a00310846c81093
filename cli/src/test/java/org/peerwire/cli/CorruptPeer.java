package org.peerwire.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceSet;
import org.peerwire.channel.WirePipe;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** A peer that says it has everything, and serves each block with a bit of it flipped. */
final class CorruptPeer implements AutoCloseable, PeerListener {
  private final Metainfo torrent;
  private final byte[] content;
  private final ServerSocketChannel door;
  private final PeerId id;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();

  CorruptPeer(Metainfo torrent, byte[] content) throws IOException {
    this.torrent = torrent;
    this.content = content;
    door =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    byte[] random = new byte[PeerId.LENGTH];
    ThreadLocalRandom.current().nextBytes(random);
    id = PeerId.of("-LI0002-", random);
    start(this::accept);
  }

  String address() throws IOException {
    return "127.0.0.1:" + ((InetSocketAddress) door.getLocalAddress()).getPort();
  }

  /** How many blocks were asked of it. */
  int served() {
    return served.get();
  }

  /** How often it was connected to. */
  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "corrupt-peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = door.accept();
        connections.incrementAndGet();
        start(() -> WirePipe.run(channel, new PeerWire(this)));
      }
    } catch (IOException closed) {
      return;
    }
  }

  @Override
  public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
    wire.layout(torrent.layout());
    wire.handshake(infoHash, id);
  }

  @Override
  public void onHandshake(PeerWire wire, Handshake handshake) {
    PieceSet all = new PieceSet(torrent.pieceCount());
    all.addAll();
    wire.bitfield(all);
    wire.unchoke();
  }

  @Override
  public void onRequest(PeerWire wire, int piece, int begin, int length) {
    served.incrementAndGet();
    byte[] block = new byte[length];
    System.arraycopy(content, piece * torrent.pieceLength() + begin, block, 0, length);
    block[length / 2] ^= 4;
    wire.respond(piece, begin, ByteBuffer.wrap(block));
  }
}
