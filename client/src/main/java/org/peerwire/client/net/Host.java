package org.peerwire.client.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.mse.MseTransport;
import org.peerwire.netty.IncomingPeer;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** What takes connections in: a torrent that is here. Called on the event loop. */
public interface Host {
  /**
   * A peer that we dialled has answered.
   *
   * @return the wire for it, or null if it is not wanted any more
   */
  @Nullable PeerWire dialled(InetSocketAddress peer);

  /** Encryption, which is still to be agreed on, lies under the wire of a peer that we dialled. */
  void encrypts(InetSocketAddress peer, MseTransport layer);

  /**
   * A peer has connected to us and has named this torrent.
   *
   * @return what hears its wire from now on, {@link PeerListener#onInfoHash} included; null if the
   *     peer is not wanted
   */
  @Nullable PeerListener greeted(IncomingPeer incoming, InetSocketAddress peer);

  /** The torrent, by the name under which a peer that we dial knows it. */
  InfoHash infoHash(InetSocketAddress peer);

  /** A connection that got a wire, or a listener, has ended. */
  void disconnected();

  /** Bytes are about to be given to one of its wires: the time should be told. */
  void beforeInput();

  /** Bytes were given to one of its wires: what became due may be done. */
  void afterInput();
}
