package org.peerwire.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Violation;
import org.peerwire.ViolationReport;
import org.peerwire.testkit.Cutter;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.testkit.WirePair;
import org.peerwire.wire.RequestOutcome;

/**
 * Two strict wires, each with someone who calls verbs at random, over a line that cuts and delays.
 * What is checked during a run stands in {@link Person}. A failure names the seed.
 */
class RandomRunsTest {
  private static final int SEEDS = 60;
  private static final int STEPS = 300;

  /** Sent as one message each, and raised as one event each. */
  private static final Set<String> PLAIN =
      Set.of(
          "choke",
          "unchoke",
          "interested",
          "not-interested",
          "have",
          "port",
          "extended",
          "suggest",
          "allowed-fast");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachRequestEndsOnceHoweverTheWireEnds(boolean fast) {
    Map<RequestOutcome, Integer> outcomes = new EnumMap<>(RequestOutcome.class);
    for (int seed = 0; seed < SEEDS; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      run(
          random,
          fast,
          run -> {
            switch (random.nextInt(4)) {
              case 0 -> run.pair.reset();
              case 1 -> run.left.wire.close();
              case 2 -> run.right.wire.transport().endOfInput(run.pair.time().now());
              default -> run.pair.toLeft().end();
            }
            run.pair.advance(Duration.ofMinutes(10));
            assertThat(run.left.wire.isClosed()).isTrue();
            assertThat(run.right.wire.isClosed()).isTrue();
            run.left.settled();
            run.right.settled();
            for (Person person : List.of(run.left, run.right)) {
              for (Person.Asked each : person.asked) {
                outcomes.merge(each.outcome, 1, Integer::sum);
              }
            }
          });
    }
    // The runs arrived everywhere: without the fast extension nobody rejects, with it no choke
    // drops.
    Set<RequestOutcome> all = outcomes.keySet();
    assertThat(all).contains(RequestOutcome.BLOCK, RequestOutcome.CANCELLED);
    assertThat(all).contains(RequestOutcome.TIMED_OUT, RequestOutcome.CLOSED);
    assertThat(all.contains(RequestOutcome.REJECTED)).isEqualTo(fast);
    assertThat(all.contains(RequestOutcome.CHOKED)).isEqualTo(!fast);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsSaidArrivesInOrderAndOnce(boolean fast) {
    int arrived = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      int[] count = new int[1];
      run(
          random,
          fast,
          run -> {
            run.pair.advance(Duration.ofMinutes(1));
            count[0] += arrived(run.left, run.right) + arrived(run.right, run.left);
          });
      arrived += count[0];
    }
    assertThat(arrived).isGreaterThan(SEEDS * 50);
  }

  private static int arrived(Person from, Person to) {
    Stream<String> plain = to.events.take().stream().filter(RandomRunsTest::isPlain);
    assertThat(plain).containsExactlyElementsOf(from.said);
    return from.said.size();
  }

  private static boolean isPlain(String line) {
    return PLAIN.contains(line.split(" ", 2)[0]);
  }

  /** What a wire sends is nothing that a strict one would refuse, or even report. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStrictWireHasNothingToComplainOfAnotherWire(boolean fast) {
    for (int seed = 0; seed < SEEDS; seed++) {
      run(
          new SplitMix64(seed),
          fast,
          run -> {
            assertThat(complaints(run.left)).isEmpty();
            assertThat(complaints(run.right)).isEmpty();
            assertThat(run.left.wire.closeCause()).isNull();
            assertThat(run.right.wire.closeCause()).isNull();
          });
    }
  }

  private static List<ViolationReport> complaints(Person person) {
    // A request that was withdrawn and sent again may meet the first one in the peer's queue.
    return person.events.reports().stream()
        .filter(r -> r.violation() != Violation.REQUEST_DUPLICATE)
        .toList();
  }

  @Test
  void aSeedGivesTheSameRun() {
    for (int seed = 0; seed < 10; seed++) {
      List<List<String>> logs = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        run(new SplitMix64(seed), true, run -> logs.add(run.left.events.take()));
      }
      assertThat(logs.get(0)).isEqualTo(logs.get(1)).isNotEmpty();
    }
  }

  private record Run(Person left, Person right, WirePair pair) {}

  private static void run(SplitMix64 random, boolean fast, Consumer<Run> end) {
    try {
      Person left = new Person(random.fork("left"), fast);
      Person right = new Person(random.fork("right"), fast);
      WirePair pair = new WirePair(left.wire, right.wire);
      SplitMix64 net = random.fork("net");
      pair.toLeft()
          .cut(Cutter.random(net, 1 + net.nextInt(5000)))
          .capacity(4000 + net.nextInt(9999));
      pair.toRight().cut(Cutter.random(net, 1 + net.nextInt(50)));
      pair.delay(Duration.ofMillis(net.nextInt(300)));
      left.begins("-PW0000-leftleftleft");
      right.begins("-PW0000-rightrightri");
      pair.advance(Duration.ofSeconds(1));
      for (int i = 0; i < STEPS; i++) {
        (random.nextBoolean() ? left : right).acts();
        switch (random.nextInt(4)) {
          case 0 -> pair.run();
          case 1 -> pair.advance(Duration.ofMillis(random.nextInt(200)));
          default -> {}
        }
      }
      end.accept(new Run(left, right, pair));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(random + (fast ? ", fast" : ", not fast"), e);
    }
  }
}
