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
 * <p>Encrypted, the same with a layer between the two:
 *
 * <pre>{@code
 * new PeerWireHandler(wire, mse.initiate(wire.transport(), infoHash))
 * }</pre>
 *
 * <p>To listen, for any number of torrents, plaintext and encrypted, {@link
 * org.peerwire.netty.PeerAcceptor} gives each connection its handler and finds the torrent that the
 * peer names:
 *
 * <pre>{@code
 * PeerAcceptor acceptor = PeerAcceptor.builder().build();
 * acceptor.add(torrent.infoHash(), peer -> new Seeder(torrent));
 * new ServerBootstrap()
 *     .group(group)
 *     .channel(NioServerSocketChannel.class)
 *     .childHandler(acceptor)
 *     .bind(6881);
 *
 * class Seeder implements PeerListener {
 *   public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
 *     wire.handshake(infoHash, peerId);
 *     wire.layout(torrent.layout());
 *     wire.bitfield(torrent.pieces());
 *   }
 *   ...
 * }
 * }</pre>
 *
 * <p>It runs on each of Netty's transports: NIO, epoll, io_uring and whatever else moves {@link
 * io.netty.buffer.ByteBuf}s.
 */
@NullMarked
package org.peerwire.netty;

import org.jspecify.annotations.NullMarked;
