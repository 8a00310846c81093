package org.peerwire.examples;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Violation;
import org.peerwire.channel.FileRegion;
import org.peerwire.netty.PeerWireHandler;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** Serves one file on one port, as several torrents that cut it differently. */
public final class ServeFile implements PeerListener {
  private static final PeerId PEER_ID = PeerId.ofAscii("-PW0100-serveservese");

  private final FileChannel file;
  private final Map<InfoHash, PieceLayout> torrents;
  private PieceLayout layout = PieceLayout.of(0, 1); // until the peer names a torrent

  private ServeFile(FileChannel file, Map<InfoHash, PieceLayout> torrents) {
    this.file = file;
    this.torrents = torrents;
  }

  // region serve-file
  @Override
  public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
    if (!torrents.containsKey(infoHash)) {
      wire.close(Violation.UNKNOWN_INFO_HASH, infoHash.toString());
      return;
    }
    layout = torrents.get(infoHash);
    wire.handshake(infoHash, PEER_ID);
    wire.layout(layout);
    PieceSet all = new PieceSet(layout.pieceCount());
    all.addAll();
    wire.bitfield(all);
  }

  @Override
  public void onInterested(PeerWire wire) {
    wire.unchoke();
  }

  @Override
  public void onRequest(PeerWire wire, int piece, int begin, int length) {
    long position = (long) piece * layout.pieceLength(0) + begin;
    wire.respond(piece, begin, new FileRegion(file, position, length)); // read when it is sent
  }

  static Channel listen(
      EventLoopGroup group, SocketAddress at, FileChannel file, Map<InfoHash, PieceLayout> torrents)
      throws InterruptedException {
    return new ServerBootstrap()
        .group(group)
        .channel(NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                PeerWire wire = new PeerWire(new ServeFile(file, torrents));
                channel.pipeline().addLast(new PeerWireHandler(wire));
              }
            })
        .bind(at)
        .sync()
        .channel();
  }

  // endregion

  /** Arguments: file, info-hash, piece length; info-hash and piece length of another torrent. */
  public static void main(String... args) throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    try (FileChannel file = FileChannel.open(Path.of(args[0]))) {
      Map<InfoHash, PieceLayout> torrents =
          Map.of(
              InfoHash.parse(args[1]), PieceLayout.of(file.size(), Integer.parseInt(args[2])),
              InfoHash.parse(args[3]), PieceLayout.of(file.size(), Integer.parseInt(args[4])));
      listen(group, new InetSocketAddress(6881), file, torrents).closeFuture().sync();
    } finally {
      group.shutdownGracefully().sync();
    }
  }
}
