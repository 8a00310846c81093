package org.peerwire.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.testkit.Cutter;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.wire.WireOptions;

/** The same script gives the same events, whoever moves the bytes and however they are cut. */
@Timeout(120)
class AdapterContractTest {
  private static final long SEED = 20_260_101;
  private static final int SCRIPTS = 50;

  @ParameterizedTest
  @EnumSource
  void theSameScriptGivesTheSameEvents(Adapter adapter) {
    for (int i = 0; i < SCRIPTS; i++) {
      SplitMix64 random = new SplitMix64(SEED + i);
      Script script = Script.random(random);
      List<String> expected = Adapter.CORE.eventsOf(script);
      for (Cutter cutter : cutters(random)) {
        assertThat(adapter.eventsOf(script.cut(cutter)))
            .as("%s through %s", random, adapter)
            .isEqualTo(expected);
      }
    }
  }

  /**
   * The scripts are worth comparing: they end in every way, and events of many kinds are in them.
   */
  @Test
  void theScriptsTellMuch() {
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < SCRIPTS; i++) {
      for (String line : Adapter.CORE.eventsOf(Script.random(new SplitMix64(SEED + i)))) {
        String[] words = line.split(" ", -1);
        boolean told = words[0].equals("close") || words[0].equals("ended");
        kinds.add(told ? words[0] + " " + words[1] : words[0]);
      }
    }
    assertThat(kinds)
        .contains("close ByUs", "close ByPeer", "close CutInFrame", "close TransportFailed")
        .contains("ended BLOCK", "ended CHOKED", "ended CLOSED", "request", "piece", "unknown")
        .contains("violation", "bitfield", "have")
        .anyMatch(kind -> kind.matches("close [A-Z_]+"));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotFinishedInTimeEndsByItsName(Adapter adapter) {
    byte[] handshake = Script.handshake();
    WireOptions.Builder shaking =
        WireOptions.builder().handshakeTimeout(Script.soon(), Script.soon());
    assertThat(adapter.eventsOf(Script.silent(Arrays.copyOf(handshake, 47), shaking)))
        .containsExactly("close HANDSHAKE_TIMEOUT");
    assertThat(adapter.eventsOf(Script.silent(new byte[0], shaking)))
        .containsExactly("close HANDSHAKE_TIMEOUT");
    String[] shaken = {
      "info-hash " + Script.TORRENT, "handshake " + Script.TORRENT + " " + Script.THEIRS
    };
    byte[] begun = Arrays.copyOf(handshake, handshake.length + 3);
    assertThat(
            adapter.eventsOf(
                Script.silent(begun, WireOptions.builder().frameTimeout(Script.soon()))))
        .containsExactly(shaken[0], shaken[1], "close FRAME_STALLED");
    assertThat(
            adapter.eventsOf(
                Script.silent(handshake, WireOptions.builder().idleTimeout(Script.soon()))))
        .containsExactly(shaken[0], shaken[1], "close IDLE");
  }

  /** Back-pressure: what the peer does not take is not asked of the application. */
  @ParameterizedTest
  @EnumSource
  void aPeerThatTakesNothingIsServedAWindowAndGivenUp(Adapter adapter) {
    // Four blocks, and the messages before them, which count too once a transport has taken them.
    int window = (64 << 10) + 4096;
    List<String> expected = new ArrayList<>();
    expected.add("info-hash " + Script.TORRENT);
    expected.add("handshake " + Script.TORRENT + " " + Script.THEIRS);
    expected.add("bitfield 0 of 100");
    expected.add("interested");
    for (int i = 0; i < 4; i++) {
      expected.add("request " + i + " 0 16384");
    }
    expected.add("close SEND_STALLED");
    Script script = Script.stalled(90, window);
    assertThat(adapter.eventsOf(script)).isEqualTo(expected);
    assertThat(adapter.eventsOf(script.cut(Cutter.atMost(5)))).isEqualTo(expected);
  }

  private static List<Cutter> cutters(SplitMix64 random) {
    return List.of(Cutter.whole(), Cutter.everyByte(), Cutter.random(random, 3000));
  }
}
