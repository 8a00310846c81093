package org.peerwire.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.peerwire.IpAddress;
import org.peerwire.IpScope;
import org.peerwire.swarm.metainfo.HostPort;
import org.peerwire.swarm.metainfo.MagnetLink;

/**
 * The peers that a magnet link names ({@code x.pe}), by whether they may be dialled. Whoever wrote
 * the link chose them, so that only public addresses are: no link can point us at what only we can
 * reach, such as this machine or the network it is in.
 *
 * @param usable the addresses that may be dialled
 * @param refused what has no public address, or none at all, as it is written
 */
public record MagnetPeers(List<InetSocketAddress> usable, List<HostPort> refused) {
  /** Copies the lists. */
  public MagnetPeers {
    usable = List.copyOf(usable);
    refused = List.copyOf(refused);
  }

  /**
   * Looks names up, each once, and checks what they stand for. May take seconds.
   *
   * @param magnet the link
   */
  public static MagnetPeers of(MagnetLink magnet) {
    List<InetSocketAddress> usable = new ArrayList<>();
    List<HostPort> refused = new ArrayList<>();
    for (HostPort peer : magnet.peers()) {
      try {
        InetAddress address = InetAddress.getByName(peer.host());
        if (IpAddress.of(address.getAddress()).scope() == IpScope.GLOBAL) {
          usable.add(new InetSocketAddress(address, peer.port()));
        } else {
          refused.add(peer);
        }
      } catch (UnknownHostException e) {
        refused.add(peer);
      }
    }
    return new MagnetPeers(usable, refused);
  }
}
