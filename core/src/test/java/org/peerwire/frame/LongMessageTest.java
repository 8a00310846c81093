package org.peerwire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Allocation;
import org.peerwire.SplitMix64;

/** Messages that are collected and take many buffers. */
class LongMessageTest {
  private static final int LONGEST = FrameLimits.DEFAULT.bitfield();
  private static final int HEAD = 5;

  /** Whoever copies a byte again has to make room for it again. A tenth is for the buffers' own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 1460, 3840, 65_536})
  void eachByteIsCopiedTwiceHoweverItIsCut(int chunk) throws Exception {
    for (int length : new int[] {100, 3_000, 5_000, 50_000, LONGEST}) {
      byte[] frame = bitfield(length);
      ByteBuffer input = ByteBuffer.wrap(frame);
      NullSink sink = new NullSink();
      long allocated = Allocation.of(() -> read(input.clear(), chunk, sink));
      assertThat(sink.calls).isPositive();
      assertThat(sink.sum).isEqualTo(sink.calls * length);
      assertThat(allocated)
          .as("%s bytes", length)
          .isLessThanOrEqualTo(21L * frame.length / 10 + 8192);
    }
  }

  @Test
  void whatIsHeldIsBoundedOnTheWay() {
    SplitMix64 random = new SplitMix64(1);
    byte[] frame = bitfield(LONGEST);
    ByteBuffer input = ByteBuffer.wrap(frame);
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    NullSink sink = new NullSink();
    while (input.limit(frame.length).hasRemaining()) {
      int part = 1 + random.below(Math.min(input.remaining(), 1 << random.below(17)));
      reader.read(input.limit(input.position() + part), sink);
      assertThat(reader.held()).isLessThanOrEqualTo(input.position() + 4096);
      if (sink.calls == 0 && input.position() >= HEAD) {
        assertThat(reader.missing()).isEqualTo(frame.length - input.position());
        assertThat(reader.inFrame()).isTrue();
      }
    }
    assertThat(sink.calls).isEqualTo(1);
    assertThat(reader.held()).isZero();
    assertThat(reader.missing()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theContentIsThatOfTheMessageHoweverItIsCut(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    byte[] bits = random.bytes(1 + random.below(LONGEST));
    byte[] frame = bitfield(bits.length);
    System.arraycopy(bits, 0, frame, HEAD, bits.length);
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    int[] read = {0};
    MessageSink sink =
        new MessageSink(
            message -> {
              assertThat(message).isEqualTo(new Message.Bitfield(ByteBuffer.wrap(bits)));
              assertThat(reader.frameStart()).isEqualTo(frame.length * (long) read[0]);
              assertThat(reader.frameLength()).isEqualTo(frame.length - 4);
              read[0]++;
            });
    for (int times = 0; times < 2; times++) {
      ByteBuffer input = ByteBuffer.wrap(frame);
      while (input.limit(frame.length).hasRemaining()) {
        int part = 1 + random.below(Math.min(input.remaining(), 1 << random.below(17)));
        reader.read(input.limit(input.position() + part), sink);
      }
    }
    assertThat(read[0]).as("seed %d", seed).isEqualTo(2);
  }

  @Test
  void nothingIsHeldOfOneThatWasStopped() {
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    reader.read(ByteBuffer.wrap(bitfield(LONGEST), 0, 100), new NullSink());
    reader.read(ByteBuffer.wrap(new byte[100_000]), new NullSink());
    assertThat(reader.held()).isGreaterThan(100_000);
    reader.stop();
    assertThat(reader.held()).isZero();
  }

  private static void read(ByteBuffer input, int chunk, FrameSink sink) {
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    int length = input.limit();
    for (int at = 0; at < length; at += chunk) {
      reader.read(input.limit(Math.min(at + chunk, length)), sink);
    }
  }

  private static byte[] bitfield(int length) {
    byte[] frame = new byte[HEAD + length];
    ByteBuffer.wrap(frame).putInt(1 + length).put((byte) MessageId.BITFIELD);
    return frame;
  }
}
