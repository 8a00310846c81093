package org.peerwire.examples;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.peerwire.InfoHash;
import org.peerwire.netty.PeerWireHandler;
import org.peerwire.wire.PeerWire;

/** The wire of {@link FetchPiece} on Netty: the listener is the same, only the pipe is another. */
public final class NettyFetch {
  // region netty
  static CompletableFuture<byte[]> fetch(
      EventLoopGroup group, SocketAddress peer, InfoHash torrent, FetchPiece listener)
      throws InterruptedException {
    PeerWire wire = new PeerWire(listener);
    wire.handshake(torrent, FetchPiece.PEER_ID);
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .handler(new PeerWireHandler(wire))
        .connect(peer)
        .sync();
    return listener.result;
  }

  // endregion

  private NettyFetch() {}

  /** Arguments: host, port, info-hash, piece, length of the piece in bytes. */
  public static void main(String... args) throws Exception {
    FetchPiece listener = new FetchPiece(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    SocketAddress peer = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      byte[] piece = fetch(group, peer, InfoHash.parse(args[2]), listener).get();
      System.out.println("got " + piece.length + " bytes");
    } finally {
      group.shutdownGracefully().sync();
    }
  }
}
