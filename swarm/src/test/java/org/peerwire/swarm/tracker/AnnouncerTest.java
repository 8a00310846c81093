package org.peerwire.swarm.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.swarm.tracker.TrackerStatus.State;

/** Whom to tell what, and when. */
class AnnouncerTest {
  private static final Announce.Totals LEECH = new Announce.Totals(0, 0, 100);
  private static final Announce.Totals SEED = new Announce.Totals(0, 100, 0);

  private long now = Long.MAX_VALUE - TimeUnit.MINUTES.toNanos(1);

  private static Announcer announcer(long seed, List<List<String>> tiers) {
    return new Announcer(tiers, Announces.TORRENT, Announces.US, 6881, Announces.random(seed));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Announcer announcer(List<String>... tiers) {
    return announcer(7, List.of(tiers));
  }

  private static TrackerAnswer answer(long interval, long minInterval, @Nullable String id) {
    return new TrackerAnswer(
        interval, minInterval, 1, 2, List.of(), Optional.empty(), id, Optional.empty());
  }

  private Announcer.Task poll(Announcer announcer, Announce.Totals totals) {
    assertThat(announcer.nanosUntilPoll(now, false)).isZero();
    return Objects.requireNonNull(announcer.poll(now, totals, false));
  }

  private void pass(long seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  private static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }

  @Test
  void startedThenNothingThenCompletedThenStopped() {
    Announcer announcer = announcer(List.of("a"));
    Announcer.Task task = poll(announcer, LEECH);
    assertThat(task.url()).isEqualTo("a");
    assertThat(task.announce().event()).isEqualTo(AnnounceEvent.STARTED);
    assertThat(task.announce().numWant()).isEqualTo(Announcer.NUM_WANT);
    assertThat(announcer.poll(now, LEECH, true)).as("one at a time").isNull();
    announcer.answered(answer(900, 0, "id"), 0, now);
    assertThat(seconds(announcer.nanosUntilPoll(now, false))).isEqualTo(900);
    pass(900);
    task = poll(announcer, LEECH);
    assertThat(task.announce().event()).isEqualTo(AnnounceEvent.NONE);
    assertThat(task.announce().trackerId()).isEqualTo("id");
    announcer.answered(answer(900, 0, null), 0, now);
    announcer.complete();
    task = poll(announcer, SEED);
    assertThat(task.announce().event()).isEqualTo(AnnounceEvent.COMPLETED);
    assertThat(task.announce().trackerId()).as("kept").isEqualTo("id");
    announcer.answered(answer(900, 0, null), 0, now);
    assertThat(seconds(announcer.nanosUntilPoll(now, false))).isEqualTo(900);
    announcer.stop();
    task = Objects.requireNonNull(announcer.poll(now, SEED, false));
    assertThat(task.announce().event()).isEqualTo(AnnounceEvent.STOPPED);
    assertThat(task.announce().numWant()).isZero();
    assertThat(announcer.poll(now, SEED, false)).isNull();
    assertThat(announcer.nanosUntilPoll(now, true)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whoDoesNotKnowUsIsToldNothingAtTheEnd() {
    Announcer announcer = announcer(List.of("a"), List.of("b"));
    poll(announcer, LEECH);
    announcer.failed("no", now);
    poll(announcer, LEECH);
    announcer.answered(answer(900, 0, null), 0, now);
    announcer.stop();
    assertThat(Objects.requireNonNull(announcer.poll(now, LEECH, false)).url()).isEqualTo("b");
    assertThat(announcer.poll(now, LEECH, false)).isNull();
    assertThat(announcer(List.of("a")).poll(now, LEECH, false)).isNotNull();
  }

  @Test
  void anAnnounceThatWasUnderWayAtTheEndIsTakenBack() {
    Announcer announcer = announcer(List.of("a"));
    poll(announcer, LEECH);
    announcer.stop();
    assertThat(Objects.requireNonNull(announcer.poll(now, LEECH, false)).announce().event())
        .isEqualTo(AnnounceEvent.STOPPED);
  }

  @Test
  void completionWhileAnAnnounceIsUnderWayIsToldAfterIt() {
    Announcer announcer = announcer(List.of("a"));
    poll(announcer, LEECH);
    announcer.complete();
    announcer.answered(answer(900, 0, null), 0, now);
    assertThat(poll(announcer, SEED).announce().event()).isEqualTo(AnnounceEvent.COMPLETED);
  }

  @Test
  void whoHeardOfUsAsASeedIsNotToldOfTheCompletion() {
    Announcer announcer = announcer(List.of("a"));
    announcer.complete();
    assertThat(poll(announcer, SEED).announce().event()).isEqualTo(AnnounceEvent.STARTED);
    announcer.answered(answer(900, 0, null), 0, now);
    assertThat(seconds(announcer.nanosUntilPoll(now, false))).isEqualTo(900);
  }

  /** BEP 12: within a tier at random, then the next tier; what answers moves to the front. */
  @Test
  void tiersInTheirOrder() {
    List<String> first = List.of("a", "b", "c", "d", "e", "f");
    Announcer announcer = announcer(first, List.of("z"));
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      asked.add(poll(announcer, LEECH).url());
      announcer.failed("no", now);
    }
    assertThat(asked).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
    assertThat(poll(announcer, LEECH).url()).isEqualTo("z");
    announcer.answered(answer(900, 0, null), 0, now);
    pass(900);
    String again = poll(announcer, LEECH).url();
    assertThat(again).as("the first tier is tried again").isEqualTo(asked.get(0));
    announcer.failed("no", now);
    String works = poll(announcer, LEECH).url();
    announcer.answered(answer(900, 0, null), 0, now);
    pass(900);
    assertThat(poll(announcer, LEECH).url()).as("the front of its tier").isEqualTo(works);
  }

  @Test
  void theOrderWithinATierIsByChance() {
    Set<String> firsts = new HashSet<>();
    for (int seed = 0; seed < 60; seed++) {
      firsts.add(poll(announcer(seed, List.of(List.of("a", "b", "c"))), LEECH).url());
    }
    assertThat(firsts).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void whatFailsIsLeftAloneForLongerAndLonger() {
    Announcer announcer = announcer(List.of("a"));
    List<Long> rests = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      assertThat(poll(announcer, LEECH).announce().event()).isEqualTo(AnnounceEvent.STARTED);
      announcer.failed("no", now);
      long nanos = announcer.nanosUntilPoll(now, true);
      rests.add(seconds(nanos));
      now += nanos - 1;
      assertThat(announcer.poll(now, LEECH, true)).isNull();
      now++;
    }
    assertThat(rests).containsExactly(15L, 30L, 60L, 120L, 240L, 480L, 960L, 1800L, 1800L, 1800L);
    poll(announcer, LEECH);
    announcer.answered(answer(900, 0, null), 0, now);
    pass(900);
    poll(announcer, LEECH);
    announcer.failed("no", now);
    assertThat(seconds(announcer.nanosUntilPoll(now, false))).as("it is forgiven").isEqualTo(15);
  }

  /** Intervals are the tracker's wish within our bounds: neither a flood nor silence for years. */
  @ParameterizedTest(name = "interval {0}, min interval {1}: {2} s, hungry {3} s")
  @CsvSource({
    "0, 0, 1800, 300",
    "1, 0, 60, 60",
    "59, 0, 60, 60",
    "60, 0, 60, 60",
    "61, 0, 61, 61",
    "900, 0, 900, 300",
    "7199, 0, 7199, 300",
    "7200, 0, 7200, 300",
    "7201, 0, 7200, 300",
    "2147483648, 0, 7200, 300",
    "9223372036854775807, 9223372036854775807, 7200, 7200",
    "1800, 1, 1800, 60",
    "1800, 120, 1800, 120",
    "1800, 900, 1800, 900",
    "100, 900, 900, 900",
    "0, 2147483648, 7200, 7200"
  })
  void intervals(long interval, long minInterval, long patient, long hungry) {
    Announcer announcer = announcer(List.of("a"));
    poll(announcer, LEECH);
    announcer.answered(answer(interval, minInterval, null), 0, now);
    assertThat(seconds(announcer.nanosUntilPoll(now, false))).isEqualTo(patient);
    assertThat(seconds(announcer.nanosUntilPoll(now, true))).isEqualTo(hungry);
    now += TimeUnit.SECONDS.toNanos(hungry) - 1;
    assertThat(announcer.poll(now, LEECH, true)).isNull();
    now++;
    assertThat(announcer.poll(now, LEECH, true)).isNotNull();
  }

  @Test
  void saysHowTheTrackersStand() {
    Announcer announcer = announcer(List.of("a"), List.of("b"), List.of("c"));
    assertThat(announcer.status()).extracting(TrackerStatus::state).containsOnly(State.IDLE);
    poll(announcer, LEECH);
    announcer.failed("it says: no", now);
    poll(announcer, LEECH);
    assertThat(announcer.status())
        .extracting(TrackerStatus::state)
        .containsExactly(State.FAILED, State.ASKING, State.IDLE);
    announcer.answered(answer(900, 0, null), 5, now);
    assertThat(announcer.status())
        .containsExactly(
            new TrackerStatus("a", State.FAILED, "it says: no", -1, -1, 0),
            new TrackerStatus("b", State.WORKING, "", 1, 2, 5),
            new TrackerStatus("c", State.IDLE, "", -1, -1, 0));
  }

  @Test
  void withoutTrackersThereIsNothingToDo() {
    Announcer announcer = announcer(List.of());
    assertThat(announcer.poll(now, LEECH, true)).isNull();
    assertThat(announcer.nanosUntilPoll(now, true)).isEqualTo(Long.MAX_VALUE);
    announcer.stop();
    assertThat(announcer.poll(now, LEECH, true)).isNull();
  }

  @Test
  void answersToNothingDoNothing() {
    Announcer announcer = announcer(List.of("a"));
    announcer.answered(answer(900, 0, null), 0, now);
    announcer.failed("no", now);
    assertThat(poll(announcer, LEECH).announce().event()).isEqualTo(AnnounceEvent.STARTED);
  }
}
