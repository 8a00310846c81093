package org.peerwire.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator.MaxMessageHandle;
import org.junit.jupiter.api.Test;

class ReceiveBufferTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final ReceiveBuffer buffers = new ReceiveBuffer();
  private final MaxMessageHandle one = buffers.newHandle();
  private final MaxMessageHandle other = buffers.newHandle();

  @Test
  void allConnectionsReceiveIntoTheSameMemory() {
    ByteBuf first = one.allocate(allocator);
    assertThat(first.isDirect()).isTrue();
    assertThat(first.writableBytes()).isEqualTo(one.guess());
    first.writeInt(1);
    first.release();
    ByteBuf second = other.allocate(allocator);
    assertThat(second).isSameAs(first);
    assertThat(second.readableBytes()).as("empty again").isZero();
    second.release();
    buffers.release();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void whatIsKeptIsNotOverwritten() {
    ByteBuf kept = one.allocate(allocator).writeInt(7);
    ByteBuf next = other.allocate(allocator).writeInt(8);
    assertThat(kept.getInt(0)).isEqualTo(7);
    assertThat(allocator.metric().usedDirectMemory()).isEqualTo(2L * one.guess());
    kept.release();
    next.release();
    assertThat(allocator.metric().usedDirectMemory()).as("one is kept").isEqualTo(one.guess());
    buffers.release();
    buffers.release();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }
}
