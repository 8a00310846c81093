package org.peerwire.swarm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.peerwire.wire.PeerWire;

/**
 * Who is served. Every ten seconds the slots go to the interested peers that gave us most; once we
 * have everything, to those that take most. A quarter of the slots goes round by turns, a turn
 * being thirty seconds, so that a newcomer can show what it gives. While there are free slots,
 * whoever becomes interested is served at once.
 *
 * <p>No peer is choked or unchoked twice within ten seconds, whatever it does.
 */
final class Choker {
  static final long ROUND = TimeUnit.SECONDS.toNanos(10);
  private static final int ROUNDS_A_TURN = 3;

  private final int slots;
  private boolean started;
  private long roundAt;
  private int rounds;
  private long turns;

  Choker(int slots) {
    this.slots = slots;
  }

  /** A peer became interested. */
  void interested(PeerState peer, List<PeerState> peers, long now) {
    if (peer.wire().amChoking() && mayChange(peer, now) && served(peers) < slots) {
      change(peer, true, now);
    }
  }

  /** Time has passed. */
  void tick(List<PeerState> peers, boolean seeding, long now) {
    if (!started) {
      started = true;
      roundAt = now;
    }
    if (now - roundAt < ROUND) {
      return;
    }
    roundAt = now;
    List<PeerState> interested = new ArrayList<>();
    for (PeerState peer : peers) {
      peer.choking.measure(peer.wire());
      if (peer.isUp() && peer.wire().peerInterested()) {
        interested.add(peer);
      }
    }
    boolean full = interested.size() > slots;
    List<PeerState> chosen = full ? choose(interested, seeding) : interested;
    rounds++;
    for (PeerState peer : List.copyOf(peers)) {
      if (!peer.isUp()) {
        continue;
      }
      boolean serve = chosen.contains(peer) || (!full && !peer.wire().amChoking());
      if (serve == peer.wire().amChoking() && mayChange(peer, now)) {
        change(peer, serve, now);
      }
    }
  }

  private List<PeerState> choose(List<PeerState> interested, boolean seeding) {
    List<PeerState> ranked = new ArrayList<>(interested);
    ranked.sort(
        Comparator.comparing((PeerState peer) -> peer.choking.overdownloaded)
            .thenComparing(
                peer -> -(seeding ? peer.choking.uploadedLately : peer.choking.downloadedLately)));
    int byTurns = Math.max(1, slots / 4);
    List<PeerState> chosen = new ArrayList<>(ranked.subList(0, slots - byTurns));
    ranked.removeAll(chosen);
    if (rounds % ROUNDS_A_TURN == 0) {
      for (PeerState peer : ranked) {
        peer.choking.inTurn = false;
      }
    }
    // Those whose turn it is stay; then come those that have waited longest.
    ranked.sort(
        Comparator.comparing((PeerState peer) -> !peer.choking.inTurn)
            .thenComparing(peer -> peer.choking.overdownloaded)
            .thenComparing(peer -> peer.choking.lastTurn));
    for (PeerState peer : ranked.subList(0, Math.min(byTurns, ranked.size()))) {
      if (!peer.choking.inTurn) {
        peer.choking.inTurn = true;
        peer.choking.lastTurn = ++turns;
      }
      chosen.add(peer);
    }
    return chosen;
  }

  private static int served(List<PeerState> peers) {
    int served = 0;
    for (PeerState peer : peers) {
      if (peer.isUp() && !peer.wire().amChoking() && peer.wire().peerInterested()) {
        served++;
      }
    }
    return served;
  }

  private static boolean mayChange(PeerState peer, long now) {
    return !peer.choking.changed || now - peer.choking.changedAt >= ROUND;
  }

  private static void change(PeerState peer, boolean serve, long now) {
    peer.choking.changed = true;
    peer.choking.changedAt = now;
    if (serve) {
      peer.wire().unchoke();
    } else {
      peer.choke();
    }
  }

  /** What the choker remembers of one peer. */
  static final class Memory {
    /** It took more than its share while it claims to have nothing. */
    boolean overdownloaded;

    private boolean changed;
    private long changedAt;
    private boolean inTurn;
    private long lastTurn;
    private long downloaded;
    private long uploaded;
    private long downloadedLately;
    private long uploadedLately;

    private void measure(PeerWire wire) {
      downloadedLately = wire.downloaded() - downloaded;
      uploadedLately = wire.uploaded() - uploaded;
      downloaded += downloadedLately;
      uploaded += uploadedLately;
    }
  }
}
