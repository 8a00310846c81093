package org.peerwire.swarm.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;

class LocalScheduleTest {
  private static final long FIVE_MINUTES = LocalSchedule.OF_A_TORRENT;
  private static final long MINUTE = LocalSchedule.OF_ALL;
  private static final long NEVER = Long.MAX_VALUE;

  private final LocalSchedule schedule = new LocalSchedule();

  @Test
  void aTorrentIsAnnouncedAtOnceAndEveryFiveMinutes() {
    assertThat(schedule.nanosUntilPoll(7)).isEqualTo(NEVER);
    assertThat(schedule.poll(7)).isEmpty();
    schedule.add(torrent(1));
    assertThat(schedule.nanosUntilPoll(7)).isZero();
    assertThat(schedule.poll(7)).containsExactly(torrent(1));
    assertThat(schedule.nanosUntilPoll(7)).isEqualTo(FIVE_MINUTES);
    assertThat(schedule.poll(7 + FIVE_MINUTES - 1)).isEmpty();
    assertThat(schedule.poll(7 + FIVE_MINUTES)).containsExactly(torrent(1));
  }

  @Test
  void theNextOneWaitsForAMinuteAndGoesWithTheOthers() {
    schedule.add(torrent(1));
    schedule.poll(0);
    schedule.add(torrent(2));
    schedule.add(torrent(3));
    assertThat(schedule.nanosUntilPoll(1)).isEqualTo(MINUTE - 1);
    assertThat(schedule.poll(MINUTE - 1)).isEmpty();
    assertThat(schedule.poll(MINUTE)).containsExactly(torrent(2), torrent(3));
  }

  @Test
  void comingAndGoingIsNoWayAroundIt() {
    schedule.add(torrent(1));
    schedule.poll(0);
    schedule.remove(torrent(1));
    assertThat(schedule.nanosUntilPoll(MINUTE)).isEqualTo(NEVER);
    schedule.add(torrent(1));
    assertThat(schedule.nanosUntilPoll(MINUTE)).isEqualTo(FIVE_MINUTES - MINUTE);
    schedule.remove(torrent(1));
    assertThat(schedule.poll(FIVE_MINUTES)).isEmpty();
    assertThat(schedule.size()).isZero();
    schedule.add(torrent(1));
    assertThat(schedule.poll(FIVE_MINUTES)).containsExactly(torrent(1));
  }

  @Test
  void whereThereAreTooManyTheyTakeTurns() {
    int many = 10 * LocalAnnounce.MAX_INFO_HASHES + 1;
    Set<InfoHash> silent = new HashSet<>();
    for (int i = 0; i < many; i++) {
      schedule.add(torrent(i));
      silent.add(torrent(i));
    }
    long now = 0;
    for (int round = 0; round < 11; round++) {
      now += schedule.nanosUntilPoll(now);
      List<InfoHash> announced = schedule.poll(now);
      assertThat(announced).hasSizeBetween(1, LocalAnnounce.MAX_INFO_HASHES);
      announced.forEach(silent::remove);
    }
    assertThat(silent).isEmpty();
    assertThat(now).isEqualTo(10 * MINUTE);
  }

  @Test
  void whateverComesAndGoesTheNetworkHearsLittleAndEveryTorrentIsHeard() {
    int announces = 0;
    for (long seed = 1; seed <= 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      LocalSchedule any = new LocalSchedule();
      Map<InfoHash, Long> lastAt = new HashMap<>();
      Set<InfoHash> here = new HashSet<>();
      List<Long> times = new ArrayList<>();
      long now = random.nextLong();
      long began = now;
      for (int step = 0; step < 200; step++) {
        InfoHash torrent = torrent(random.nextInt(1 + (int) (seed % 60)));
        if (random.nextInt(3) > 0) {
          any.add(torrent);
          here.add(torrent);
        } else {
          any.remove(torrent);
          here.remove(torrent);
        }
        long wait = any.nanosUntilPoll(now);
        now +=
            wait != NEVER && random.nextBoolean()
                ? wait
                : random.nextLong(random.nextBoolean() ? MINUTE : FIVE_MINUTES);
        boolean due = any.nanosUntilPoll(now) == 0;
        List<InfoHash> announced = any.poll(now);
        assertThat(!announced.isEmpty()).as("seed " + seed).isEqualTo(due);
        assertThat(here).as("seed " + seed).containsAll(announced);
        for (InfoHash each : announced) {
          Long before = lastAt.put(each, now);
          assertThat(before == null || now - before >= FIVE_MINUTES).as("seed " + seed).isTrue();
        }
        if (due) {
          assertThat(times.isEmpty() || now - times.get(times.size() - 1) >= MINUTE)
              .as("seed " + seed)
              .isTrue();
          times.add(now);
          announces++;
        }
        assertThat(any.size())
            .as("seed " + seed)
            .isLessThanOrEqualTo(here.size() + 6 * LocalAnnounce.MAX_INFO_HASHES);
      }
      // At rest, all that are here are announced within five minutes and a few.
      long end = now + FIVE_MINUTES + 4 * MINUTE;
      for (long wait = any.nanosUntilPoll(now); now + wait - end < 0 && wait != NEVER; ) {
        now += wait;
        any.poll(now).forEach(each -> here.remove(each));
        wait = any.nanosUntilPoll(now);
      }
      assertThat(here).as("seed " + seed).isEmpty();
      assertThat(now - began).isPositive();
    }
    assertThat(announces).isGreaterThan(1_000);
  }

  private static InfoHash torrent(int number) {
    return InfoHash.parse("%040x".formatted(number));
  }
}
