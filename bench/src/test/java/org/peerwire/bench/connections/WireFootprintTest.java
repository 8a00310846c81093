package org.peerwire.bench.connections;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An idle wire grows by no byte unnoticed. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WireFootprintTest {
  private static final int BOUND = 600;
  private static final List<String> OPTIONS =
      List.of(
          "-Djol.magicFieldOffset=true",
          "-Djdk.attach.allowAttachSelf=true",
          "-XX:+UseCompressedOops",
          "-XX:ObjectAlignmentInBytes=8");

  @Test
  void b14_anIdleWireIsNoLargerThanItWas() throws Exception {
    try (Program weigher = Program.java(WireFootprint.class, OPTIONS)) {
      assertThat(bytes(weigher, "of an empty peer: ")).isBetween(300, BOUND);
      assertThat(bytes(weigher, "after traffic: ")).isBetween(300, BOUND);
      assertThat(bytes(weigher, "of a full peer: ")).isBetween(300, BOUND);
    }
  }

  private static int bytes(Program weigher, String of) throws Exception {
    String line = weigher.line();
    while (!line.startsWith(of)) {
      line = weigher.line(); // JOL says what it could not do
    }
    return Integer.parseInt(line.replaceAll("\\D", ""));
  }
}
