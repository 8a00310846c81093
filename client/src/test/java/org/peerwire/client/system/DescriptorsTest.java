package org.peerwire.client.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  private static final String HEADER =
      "Limit                     Soft Limit           Hard Limit           Units     ";

  @Test
  void z10_theLimitIsTheSoftOne() {
    assertThat(limit("Max open files            1024                 524288               files"))
        .isEqualTo(1_024);
  }

  @Test
  void z10_whatIsNoNumberIsNoLimit() {
    assertThat(limit("Max open files            unlimited            unlimited            files"))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(limit("Max open files            99999999999          1                    files"))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(limit("Max open files")).isEqualTo(Integer.MAX_VALUE);
    assertThat(limit("Max processes             7                    7                    x"))
        .isEqualTo(Integer.MAX_VALUE);
  }

  private static int limit(String line) {
    return Descriptors.limit(List.of(HEADER, line));
  }

  @Test
  void z10_whoMayHaveManyIsKeptFromNothing() {
    assertThat(Descriptors.share(Integer.MAX_VALUE))
        .isEqualTo(new Descriptors(64, 1 << 20, 1_024, 16));
  }

  @Test
  void z10_nobodyTakesWhatOthersNeed() {
    for (int limit = 64; limit < 10_000; limit++) {
      Descriptors share = Descriptors.share(limit);
      assertThat(share.files() + share.peers() + share.halfOpen() + share.batch())
          .as("of %s", limit)
          .isLessThanOrEqualTo(limit - Descriptors.RESERVE);
      assertThat(share.peers()).isGreaterThan(share.halfOpen());
    }
  }

  @Test
  void z10_howeverFewThereAreAPeerIsSpokenTo() {
    assertThat(Descriptors.share(0)).isEqualTo(new Descriptors(4, 2, 2, 2));
  }
}
