package org.peerwire.client.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;

class BlockPoolTest {
  private static final int SLABS = 16;

  private final List<Boolean> told = new ArrayList<>();
  private final BlockPool pool = new BlockPool((long) SLABS * BlockPool.SLAB, told::add);

  private static ByteBuffer block(int fill, int length) {
    ByteBuffer block = ByteBuffer.allocateDirect(length + 3).position(3);
    for (int i = 3; i < block.limit(); i++) {
      block.put(i, (byte) fill);
    }
    return block;
  }

  private BlockPool.Part whole(int fill) {
    return pool.copy(block(fill, Block.LENGTH));
  }

  @Test
  void b15_pressureIsToldOnceEachWay() {
    List<BlockPool.Part> parts = new ArrayList<>();
    int perSlab = BlockPool.SLAB / Block.LENGTH;
    for (int i = 0; i < SLABS * 3 / 4 * perSlab; i++) {
      parts.add(whole(i));
    }
    assertThat(told).isEmpty();
    parts.add(whole(1));
    assertThat(told).containsExactly(true);
    assertThat(pool.isPressed()).isTrue();
    parts.add(whole(1));
    parts.forEach(pool::give);
    assertThat(told).containsExactly(true, false);
    assertThat(pool.used()).isZero();
    assertThat(pool.isPressed()).isFalse();
  }

  @Test
  void b15_aSmallPartCountsAsItsSlab() {
    List<BlockPool.Part> kept = new ArrayList<>();
    for (int slab = 0; slab < SLABS; slab++) {
      kept.add(pool.copy(block(1, 1)));
      for (int i = 0; i < BlockPool.SLAB / Block.LENGTH; i++) {
        pool.give(whole(2));
      }
    }
    assertThat(pool.used()).isEqualTo(SLABS);
    assertThat(told).containsExactly(true);
    kept.forEach(pool::give);
    assertThat(told).containsExactly(true, false);
  }

  @Test
  void b15_whatStaysToBeHashedLeavesRoomToRead() {
    List<BlockPool.Part> waiting = new ArrayList<>();
    List<BlockPool.Part> others = new ArrayList<>();
    for (int i = 0; !pool.isPressed(); i++) {
      BlockPool.Part part = whole(i);
      (pool.hasPlenty() ? waiting : others).add(part);
    }
    assertThat(waiting).isNotEmpty();
    others.forEach(pool::give);
    assertThat(told).containsExactly(true, false);
    waiting.forEach(pool::give);
    assertThat(pool.used()).isZero();
  }

  @Test
  void partsThatFollowEachOtherBecomeOne() {
    BlockPool.Part first = whole(1);
    BlockPool.Part second = pool.copy(block(2, 100));
    BlockPool.Part third = whole(3);
    assertThat(first.append(third)).isFalse();
    assertThat(first.append(second)).isTrue();
    assertThat(first.append(third)).isTrue();
    assertThat(first.length()).isEqualTo(2 * Block.LENGTH + 100);
    ByteBuffer bytes = first.bytes();
    assertThat(bytes.remaining()).isEqualTo(first.length());
    assertThat(bytes.get(Block.LENGTH - 1)).isEqualTo((byte) 1);
    assertThat(bytes.get(Block.LENGTH)).isEqualTo((byte) 2);
    assertThat(bytes.get(Block.LENGTH + 100)).isEqualTo((byte) 3);
    pool.give(first);
    assertThat(pool.used()).isZero();
  }

  @Test
  void whatIsHeldIsNotOverwritten() {
    BlockPool.Part held = whole(7);
    for (int i = 0; i < 100; i++) {
      pool.give(whole(8));
    }
    assertThat(held.bytes()).isEqualTo(block(7, Block.LENGTH));
    BlockPool.Part other = whole(9);
    assertThat(held.append(other)).isFalse();
    pool.give(held);
    pool.give(other);
    assertThat(pool.used()).isZero();
  }
}
