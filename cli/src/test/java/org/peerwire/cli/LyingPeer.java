package org.peerwire.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.channel.WirePipe;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** A peer that gives metadata of the right length, and of nothing. */
final class LyingPeer implements AutoCloseable {
  private final ServerSocketChannel door;
  private final int length;
  private volatile boolean lied;

  LyingPeer(Path torrent) throws Exception {
    length = Metainfo.parse(Files.readAllBytes(torrent)).infoBytes().remaining();
    door =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    start(this::accept);
  }

  String address() throws IOException {
    return "127.0.0.1:" + ((InetSocketAddress) door.getLocalAddress()).getPort();
  }

  /** Whether anyone asked it. */
  boolean hasLied() {
    return lied;
  }

  @Override
  public void close() throws IOException {
    door.close();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "lying-peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = door.accept();
        start(() -> WirePipe.run(channel, wire()));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private PeerWire wire() {
    PeerWire wire =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onInfoHash(PeerWire from, InfoHash infoHash, long reserved) {
                from.handshake(infoHash, PeerId.of("-LI0001-", new byte[PeerId.LENGTH]));
              }

              @Override
              public void onExtended(PeerWire from, int extendedId, ByteBuffer payload) {
                lied |= extendedId != 0;
              }
            });
    wire.use(new UtMetadata()).serve(ByteBuffer.allocate(length));
    return wire;
  }
}
