package org.peerwire.swarm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import org.peerwire.PieceSet;

/**
 * What it costs to pick a piece and begin it, and to hear that a peer has one, against the number
 * of pieces. It is in the picker's package, as nobody else needs the picker.
 */
public final class PickerCurve {
  private static final int PEERS = 50;
  private static final int PICKS = 20_000;
  private static final int ROUNDS = 7;
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  private final int pieces;
  private final SplitMix64 random;
  private final PieceSet[] peers = new PieceSet[PEERS];
  private final Picker picker;
  private int picked;

  private PickerCurve(int pieces, int oneIn, long seed) {
    this.pieces = pieces;
    random = new SplitMix64(seed);
    picker = new Picker(pieces, new PieceSet(pieces), false, random);
    for (int i = 0; i < PEERS; i++) {
      peers[i] = new PieceSet(pieces);
      for (int n = 0; n < pieces / oneIn; n++) {
        hear(peers[i], random.nextInt(pieces));
      }
    }
  }

  /** Prints the curves as CSV. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    for (int pieces : new int[] {1_000, 10_000}) {
      picks(pieces, 2);
      haves(pieces);
      touches(pieces);
    }
    System.out.println("curve,pieces,nanos");
    for (int pieces : new int[] {1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000}) {
      print("a piece and a have; peers with one piece in 2", pieces, picks(pieces, 2));
      print("a piece and a have; peers with one piece in 20", pieces, picks(pieces, 20));
      print("a have alone", pieces, haves(pieces));
      print("the touches of memory alone", pieces, touches(pieces));
    }
  }

  @SuppressWarnings("SystemOut")
  private static void print(String curve, int pieces, double nanos) {
    System.out.printf(Locale.ROOT, "%s,%d,%.1f%n", curve, pieces, nanos);
  }

  /** Nanoseconds of processor time for each piece: picked, begun, and one have on the way. */
  private static double picks(int pieces, int oneIn) {
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      int left = PICKS;
      long nanos = 0;
      int picked = 0;
      while (left > 0) {
        PickerCurve curve = new PickerCurve(pieces, oneIn, ROUNDS * left + round);
        // The same tenth of any torrent: what there is to choose from changes on the way.
        curve.pick(pieces / 4);
        int before = curve.picked;
        long from = THREAD.getCurrentThreadCpuTime();
        curve.pick(pieces / 10);
        nanos += THREAD.getCurrentThreadCpuTime() - from;
        picked += curve.picked - before;
        left -= pieces / 10;
      }
      if (picked < PICKS * 9 / 10) {
        throw new IllegalStateException("only " + picked + " pieces of " + pieces);
      }
      rounds[round] = (double) nanos / picked;
    }
    return median(rounds);
  }

  private void pick(int times) {
    for (int i = 0; i < times; i++) {
      PieceSet peer = peers[i % PEERS];
      hear(peer, random.nextInt(pieces));
      int piece = picker.pick(peer, peer::contains);
      if (piece >= 0) {
        picker.begin(piece);
        picked++;
      }
    }
  }

  private void hear(PieceSet peer, int piece) {
    if (peer.add(piece)) {
      picker.increment(piece);
    }
  }

  /** Nanoseconds for each piece that a peer is heard to have, nine in ten of which it had not. */
  private static double haves(int pieces) {
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      int left = PICKS;
      long nanos = 0;
      while (left > 0) {
        PickerCurve curve = new PickerCurve(pieces, 20, ROUNDS * left + round);
        int some = Math.min(left, 5 * pieces);
        left -= some;
        long from = THREAD.getCurrentThreadCpuTime();
        for (int i = 0; i < some; i++) {
          curve.hear(curve.peers[i % PEERS], curve.random.nextInt(pieces));
        }
        nanos += THREAD.getCurrentThreadCpuTime() - from;
      }
      rounds[round] = (double) nanos / PICKS;
    }
    return median(rounds);
  }

  /**
   * The least that memory asks for a piece and a have, with no picker in it: the peer's bit, the
   * piece that it has, the place of that and the other of the two which change places there; and
   * for the pick two pieces in the order with their bits, and the one that is taken. Also the same
   * random numbers.
   */
  private static double touches(int pieces) {
    SplitMix64 random = new SplitMix64(pieces);
    int[] order = new int[pieces];
    int[] table = new int[2 * pieces];
    byte[][] bits = new byte[PEERS][(pieces + 7) / 8];
    for (int i = 0; i < pieces; i++) {
      order[i] = random.nextInt(pieces);
      table[2 * i] = random.nextInt(pieces);
    }
    double[] rounds = new double[ROUNDS];
    int sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int border = random.nextInt(pieces);
      int last = random.nextInt(pieces);
      long from = THREAD.getCurrentThreadCpuTime();
      for (int i = 0; i < PICKS; i++) {
        byte[] peer = bits[i % PEERS];
        int heard = random.nextInt(pieces);
        peer[heard >>> 3]++;
        table[2 * heard + 1]++;
        int at = table[2 * heard];
        border = border + 1 == pieces ? 0 : border + 1;
        int other = order[border];
        order[at] = other;
        order[border] = heard;
        table[2 * heard] = border;
        table[2 * other] = at;
        for (int looks = 0; looks < 2; looks++) {
          last = last == 0 ? pieces - 1 : last - 1;
          sum += peer[order[last] >>> 3];
        }
        sum += table[2 * order[last] + 1];
        table[2 * order[last] + 1] = i;
      }
      rounds[round] = (double) (THREAD.getCurrentThreadCpuTime() - from) / PICKS;
    }
    if (sum == 0) {
      throw new IllegalStateException("nothing was touched");
    }
    return median(rounds);
  }

  private static double median(double[] rounds) {
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }
}
