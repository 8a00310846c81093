package org.peerwire.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.peerwire.Handshake;
import org.peerwire.PeerId;
import org.peerwire.channel.WirePipe;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** Answers every handshake, and says when a peer stops choking us. */
public final class Echo implements PeerListener {
  private static final PeerId PEER_ID = PeerId.ofAscii("-PW0100-echoechoecho");

  // region echo
  @Override
  public void onHandshake(PeerWire wire, Handshake handshake) {
    // The same torrent, under our name.
    wire.handshake(handshake.infoHash(), PEER_ID);
  }

  @Override
  public void onUnchoke(PeerWire wire) {
    System.out.println("unchoked; peerChoking is " + wire.peerChoking());
  }

  static void serve(ServerSocketChannel server) throws IOException {
    // Threads of its own for each peer, until one side ends; at most a hundred peers at once.
    WirePipe.accept(server, 100, () -> new PeerWire(new Echo()));
  }

  // endregion

  private Echo() {}

  /** Listens on port 6881. */
  public static void main(String... args) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      serve(server.bind(new InetSocketAddress(6881)));
    }
  }
}
