package org.peerwire.client.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.mse.MseTransport;
import org.peerwire.wire.PeerListener;
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

  /**
   * A peer has connected to us encrypted and has named this torrent.
   *
   * @return what hears its wire from now on, {@link PeerListener#onInfoHash} included; null if the
   *     peer is not wanted
   */
  @Nullable PeerListener greeted(InetSocketAddress peer);

  /** Encryption, agreed on or still to be, lies under the wire of that peer. */
  void encrypts(InetSocketAddress peer, MseTransport layer);

  /** The torrent. */
  InfoHash infoHash();

  /** A connection that got a wire, or a listener, has ended. */
  void disconnected();

  /** Bytes are about to be given to one of its wires: the time should be told. */
  void beforeInput();

  /** Bytes were given to one of its wires: what became due may be done. */
  void afterInput();
}
