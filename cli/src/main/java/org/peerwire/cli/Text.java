package org.peerwire.cli;

import java.time.Duration;
import java.util.Locale;

/**
 * Numbers as people read them. What short commands print is made without {@link String#format},
 * which takes a tenth of their time to get ready.
 */
final class Text {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Text() {}

  /** As {@code 1.5 MiB}; below one KiB in bytes. */
  static String size(long bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    if (unit == 0) {
      return count(bytes, "byte");
    }
    boolean whole = value == Math.rint(value);
    return (whole ? Long.toString((long) value) : tenths(Math.round(value * 10)))
        + " "
        + UNITS[unit];
  }

  /** As {@code 1.5 MiB (1,572,864 bytes)}. */
  static String exactSize(long bytes) {
    return bytes < 1024 ? size(bytes) : size(bytes) + " (" + count(bytes, "byte") + ")";
  }

  static String speed(double bytesPerSecond) {
    return size(Math.round(bytesPerSecond)) + "/s";
  }

  /** As {@code 1 peer}, {@code 2,000 peers}. */
  static String count(long count, String noun) {
    return number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** A part of a whole, rounded down so that 100 % means all. */
  static String percent(long part, long whole) {
    double tenths = whole == 0 ? 1000 : Math.floor(1000.0 * part / whole);
    return tenths((long) tenths) + " %";
  }

  private static String tenths(long number) {
    return number / 10 + "." + number % 10;
  }

  /** As {@code 1,234,567}; not below zero. */
  static String number(long number) {
    StringBuilder text = new StringBuilder(Long.toString(number));
    for (int at = text.length() - 3; at > 0; at -= 3) {
      text.insert(at, ',');
    }
    return text.toString();
  }

  /** Filled up to a width, from the right. */
  static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** Filled up to a width, from the left. */
  static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  /** As {@code 0:05}, {@code 12:34} or {@code 1:02:03}. */
  static String clock(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }
}
