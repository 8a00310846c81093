package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many alarms of one event loop, in virtual time. */
@Timeout(30)
class AlarmsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private Alarms alarms;
  private long start;

  @BeforeEach
  void freeze() {
    channel.freezeTime();
    alarms = Alarms.of(channel.eventLoop());
    start = alarms.now();
  }

  @AfterEach
  void finish() {
    channel.finishAndReleaseAll();
  }

  @Test
  void noneIsEarlyAndNoneIsLateByMoreThanItsShare() {
    Random random = new Random(11);
    List<Long> lateness = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      long nanos = random.nextLong() >>> (20 + i % 44);
      new Alarm(
              alarms,
              () -> {
                long late = alarms.now() - start - nanos;
                lateness.add(late);
                assertThat(late).as("of %d", nanos).isBetween(0L, nanos / Alarms.LATE);
              })
          .set(start, nanos);
    }
    runAll();
    assertThat(lateness).hasSize(500).contains(0L).anyMatch(late -> late > SECOND / 2);
  }

  @Test
  void thoseOfAMinuteShareAFewMoments() {
    Set<Long> moments = new TreeSet<>();
    for (int i = 0; i < 10_000; i++) {
      long nanos = 60 * SECOND + i * (60 * SECOND / 10_000);
      new Alarm(alarms, () -> moments.add(alarms.now())).set(start, nanos);
    }
    runAll();
    assertThat(moments).hasSizeBetween(55, 125);
  }

  @Test
  void oneThatIsSetAgainMovesOnlyForward() {
    List<Long> rung = new ArrayList<>();
    Alarm alarm = new Alarm(alarms, () -> rung.add((alarms.now() - start) / SECOND));
    alarm.set(start, 10 * SECOND);
    alarm.set(start, 20 * SECOND);
    runAll();
    alarm.set(start + 10 * SECOND, 20 * SECOND);
    alarm.set(start + 10 * SECOND, 5 * SECOND);
    alarm.set(start, Long.MAX_VALUE);
    runAll();
    assertThat(rung).containsExactly(10L, 15L);
  }

  @Test
  void thoseThatAreStoppedLeaveNothing() {
    List<Alarm> all = new ArrayList<>();
    List<Alarm> rung = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(new Alarm(alarms, () -> rung.add(all.get(3))));
      all.get(i).set(start, SECOND);
    }
    for (int i : new int[] {2, 0, 4, 1}) {
      all.get(i).stop();
      all.get(i).stop();
    }
    runAll();
    assertThat(rung).containsExactly(all.get(3));
    all.get(1).set(alarms.now(), SECOND);
    all.get(1).stop();
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }

  /** What rings may set, stop and throw as it likes. */
  @Test
  void allOfAMomentRingWhateverTheOthersDo() {
    int count = 1_000;
    List<Integer> rung = new ArrayList<>();
    List<Alarm> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      all.add(
          new Alarm(
              alarms,
              () -> {
                rung.add(number);
                if (rung.size() <= count) {
                  Alarm other = all.get((number * 7 + 1) % count);
                  other.stop();
                  other.set(alarms.now(), number % 2 * SECOND);
                }
                if (number % 100 == 0) {
                  throw new IllegalStateException("number " + number);
                }
              }));
    }
    all.forEach(alarm -> alarm.set(start, SECOND));
    runAll();
    assertThat(rung).hasSizeGreaterThan(count).containsAll(numbers(count));
    assertThatThrownBy(channel::checkException).hasMessageStartingWith("number");
  }

  @Test
  void eachExecutorHasItsOwn() {
    assertThat(Alarms.of(channel.eventLoop())).isSameAs(alarms);
    EmbeddedChannel other = new EmbeddedChannel();
    assertThat(Alarms.of(other.eventLoop())).isNotSameAs(alarms);
    other.finishAndReleaseAll();
  }

  private static List<Integer> numbers(int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  /** Goes from moment to moment until nothing is left. */
  private void runAll() {
    for (long next = runDue(); next >= 0; next = runDue()) {
      channel.advanceTimeBy(next, TimeUnit.NANOSECONDS);
    }
  }

  private long runDue() {
    channel.runScheduledPendingTasks();
    while (channel.hasPendingTasks()) {
      channel.runPendingTasks();
    }
    return channel.runScheduledPendingTasks();
  }
}
