/**
 * Finds peers on the local network; what is said there, and when, is decided in {@code
 * org.peerwire.swarm.local}.
 *
 * <pre>
 *   LocalDiscovery   the torrents that are announced and listened for, and the socket
 *   LocalGroup       the multicast group, and which network interfaces it is spoken to on
 * </pre>
 */
@NullMarked
package org.peerwire.client.local;

import org.jspecify.annotations.NullMarked;
