package org.peerwire.swarm.tracker;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeList;
import org.peerwire.bencode.BencodeValue;

/** Collects the peers of one answer, the first {@link TrackerAnswer#MAX_PEERS} of them. */
final class PeerEntries {
  private static final int PORT_LENGTH = 2;

  private final List<PeerAddress> peers = new ArrayList<>();

  List<PeerAddress> peers() {
    return peers;
  }

  /**
   * Reads compact peers (<a href="https://www.bittorrent.org/beps/bep_0023.html">BEP 23</a>, <a
   * href="https://www.bittorrent.org/beps/bep_0007.html">BEP 7</a>); what is left of an entry at
   * the end is not read.
   */
  void compact(ByteBuffer source, int ipLength) {
    while (source.remaining() >= ipLength + PORT_LENGTH && peers.size() < TrackerAnswer.MAX_PEERS) {
      add(PeerAddress.readFrom(source, ipLength));
    }
  }

  /** Reads peers as dictionaries (BEP 3); those that are named instead of numbered are left out. */
  void dictionaries(BencodeList list) {
    for (BencodeValue value : list) {
      if (peers.size() == TrackerAnswer.MAX_PEERS) {
        return;
      }
      if (value instanceof BencodeDict dict) {
        dictionary(dict);
      }
    }
  }

  private void dictionary(BencodeDict dict) {
    IpAddress ip = numeric(dict.text("ip"));
    long port = dict.integer("port").orElse(0);
    if (ip != null && port > 0 && port <= 0xffff) {
      add(new PeerAddress(ip, (int) port));
    }
  }

  private static @Nullable IpAddress numeric(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void add(PeerAddress peer) {
    if (peer.port() != 0) {
      peers.add(peer);
    }
  }
}
