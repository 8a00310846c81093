package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SafeTextTest {
  @Test
  void ordinaryTextStaysAsItIs() {
    String text = "Füße, 日本語, עברית, \uD83D\uDE00 and C:\\x";
    assertThat(SafeText.of(text)).isEqualTo(text);
  }

  @Test
  void u01_whatHidesOrReordersBecomesVisible() {
    assertThat(SafeText.of("a\u001b[2Jb")).isEqualTo("a\\u{1b}[2Jb");
    assertThat(SafeText.of("\r\n\t\0\u0007\u007f\u009b"))
        .isEqualTo("\\u{d}\\u{a}\\u{9}\\u{0}\\u{7}\\u{7f}\\u{9b}");
    assertThat(SafeText.of("gpj.\u202Eexe")).isEqualTo("gpj.\\u{202e}exe");
    assertThat(SafeText.of("\u2028\u200b\ufeff\u2066\u00ad"))
        .isEqualTo("\\u{2028}\\u{200b}\\u{feff}\\u{2066}\\u{ad}");
    assertThat(SafeText.of("\ud800x\udc00")).isEqualTo("\\u{d800}x\\u{dc00}");
  }

  @Test
  void u01_noCodePointGivesAControl() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      String shown = SafeText.of(Character.toString(codePoint));
      if (!shown.codePoints().noneMatch(c -> SafeText.isHidden(c) || Character.isISOControl(c))) {
        throw new AssertionError("U+" + Integer.toHexString(codePoint));
      }
    }
  }

  @Test
  void longTextIsCutBetweenCodePoints() {
    assertThat(SafeText.of("\uD83D\uDE00\uD83D\uDE00", 1)).isEqualTo("\uD83D\uDE00\u2026");
    assertThat(SafeText.of("ab", 2)).isEqualTo("ab");
    assertThat(SafeText.of("\u001b".repeat(1_000_000), 3)).isEqualTo("\\u{1b}\\u{1b}\\u{1b}\u2026");
    assertThat(SafeText.of("x".repeat(1_000))).hasSize(SafeText.DEFAULT_MAX + 1);
    assertThat(SafeText.of("", 0)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> SafeText.of("x", -1));
  }
}
