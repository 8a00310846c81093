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

  private PickerCurve() {}

  /** Prints the curves as CSV. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    measure(1_000, 2);
    measure(10_000, 2);
    System.out.println("curve,pieces,nanos");
    for (int pieces : new int[] {1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000}) {
      for (int oneIn : new int[] {2, 20}) {
        double nanos = measure(pieces, oneIn);
        System.out.printf(
            Locale.ROOT, "peers with one piece in %d,%d,%.1f%n", oneIn, pieces, nanos);
      }
    }
  }

  /** Nanoseconds of processor time for each piece: picked, begun, and one have on the way. */
  private static double measure(int pieces, int oneIn) {
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      rounds[round] = once(pieces, oneIn, round);
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  private static double once(int pieces, int oneIn, long seed) {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    int left = PICKS;
    long nanos = 0;
    int picked = 0;
    SplitMix64 random = new SplitMix64(seed);
    while (left > 0) {
      Picker picker = new Picker(pieces, new PieceSet(pieces), false, random);
      PieceSet[] peers = new PieceSet[PEERS];
      for (int i = 0; i < PEERS; i++) {
        peers[i] = new PieceSet(pieces);
        for (int n = 0; n < pieces / oneIn; n++) {
          int piece = random.nextInt(pieces);
          if (peers[i].add(piece)) {
            picker.increment(piece);
          }
        }
      }
      // Half of a torrent at the most: at the end there is little to choose from.
      int some = Math.min(left, pieces / 2);
      left -= some;
      long from = thread.getCurrentThreadCpuTime();
      for (int i = 0; i < some; i++) {
        PieceSet peer = peers[i % PEERS];
        int heard = random.nextInt(pieces);
        if (peer.add(heard)) {
          picker.increment(heard);
        }
        int piece = picker.pick(peer, peer::contains);
        if (piece >= 0) {
          picker.begin(piece);
          picked++;
        }
      }
      nanos += thread.getCurrentThreadCpuTime() - from;
    }
    if (picked < PICKS / 2) {
      throw new IllegalStateException("only " + picked + " pieces of " + pieces);
    }
    return (double) nanos / picked;
  }
}
