/**
 * How bytes get over the network: one event loop, which dials, listens and lets peers in.
 *
 * <pre>
 *   dialled    channel -- SwarmClock -- PeerWireHandler -- wire of the swarm
 *   accepted   channel -- {@code Doorman}, until it named a torrent that is here -- then as above
 * </pre>
 */
@NullMarked
package org.peerwire.client.net;

import org.jspecify.annotations.NullMarked;
