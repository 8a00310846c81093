package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  private static final List<String> COMMANDS =
      List.of("demo", "get", "seed", "probe", "metadata", "create", "show", "verify", "man");

  @ParameterizedTest
  @CsvSource({
    "gte,get",
    "egt,get",
    "ge,get",
    "gett,get",
    "GET,get",
    "shwo,show",
    "sed,seed",
    "crate,create",
    "veryfi,verify",
    "meta,",
    "metdata,metadata",
    "x,",
    "bogus,",
    "download,"
  })
  void theNearestWordIsMeantIfItIsNear(String typed, String meant) {
    assertThat(Spelling.nearest(typed, COMMANDS)).isEqualTo(meant);
  }

  @Test
  void eachSlipCountsOnce() {
    assertThat(Spelling.slips("", "")).isZero();
    assertThat(Spelling.slips("", "abc")).isEqualTo(3);
    assertThat(Spelling.slips("ab", "ba")).isEqualTo(1);
    assertThat(Spelling.slips("abcd", "badc")).isEqualTo(2);
    assertThat(Spelling.slips("kitten", "sitting")).isEqualTo(3);
  }

  @Test
  void aWordWithoutEndIsNotLookedAt() {
    assertThat(Spelling.nearest("a".repeat(1_000_000), COMMANDS)).isNull();
    assertThat(Spelling.slips("a".repeat(65), "a")).isEqualTo(Integer.MAX_VALUE);
    assertThat(Spelling.slips("a".repeat(64), "a")).isEqualTo(63);
  }
}
