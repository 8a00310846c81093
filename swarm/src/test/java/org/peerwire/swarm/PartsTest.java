package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;

/** The small classes, one by one. */
class PartsTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aPipelineDoublesAndThenFollowsTheSpeed() {
    Pipeline pipeline = new Pipeline(16, 250, 30 * SECOND, 0);
    assertThat(pipeline.timeout()).isEqualTo(30 * SECOND);
    long now = 0;
    for (int i = 0; i < 300; i++) {
      pipeline.block(Block.LENGTH, now += SECOND / 100);
    }
    assertThat(pipeline.depth()).isEqualTo(250);
    pipeline.tick(now);
    for (int i = 0; i < 600; i++) {
      pipeline.block(Block.LENGTH, now += SECOND / 10);
      pipeline.tick(now);
    }
    // Ten blocks a second, for four seconds ahead.
    assertThat(pipeline.depth()).isBetween(38, 46);
    assertThat(pipeline.timeout()).isEqualTo(10 * SECOND);
    for (int i = 0; i < 40; i++) {
      pipeline.block(Block.LENGTH, now += 12 * SECOND);
      pipeline.tick(now);
    }
    assertThat(pipeline.depth()).isEqualTo(4);
    assertThat(pipeline.timeout()).isBetween(45 * SECOND, 60 * SECOND);
  }

  @Test
  void aPipelineStopsAtWhatThePeerQueues() {
    Pipeline pipeline = new Pipeline(16, 250, 30 * SECOND, 0);
    for (int i = 0; i < 100; i++) {
      pipeline.block(Block.LENGTH, i);
    }
    pipeline.rejected(50);
    assertThat(pipeline.depth()).isEqualTo(50);
    pipeline.rejected(80);
    pipeline.block(Block.LENGTH, 101);
    assertThat(pipeline.depth()).isEqualTo(50);
  }

  @Test
  void a05_aBlockIsRefusedAfterThreeTimesForAMinute() {
    Refusals refusals = new Refusals();
    assertThat(refusals.add(1, 2, 0)).isFalse();
    assertThat(refusals.add(1, 2, 0)).isFalse();
    assertThat(refusals.refuses(1, 2, 0)).isFalse();
    refusals.add(1, 2, 0);
    assertThat(refusals.refuses(1, 2, 59 * SECOND)).isTrue();
    assertThat(refusals.refuses(1, 3, 59 * SECOND)).isFalse();
    assertThat(refusals.refuses(1, 2, 61 * SECOND)).isFalse();
    for (int i = 4; i < 100; i++) {
      assertThat(refusals.add(9, i, 0)).isFalse();
    }
    assertThat(refusals.add(9, 100, 0)).as("the hundredth").isTrue();
    refusals.served(9, 100);
    assertThat(refusals.add(9, 101, 0)).isFalse();
  }

  @Test
  void digestsTellWhichBlocksDiffer() {
    byte[] piece = new byte[3 * Block.LENGTH + 5];
    BlockDigests before = BlockDigests.of(ByteBuffer.wrap(piece));
    piece[Block.LENGTH]++;
    piece[3 * Block.LENGTH]++;
    ByteBuffer buffer = ByteBuffer.wrap(piece);
    BlockDigests after = BlockDigests.of(buffer);
    assertThat(buffer.remaining()).isEqualTo(piece.length);
    assertThat(after.size()).isEqualTo(4);
    assertThat(before.sameBlock(after, 0)).isTrue();
    assertThat(before.sameBlock(after, 1)).isFalse();
    assertThat(before.sameBlock(after, 2)).isTrue();
    assertThat(before.sameBlock(after, 3)).isFalse();
  }

  @Test
  void s03_aBanIsOfTheHostAndOnThisMachineOfTheAddress() {
    Bans bans = new Bans(10 * SECOND);
    bans.add(Sim.address("10.0.0.1", 1), 0);
    bans.add(Sim.address("127.0.0.1", 1), 0);
    assertThat(bans.contains(Sim.address("10.0.0.1", 2), 1)).isTrue();
    assertThat(bans.contains(Sim.address("127.0.0.1", 1), 1)).isTrue();
    assertThat(bans.contains(Sim.address("127.0.0.1", 2), 1)).isFalse();
    assertThat(bans.contains(Sim.address("10.0.0.1", 1), 10 * SECOND)).isFalse();
    bans.add(Sim.address("2001:db8::1:1", 1), 0);
    assertThat(bans.contains(Sim.address("2001:db8::2:2", 2), 1)).as("same /64").isTrue();
    assertThat(bans.contains(Sim.address("2001:db8:0:1::1", 1), 1)).isFalse();
    assertThat(bans.size()).isEqualTo(2);
  }

  @Test
  void b17_bansAreBounded() {
    Bans bans = new Bans(SECOND);
    for (int i = 0; i < 20_000; i++) {
      bans.add(Sim.address("10.0." + i / 250 + "." + i % 250, 1), 0);
    }
    assertThat(bans.size()).isEqualTo(10_000);
  }
}
