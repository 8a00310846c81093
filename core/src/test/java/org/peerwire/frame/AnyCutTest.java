package org.peerwire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.SplitMix64;

/** However a stream is cut, the same messages come out, and written again the same bytes. */
class AnyCutTest {
  private static final int LARGE_BLOCK = Block.LENGTH;

  @Test
  void randomSessionsCutAtRandomReadBackTheSame() {
    int sessions = 0;
    for (long seed = 0; seed < 400; seed++) {
      SplitMix64 random = new SplitMix64(~seed);
      List<Message> said = new RandomMessages(seed).session(60);
      int largest = 1 << random.below(13);
      check(seed, said, rest -> 1 + random.below(Math.min(rest, largest)));
      check(seed, said, rest -> 1);
      check(seed, said, rest -> rest);
      sessions++;
    }
    assertThat(sessions).isEqualTo(400);
  }

  @Test
  void everyKindOfMessageReadsBackFromEveryPairOfCuts() {
    for (int kind = 0; kind < RandomMessages.KINDS; kind++) {
      RandomMessages messages = new RandomMessages(kind);
      Message one = messages.of(kind);
      List<Message> said = List.of(messages.handshake(), shortened(one), new Message.Have(7));
      int length = Frames.bytesOf(said).length;
      for (int first = 1; first < length; first++) {
        for (int second = first; second < length; second += 1 + second % 5) {
          int[] ends = {first, second, length};
          check(kind, said, cutsAt(ends, length));
        }
      }
    }
  }

  @Test
  void everyCutOfAFullBlockReadsBack() {
    byte[] content = new SplitMix64(1).bytes(LARGE_BLOCK);
    List<Message> said =
        List.of(
            new RandomMessages(1).handshake(),
            new Message.Piece(1, 2, ByteBuffer.wrap(content)),
            new Message.Choke());
    int length = Frames.bytesOf(said).length;
    for (int cut = 1; cut < length; cut += cut < 200 || cut > length - 20 ? 1 : 97) {
      check(cut, said, cutsAt(new int[] {cut, length}, length));
    }
  }

  @Test
  void theOutboxGivesTheSameBytesInRoundsOfAnySize() {
    List<Message> said = new RandomMessages(5).session(40);
    byte[] whole = Frames.bytesOf(said);
    for (int round : new int[] {1, 2, 3, 7, 13, 64, 1000, 5000}) {
      Outbox outbox = new Outbox();
      FrameWriter writer = new FrameWriter(outbox);
      said.forEach(message -> message.sayTo(writer));
      assertThat(outbox.size()).isEqualTo(whole.length);
      assertThat(Frames.drain(outbox, round)).isEqualTo(whole);
      assertThat(outbox.isEmpty()).isTrue();
      assertThat(outbox.blockSize()).isZero();
    }
  }

  /** Short enough for every pair of cuts. */
  private static Message shortened(Message message) {
    if (message instanceof Message.Piece piece) {
      return new Message.Piece(piece.piece(), piece.begin(), first(piece.block(), 20));
    } else if (message instanceof Message.Bitfield bitfield) {
      return new Message.Bitfield(first(bitfield.bits(), 20));
    } else if (message instanceof Message.Extended extended) {
      return new Message.Extended(extended.extendedId(), first(extended.payload(), 20));
    } else if (message instanceof Message.Unknown unknown) {
      return new Message.Unknown(unknown.id(), first(unknown.payload(), 20));
    } else if (message instanceof Message.Hashes hashes) {
      return new Message.Hashes(hashes.range(), first(hashes.hashes(), 32));
    }
    return message;
  }

  private static ByteBuffer first(ByteBuffer bytes, int most) {
    return bytes.slice(0, Math.min(most, bytes.remaining()));
  }

  private static IntUnaryOperator cutsAt(int[] ends, int length) {
    return rest -> {
      int at = length - rest;
      for (int end : ends) {
        if (end > at) {
          return end - at;
        }
      }
      return rest;
    };
  }

  private static void check(long seed, List<Message> said, IntUnaryOperator nextPart) {
    byte[] bytes = Frames.bytesOf(said);
    List<Message> read = new ArrayList<>();
    Outbox copies = new Outbox();
    FrameReader toMessages = new FrameReader(FrameLimits.DEFAULT);
    FrameReader toBytes = new FrameReader(FrameLimits.DEFAULT);
    MessageSink messages = new MessageSink(read::add);
    // The writer keeps blocks by reference, and the input is used again: so they are copied here.
    CopyingSink writer = new CopyingSink(new FrameWriter(copies));
    for (int at = 0; at < bytes.length; ) {
      int part = nextPart.applyAsInt(bytes.length - at);
      // An input of its own, which is spoilt afterwards: nothing may be kept of it.
      byte[] input = Arrays.copyOfRange(bytes, at, at + part);
      feed(toMessages, input, messages);
      feed(toBytes, input, writer);
      Arrays.fill(input, (byte) 0xee);
      at += part;
    }
    assertThat(read).as("seed %d", seed).isEqualTo(said);
    assertThat(Frames.drain(copies, Long.MAX_VALUE)).as("seed %d", seed).isEqualTo(bytes);
    assertThat(toMessages.inFrame()).isFalse();
    assertThat(toMessages.missing()).isZero();
    assertThat(toMessages.position()).isEqualTo(bytes.length);
  }

  private static void feed(FrameReader reader, byte[] bytes, FrameSink sink) {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    reader.read(input, sink);
    assertThat(input.hasRemaining()).isFalse();
    assertThat(input.limit()).isEqualTo(bytes.length);
  }
}
