package org.peerwire.client.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.wire.PeerWire;

/** What takes connections in: a torrent that is here. Called on the event loop. */
public interface Host {
  /**
   * A peer is connected.
   *
   * @param outgoing whether we dialled it
   * @return the wire for it, or null if it is not wanted
   */
  @Nullable PeerWire connected(InetSocketAddress peer, boolean outgoing);

  /** A connection that got a wire has ended. */
  void disconnected();

  /** Bytes are about to be given to one of its wires: the time should be told. */
  void beforeInput();

  /** Bytes were given to one of its wires: what became due may be done. */
  void afterInput();
}
