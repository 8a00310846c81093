/**
 * How bytes get over the network: one event loop, which dials, listens and lets peers in.
 *
 * <pre>
 *   dialled    channel -- SwarmClock -- PeerWireHandler -- wire of the swarm
 *   accepted   channel -- SwarmClock -- PeerWireHandler -- wire, of the swarm when it has named a torrent
 * </pre>
 */
@NullMarked
package org.peerwire.client.net;

import org.jspecify.annotations.NullMarked;
