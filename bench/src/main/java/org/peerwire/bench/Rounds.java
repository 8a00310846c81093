package org.peerwire.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Everyone does the same work in short rounds, in turn, each in a process of its own and never two
 * at a time. What is told is the median over the rounds; a ratio is taken within each round, so
 * that what slows the machine down for a while slows down both.
 *
 * <p>Processor time is what is counted, not wall time: others may use the machine too.
 */
public final class Rounds {
  private static final int WARM_UP = Integer.getInteger("warmUp", 1500);
  private static final int ROUND = Integer.getInteger("round", 40);
  private static final int ROUNDS = Integer.getInteger("rounds", 15);

  private final List<Entrant> entrants;
  private final int units;
  private final double[][] nanos;

  private Rounds(List<Entrant> entrants, int units) {
    this.entrants = entrants;
    this.units = units;
    nanos = new double[entrants.size()][ROUNDS];
  }

  /**
   * Runs them.
   *
   * @param units how many messages, or the like, there are in a pass: figures are told for one
   */
  public static Rounds run(List<Entrant> entrants, int units) throws IOException {
    Rounds rounds = new Rounds(entrants, units);
    for (Entrant entrant : entrants) {
      entrant.measure(WARM_UP);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < entrants.size(); i++) {
        // Nobody always comes behind the same one.
        int who = (i + round) % entrants.size();
        rounds.nanos[who][round] = entrants.get(who).measure(ROUND) / units;
      }
    }
    return rounds;
  }

  /** Nanoseconds for one. */
  public String median(int who) {
    return format(median(nanos[who]));
  }

  /** How many times what the one of this name takes; empty if there is none. */
  public String ratio(int who, String of) {
    for (int i = 0; i < entrants.size(); i++) {
      if (entrants.get(i).name().equals(of)) {
        double[] these = nanos[who];
        double[] those = nanos[i];
        double[] ratios = new double[ROUNDS];
        Arrays.setAll(ratios, round -> these[round] / those[round]);
        return format(median(ratios));
      }
    }
    return "";
  }

  /** Bytes allocated for one; empty if it can't tell. */
  public String allocated(int who) {
    double bytes = entrants.get(who).allocated();
    return bytes < 0 ? "" : format(bytes / units);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String format(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }
}
