package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.peerwire.purity.Purity;

/** The rules are core's; that each of them catches something is shown there. */
class PurityTest {
  @Test
  void aSwarmTouchesNothingButWhatItIsGiven() throws Exception {
    Class<?> room = Class.forName("org.peerwire.swarm.package-info");
    assertThat(Purity.moduleOf(room)).flatMap(Purity::complaintsAbout).isEmpty();
  }
}
