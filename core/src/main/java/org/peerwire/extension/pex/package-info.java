/**
 * Peers tell each other who else there is (<a
 * href="https://www.bittorrent.org/beps/bep_0011.html">BEP 11</a>). Not for private torrents.
 *
 * <pre>{@code
 * PexContacts contacts = new PexContacts(); // one for a torrent
 *
 * UtPex pex = wire.use(new UtPex(contacts, peerIp, (source, added, dropped) -> ...)); // one a wire
 * contacts.add(peerAddress, PexPeer.REACHABLE); // once the handshake is done
 * contacts.remove(peerAddress); // once it is gone
 * }</pre>
 *
 * <p>{@link PexContacts} holds whom we are connected to; each {@link UtPex} tells its peer the
 * difference, at most once a minute. What comes in is bounded and filtered by {@link PexFilter}.
 */
@NullMarked
package org.peerwire.extension.pex;

import org.jspecify.annotations.NullMarked;
