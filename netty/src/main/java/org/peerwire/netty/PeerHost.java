package org.peerwire.netty;

import org.jspecify.annotations.Nullable;
import org.peerwire.wire.PeerListener;

/** A torrent that is here, for those who dial us. */
@FunctionalInterface
public interface PeerHost {
  /**
   * A peer asks for this torrent. Called by the event loop of its channel.
   *
   * @return what hears its wire from now on, {@link PeerListener#onInfoHash} included, which is
   *     where to answer with our handshake; or null if the peer is not wanted: it is closed without
   *     a word
   */
  @Nullable PeerListener greet(IncomingPeer peer);
}
