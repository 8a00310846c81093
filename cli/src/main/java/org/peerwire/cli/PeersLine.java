package org.peerwire.cli;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.peerwire.SafeText;
import org.peerwire.client.PeerStatus;

/** The fastest peers in one line, by name and speed. */
final class PeersLine {
  private static final int LONGEST_NAME = 24;

  private PeersLine() {}

  /**
   * Names the peers.
   *
   * @param speed bytes a second of a peer, in the direction that matters
   * @param width how many columns there are
   */
  static String of(List<PeerStatus> peers, ToDoubleFunction<PeerStatus> speed, int width) {
    List<PeerStatus> fastest =
        peers.stream()
            .filter(peer -> speed.applyAsDouble(peer) >= 1)
            .sorted(Comparator.comparingDouble(speed).reversed())
            .toList();
    StringBuilder line = new StringBuilder();
    int named = 0;
    for (PeerStatus peer : fastest) {
      String entry = name(peer) + " " + Text.speed(speed.applyAsDouble(peer));
      String more = ", " + (fastest.size() - named) + " more";
      if (line.length() + entry.length() + more.length() + 2 > width) {
        return named == 0 ? "" : line.append(more).toString();
      }
      line.append(named++ == 0 ? "" : ", ").append(entry);
    }
    return line.toString();
  }

  /** What it calls itself. A column is a character only in ASCII. */
  private static String name(PeerStatus peer) {
    String name =
        peer.client()
            .or(() -> peer.peerId().map(PeerLedger::client))
            .orElseGet(() -> Endpoint.text(peer.address()));
    return SafeText.of(name.replaceAll("[^ -~]", "?"), LONGEST_NAME);
  }
}
