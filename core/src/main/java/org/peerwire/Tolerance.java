package org.peerwire;

/**
 * How often a violation is put up with before the connection closes.
 *
 * @param events how many are only reported; the next one closes
 * @param perMinute whether they are counted anew every minute
 */
public record Tolerance(int events, boolean perMinute) {
  /** The first one closes the connection. */
  public static final Tolerance CLOSE = new Tolerance(0, false);

  /** It is reported and never closes. */
  public static final Tolerance EVENT = new Tolerance(Integer.MAX_VALUE, false);

  /** The first {@code events} are reported, the next one closes. */
  public static Tolerance budget(int events) {
    return new Tolerance(events, false);
  }

  /** As {@link #budget(int)}, counted anew every minute. */
  public static Tolerance budgetPerMinute(int events) {
    return new Tolerance(events, true);
  }
}
