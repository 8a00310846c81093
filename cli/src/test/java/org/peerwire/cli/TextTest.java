package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void sizesHaveOneDecimalOrNone() {
    assertThat(Text.size(0)).isEqualTo("0 bytes");
    assertThat(Text.size(1)).isEqualTo("1 byte");
    assertThat(Text.size(1023)).isEqualTo("1,023 bytes");
    assertThat(Text.size(1024)).isEqualTo("1 KiB");
    assertThat(Text.size(1536)).isEqualTo("1.5 KiB");
    assertThat(Text.size(1024 * 1024 - 1)).isEqualTo("1024.0 KiB");
    assertThat(Text.size(Long.MAX_VALUE)).isEqualTo("8 EiB");
  }

  @Test
  void numbersAreWhatTheFormatterMakesOfThem() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      long number = random.nextLong() >>> (1 + random.nextInt(63));
      assertThat(Text.number(number)).isEqualTo(String.format(Locale.ROOT, "%,d", number));
      assertThat(Text.right(Text.number(number), 17))
          .isEqualTo(String.format(Locale.ROOT, "%,17d", number));
      long whole = number + 1;
      long part = whole / (1 + random.nextInt(1000));
      assertThat(Text.percent(part, whole))
          .isEqualTo(String.format(Locale.ROOT, "%.1f %%", Math.floor(1000.0 * part / whole) / 10));
    }
    assertThat(Text.left("name", 13)).isEqualTo(String.format("%-13s", "name"));
    assertThat(Text.left("longer than that", 3)).isEqualTo("longer than that");
  }
}
