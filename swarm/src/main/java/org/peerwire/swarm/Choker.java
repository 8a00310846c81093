package org.peerwire.swarm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.peerwire.wire.PeerWire;

/**
 * Who is served. Every ten seconds the slots go to the interested peers that gave us most; once we
 * have everything, every thirty seconds to those that got least lately. A quarter of the slots goes
 * round by turns of thirty seconds, so that a newcomer can show what it gives. While there are free
 * slots, whoever becomes interested is served at once.
 *
 * <p>What was got and whose turn it was is counted by {@link Accounts}, so that nobody gains by
 * coming back or by coming many times; and where giving does not count, one machine has an eighth
 * of the slots and one party a quarter, as long as others wait.
 *
 * <p>No peer is choked or unchoked twice within ten seconds, whatever it does.
 */
final class Choker {
  static final long ROUND = TimeUnit.SECONDS.toNanos(10);
  private static final int ROUNDS_A_TURN = 3;

  private static final Comparator<PeerState> BY_GIFTS =
      Comparator.comparing((PeerState peer) -> peer.choking.overdownloaded)
          .thenComparing(peer -> -peer.choking.downloadedLately);

  /** Those whose turn it is stay; then come those that have waited longest. */
  private static final Comparator<PeerState> BY_TURNS =
      Comparator.comparing((PeerState peer) -> !peer.choking.inTurn)
          .thenComparing(peer -> peer.choking.overdownloaded)
          .thenComparing(peer -> peer.account.lastTurn);

  private final int slots;
  private final Accounts accounts;
  private boolean started;
  private long roundAt;
  private int rounds;
  private long turns;

  Choker(int slots, Accounts accounts) {
    this.slots = slots;
    this.accounts = accounts;
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
      peer.account.given += peer.choking.measure(peer.wire());
      if (peer.isUp() && peer.wire().peerInterested()) {
        interested.add(peer);
      }
    }
    accounts.age();
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
    boolean newTurn = rounds % ROUNDS_A_TURN == 0;
    int byTurns = Math.max(1, slots / 4);
    List<PeerState> chosen = new ArrayList<>(slots);
    List<PeerState> ranked = new ArrayList<>(interested);
    ranked.sort(seeding ? byNeed(newTurn) : BY_GIFTS);
    take(ranked, slots - byTurns, chosen, seeding);

    ranked.removeAll(chosen);
    if (newTurn) {
      ranked.forEach(peer -> peer.choking.inTurn = false);
    }
    ranked.sort(BY_TURNS);
    for (PeerState peer : take(ranked, slots, chosen, true)) {
      if (!peer.choking.inTurn) {
        peer.choking.inTurn = true;
        peer.account.lastTurn = ++turns;
      }
    }
    return chosen;
  }

  /** While we seed: those that got least. Within a turn those that are served stay. */
  private static Comparator<PeerState> byNeed(boolean newTurn) {
    return Comparator.comparing((PeerState peer) -> peer.choking.overdownloaded)
        .thenComparing(peer -> !newTurn && peer.wire().amChoking())
        .thenComparing(peer -> peer.account.given)
        .thenComparing(peer -> peer.account.lastTurn);
  }

  /**
   * Adds the first ones to those that are chosen, up to a number.
   *
   * @param shared whether those come last whose machine or party has its share
   * @return those that were added
   */
  private List<PeerState> take(
      List<PeerState> ranked, int upTo, List<PeerState> chosen, boolean shared) {
    List<PeerState> taken = new ArrayList<>();
    List<PeerState> passedOver = new ArrayList<>();
    for (PeerState peer : ranked) {
      if (shared && hasItsShare(peer, chosen)) {
        passedOver.add(peer);
      } else if (chosen.size() < upTo) {
        chosen.add(peer);
        taken.add(peer);
      }
    }
    for (PeerState peer : passedOver) {
      if (chosen.size() < upTo) {
        chosen.add(peer);
        taken.add(peer);
      }
    }
    return taken;
  }

  private boolean hasItsShare(PeerState peer, List<PeerState> chosen) {
    int ofMachine = 0;
    int ofParty = 0;
    for (PeerState each : chosen) {
      if (each.account == peer.account) {
        ofParty++;
        ofMachine += each.address.ip().equals(peer.address.ip()) ? 1 : 0;
      }
    }
    return ofMachine >= Math.max(1, slots / 8) || ofParty >= Math.max(1, slots / 4);
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
    private long downloaded;
    private long uploaded;
    private long downloadedLately;

    /** Returns what went to the peer since the last time, in bytes. */
    private long measure(PeerWire wire) {
      downloadedLately = wire.downloaded() - downloaded;
      long uploadedLately = wire.uploaded() - uploaded;
      downloaded += downloadedLately;
      uploaded += uploadedLately;
      return uploadedLately;
    }
  }
}
