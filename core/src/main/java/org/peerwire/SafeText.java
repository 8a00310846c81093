package org.peerwire;

/**
 * Text from the other side, made fit to be shown. Names of torrents, clients and files, and
 * whatever a peer calls an error, may hold terminal escapes, line breaks, or characters that hide
 * or reorder what stands beside them; whatever is shown to a person or written to a log goes
 * through here.
 *
 * <p>Every such character becomes a visible <code>&#92;u{1b}</code>, its code point in hexadecimal.
 * The result is for reading, not for taking apart again: a backslash that was there stays as it is.
 */
public final class SafeText {
  /** How much of a text is shown where nothing else is said, in code points. */
  public static final int DEFAULT_MAX = 256;

  private SafeText() {}

  /** The text fit to be shown, with at most {@link #DEFAULT_MAX} of its code points. */
  public static String of(String text) {
    return of(text, DEFAULT_MAX);
  }

  /**
   * The text fit to be shown. If it is longer than {@code maxCodePoints}, the rest is replaced by
   * an ellipsis.
   *
   * @throws IllegalArgumentException if {@code maxCodePoints} is negative
   */
  public static String of(String text, int maxCodePoints) {
    if (maxCodePoints < 0) {
      throw new IllegalArgumentException("a negative length: " + maxCodePoints);
    }
    StringBuilder out = new StringBuilder(Math.min(text.length(), maxCodePoints + 1));
    int at = 0;
    for (int count = 0; at < text.length() && count < maxCodePoints; count++) {
      int codePoint = text.codePointAt(at);
      if (isHidden(codePoint)) {
        out.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
      } else {
        out.appendCodePoint(codePoint);
      }
      at += Character.charCount(codePoint);
    }
    return at < text.length() ? out.append('\u2026').toString() : out.toString();
  }

  /**
   * Whether a code point draws nothing by itself or changes how its neighbours are drawn: controls,
   * line and paragraph separators, bidirectional marks, zero-width and filler characters, tags,
   * lone surrogates.
   */
  public static boolean isHidden(int codePoint) {
    if (codePoint < 0xAD) {
      return codePoint < 0x20 || (codePoint >= 0x7F && codePoint < 0xA0);
    }
    // Spelled out, rather than asked of the JDK's tables: those differ between versions, and names
    // of files on disk
    // depend on the answer.
    return codePoint == 0xAD // soft hyphen
        || codePoint == 0x34F // combining grapheme joiner
        || codePoint == 0x61C // Arabic letter mark
        || codePoint == 0x115F // Hangul fillers
        || codePoint == 0x1160
        || codePoint == 0x3164
        || codePoint == 0xFFA0
        || between(codePoint, 0x17B4, 0x17B5) // Khmer inherent vowels
        || between(codePoint, 0x180B, 0x180F) // Mongolian selectors
        || between(codePoint, 0x200B, 0x200F) // zero width, left-to-right and right-to-left marks
        || between(codePoint, 0x2028, 0x202E) // separators, embeddings and overrides
        || between(codePoint, 0x2060, 0x206F) // word joiner, invisible operators, isolates
        || between(codePoint, 0xD800, 0xDFFF) // lone surrogates
        || codePoint == 0xFEFF // byte order mark
        || between(codePoint, 0xFFF9, 0xFFFB) // interlinear annotation
        || between(codePoint, 0x1D173, 0x1D17A) // musical beams and slurs
        || between(codePoint, 0xE0000, 0xE0FFF) // tags
        || (codePoint & 0xFFFE) == 0xFFFE; // noncharacters
  }

  private static boolean between(int codePoint, int first, int last) {
    return codePoint >= first && codePoint <= last;
  }
}
