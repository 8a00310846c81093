package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The judge of leaks can say no. */
class LeaksTest {
  @Test
  void aBufferThatIsLeftBehindIsFound() throws Exception {
    leave();
    assertThat(Leaks.find()).hasSize(1);
  }

  @Test
  void aBufferThatIsReleasedIsNot() throws Exception {
    ByteBufAllocator.DEFAULT.directBuffer(100).release();
    assertThat(Leaks.find()).isEmpty();
  }

  /** In a frame of its own, which holds nothing when it is gone. */
  private static void leave() {
    assertThat(ByteBufAllocator.DEFAULT.directBuffer(100).isReadable()).isFalse();
  }
}
