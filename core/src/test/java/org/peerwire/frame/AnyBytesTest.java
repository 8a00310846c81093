package org.peerwire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Allocation;
import org.peerwire.SplitMix64;
import org.peerwire.Violation;

/**
 * Whatever bytes come: messages or the documented exception, and no memory for what is only
 * declared.
 */
class AnyBytesTest {
  private static final long SLACK = 4096;

  /** What a test makes itself, and the JVM rounds up, around the memory that is measured. */
  private static final long NOISE = 700;

  @Test
  void randomBytesGiveMessagesOrTheDocumentedException() {
    int refused = 0;
    for (long seed = 0; seed < 3000; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      refused += survives(seed, random, random.bytes(1 + random.below(4000))) ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(2000);
  }

  @Test
  void mutatedSessionsGiveMessagesOrTheDocumentedException() {
    int refused = 0;
    int survived = 0;
    for (long seed = 0; seed < 3000; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      List<Message> said = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        said.add(new RandomMessages(seed + i).any());
      }
      byte[] bytes = Frames.bytesOf(said);
      for (int i = random.below(4); i >= 0; i--) {
        bytes[random.below(bytes.length)] = (byte) random.nextLong();
      }
      if (survives(seed, random, bytes)) {
        survived++;
      } else {
        refused++;
      }
    }
    // Both ways out were taken, or this test says nothing.
    assertThat(refused).isGreaterThan(100);
    assertThat(survived).isGreaterThan(100);
  }

  /** Returns whether all of it was read. */
  private static boolean survives(long seed, SplitMix64 random, byte[] bytes) {
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    int[] calls = {0};
    MessageSink sink = new MessageSink(message -> calls[0]++);
    int largest = 1 + random.below(200);
    try {
      for (int at = 0; at < bytes.length; ) {
        int part = Math.min(bytes.length - at, 1 + random.below(largest));
        reader.read(ByteBuffer.wrap(bytes, at, part), sink);
        at += part;
      }
      return true;
    } catch (FrameException e) {
      assertThat(e.context().length()).as("seed %d", seed).isBetween(2, 128);
      int before = calls[0];
      ByteBuffer unchoke = ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 1});
      reader.read(unchoke, sink);
      assertThat(unchoke.remaining()).as("nothing is read after it, seed %d", seed).isEqualTo(5);
      assertThat(calls[0]).isEqualTo(before);
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {MessageId.BITFIELD, MessageId.PIECE, MessageId.EXTENDED, MessageId.HASHES, 99})
  void aDeclaredLengthCostsNothingBeforeItsBytesCome(int id) throws Exception {
    FrameLimits limits = FrameLimits.DEFAULT;
    int[] lengths = {0, limits.frame(), limits.frame() + 1, 0x7fffffff, 0x80000000, 0xffffffff};
    for (int length : lengths) {
      for (int arrived : new int[] {5, 6, 100, 5000, 60_000}) {
        byte[] bytes = new byte[arrived];
        ByteBuffer.wrap(bytes).putInt(length).put((byte) id);
        if (length == 0) {
          // A keep-alive, and then the id is the first byte of the next length.
          bytes[4] = 1;
        }
        assertThat(allocatedFor(limits, bytes, bytes.length))
            .as("id %d, length %d, %d bytes", id, Integer.toUnsignedLong(length), arrived)
            .isLessThanOrEqualTo(arrived + SLACK + NOISE);
      }
    }
  }

  @Test
  void aMessageThatIsHeldTakesWhatHasComeAnd4KibAndNoMore() throws Exception {
    byte[] bytes = new byte[100_000];
    ByteBuffer.wrap(bytes).putInt(131_072).put((byte) MessageId.EXTENDED);
    // In one piece: one buffer, of the size of what came and a little.
    assertThat(allocatedFor(FrameLimits.DEFAULT, bytes, bytes.length))
        .isLessThanOrEqualTo(bytes.length + SLACK + NOISE);
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    MessageSink sink = new MessageSink(message -> {});
    for (int at = 0; at < bytes.length; at += 10) {
      reader.read(ByteBuffer.wrap(bytes, at, 10), sink);
      assertThat(reader.held()).isLessThanOrEqualTo(at + 10 + (int) SLACK);
    }
  }

  @Test
  void atABoundaryNothingIsHeld() {
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    MessageSink sink = new MessageSink(message -> {});
    byte[] bytes = Frames.bytesOf(List.of(new Message.Request(1, 2, 3)));
    for (byte each : bytes) {
      reader.read(ByteBuffer.wrap(new byte[] {each}), sink);
    }
    assertThat(reader.held()).isZero();
    assertThat(reader.inFrame()).isFalse();
  }

  @Test
  void theLimitOfAnyMessageIsCheckedWithItsFourthByte() {
    FrameLimits limits = FrameLimits.DEFAULT;
    for (int length : new int[] {limits.frame() + 1, 0x7fffffff, 0x80000000, 0xffffffff}) {
      FrameReader reader = FrameReader.afterHandshake(limits);
      MessageSink sink = new MessageSink(message -> {});
      byte[] bytes = ByteBuffer.allocate(4).putInt(length).array();
      reader.read(ByteBuffer.wrap(bytes, 0, 3), sink);
      assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(bytes, 3, 1), sink))
          .isInstanceOfSatisfying(
              FrameException.class,
              e -> assertThat(e.violation()).isEqualTo(Violation.FRAME_TOO_LARGE));
    }
  }

  private static long allocatedFor(FrameLimits limits, byte[] bytes, int part) throws Exception {
    MessageId.name(0);
    NullSink sink = new NullSink();
    return Allocation.of(
        () -> {
          FrameReader reader = FrameReader.afterHandshake(limits);
          try {
            for (int at = 0; at < bytes.length; at += part) {
              reader.read(ByteBuffer.wrap(bytes, at, Math.min(part, bytes.length - at)), sink);
            }
          } catch (FrameException e) {
            assertThat(e.violation()).isNotNull();
          }
        });
  }
}
