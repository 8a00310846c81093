package org.peerwire.netty;

import io.netty.channel.Channel;
import org.peerwire.InfoHash;
import org.peerwire.mse.Encryption;
import org.peerwire.wire.PeerWire;

/**
 * A peer that connected to us and has named a torrent that is here. Nothing was said to it yet.
 *
 * @param channel its connection; the {@link PeerWireHandler} is in its pipeline
 * @param wire its wire, which has heard 48 bytes
 * @param infoHash the torrent
 * @param encryption what protects the connection
 */
public record IncomingPeer(
    Channel channel, PeerWire wire, InfoHash infoHash, Encryption encryption) {}
