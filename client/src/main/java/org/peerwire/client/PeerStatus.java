package org.peerwire.client;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.peerwire.PeerId;
import org.peerwire.mse.Encryption;

/**
 * One peer of a transfer, as it was when the status was taken.
 *
 * @param address where it is connected from or to
 * @param incoming whether it connected to us
 * @param peerId what it calls itself; empty until its handshake is in
 * @param client name and version that it tells, fit to be shown; empty if it does not
 * @param encryption what protects the connection
 * @param pieces how many pieces it told that it has
 * @param amChoking whether we choke it
 * @param amInterested whether it has something that we want
 * @param peerChoking whether it chokes us
 * @param peerInterested whether it wants something that we have
 * @param requests how many blocks we wait for
 * @param snubbed whether it lets us request and does not serve
 * @param downloaded bytes of blocks that came from it
 * @param uploaded bytes of blocks that went to it
 * @param downloadSpeed bytes a second, lately
 * @param uploadSpeed bytes a second, lately
 */
public record PeerStatus(
    InetSocketAddress address,
    boolean incoming,
    Optional<PeerId> peerId,
    Optional<String> client,
    Encryption encryption,
    int pieces,
    boolean amChoking,
    boolean amInterested,
    boolean peerChoking,
    boolean peerInterested,
    int requests,
    boolean snubbed,
    long downloaded,
    long uploaded,
    double downloadSpeed,
    double uploadSpeed) {}
