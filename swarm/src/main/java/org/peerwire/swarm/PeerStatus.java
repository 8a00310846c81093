package org.peerwire.swarm;

import org.jspecify.annotations.Nullable;
import org.peerwire.PeerAddress;
import org.peerwire.PeerId;

/**
 * One connected peer, at one moment.
 *
 * @param address where it is
 * @param peerId who it says it is; null before its handshake
 * @param client what its extension handshake says it is, fit to be shown; null if it says nothing
 * @param outgoing whether we dialled it
 * @param pieces how many pieces it has
 * @param downloaded bytes of blocks that came from it
 * @param uploaded bytes of blocks that went to it
 * @param downloadSpeed bytes a second, lately
 * @param uploadSpeed bytes a second, lately
 * @param amChoking whether we choke it
 * @param amInterested whether we are interested in it
 * @param peerChoking whether it chokes us
 * @param peerInterested whether it is interested in us
 * @param requests how many of our requests it has not answered
 * @param snubbed whether it does not serve what it lets us request
 */
public record PeerStatus(
    PeerAddress address,
    @Nullable PeerId peerId,
    @Nullable String client,
    boolean outgoing,
    int pieces,
    long downloaded,
    long uploaded,
    double downloadSpeed,
    double uploadSpeed,
    boolean amChoking,
    boolean amInterested,
    boolean peerChoking,
    boolean peerInterested,
    int requests,
    boolean snubbed) {}
