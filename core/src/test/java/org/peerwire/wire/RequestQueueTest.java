package org.peerwire.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peerwire.Allocation;
import org.peerwire.Block;
import org.peerwire.SplitMix64;

/** The queue does what a list of blocks and callbacks would. */
class RequestQueueTest {
  private record Entry(Block block, @Nullable BlockCallback callback) {}

  @Test
  void anyRunOfCallsGivesWhatAListGives() {
    int steps = 0;
    for (long seed = 0; seed < 100; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      // Some queues stay short, so that they wrap; some never hold a callback, or come by it late.
      int most = 1 + random.below(random.below(2) == 0 ? 6 : 100);
      int called = random.below(3);
      RequestQueue queue = new RequestQueue();
      List<Entry> model = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        int what = random.below(100);
        if (what < 55 && model.size() < most) {
          Block block = block(random);
          boolean calls = called == 2 || (called == 1 && step > 100 && random.below(4) == 0);
          BlockCallback callback = calls ? (outcome, piece, begin, bytes) -> {} : null;
          queue.add(block.piece(), block.begin(), block.length(), callback);
          model.add(new Entry(block, callback));
        } else if (what < 98 && !model.isEmpty()) {
          // Mostly the oldest one.
          int index = random.below(3) > 0 ? 0 : random.below(model.size());
          queue.remove(index);
          model.remove(index);
        } else {
          queue.trim();
        }
        check("seed " + seed + ", step " + step, queue, model, block(random));
        steps++;
      }
    }
    assertThat(steps).isEqualTo(100 * 400);
  }

  @Test
  void aQueueInUseAllocatesNothing() throws Exception {
    RequestQueue queue = new RequestQueue();
    BlockCallback callback = (outcome, piece, begin, block) -> {};
    for (int i = 0; i < 5; i++) {
      queue.add(i, 0, Block.LENGTH, callback);
    }
    long bytes =
        Allocation.of(
            () -> {
              for (int i = 0; i < 1000; i++) {
                queue.add(i, 0, Block.LENGTH, callback);
                queue.remove(i % 3);
              }
            });
    assertThat(bytes).isZero();
  }

  private static void check(String replay, RequestQueue queue, List<Entry> model, Block other) {
    assertThat(queue.size()).as(replay).isEqualTo(model.size());
    assertThat(queue.isEmpty()).as(replay).isEqualTo(model.isEmpty());
    List<Block> blocks = model.stream().map(Entry::block).toList();
    assertThat(queue.toList()).as(replay).isEqualTo(blocks);
    for (int i = 0; i < model.size(); i++) {
      assertThat(queue.callback(i)).as(replay).isSameAs(model.get(i).callback());
      checkFind(replay, queue, blocks, blocks.get(i));
    }
    checkFind(replay, queue, blocks, other);
  }

  private static void checkFind(
      String replay, RequestQueue queue, List<Block> blocks, Block block) {
    int piece = block.piece();
    int begin = block.begin();
    assertThat(queue.find(piece, begin, block.length()))
        .as(replay)
        .isEqualTo(blocks.indexOf(block));
    List<Long> places = blocks.stream().map(each -> place(each.piece(), each.begin())).toList();
    assertThat(queue.find(piece, begin)).as(replay).isEqualTo(places.indexOf(place(piece, begin)));
  }

  private static long place(int piece, int begin) {
    return ((long) piece << 32) | Integer.toUnsignedLong(begin);
  }

  /** Few enough to meet again, with the numbers that are negative to Java among them. */
  private static Block block(SplitMix64 random) {
    int[] numbers = {0, 1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, -1};
    return new Block(
        numbers[random.below(6)], numbers[random.below(6)], numbers[random.below(2)] + 1);
  }
}
