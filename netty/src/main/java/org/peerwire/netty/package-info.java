/**
 * The wire in a Netty pipeline: {@link org.peerwire.netty.PeerWireHandler} at the end of it is all
 * there is to it.
 *
 * <p>To connect:
 *
 * <pre>{@code
 * PeerWire wire = new PeerWire(listener);
 * wire.handshake(infoHash, peerId);
 * new Bootstrap()
 *     .group(group)
 *     .channel(NioSocketChannel.class)
 *     .handler(new PeerWireHandler(wire))
 *     .connect(address);
 * }</pre>
 *
 * <p>To listen, for one torrent or for many: the peer names the torrent, and {@link
 * org.peerwire.wire.PeerListener#onInfoHash} answers for it.
 *
 * <pre>{@code
 * new ServerBootstrap()
 *     .group(group)
 *     .channel(NioServerSocketChannel.class)
 *     .childHandler(
 *         new ChannelInitializer<SocketChannel>() {
 *           protected void initChannel(SocketChannel channel) {
 *             channel.pipeline().addLast(new PeerWireHandler(new PeerWire(new Seeder())));
 *           }
 *         })
 *     .bind(6881);
 *
 * class Seeder implements PeerListener {
 *   public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
 *     Torrent torrent = torrents.get(infoHash);
 *     if (torrent == null) {
 *       wire.close(Violation.UNKNOWN_INFO_HASH, infoHash.toString());
 *     } else {
 *       wire.handshake(infoHash, peerId);
 *       wire.layout(torrent.layout());
 *       wire.bitfield(torrent.pieces());
 *     }
 *   }
 *   ...
 * }
 * }</pre>
 */
@NullMarked
package org.peerwire.netty;

import org.jspecify.annotations.NullMarked;
