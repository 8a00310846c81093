package org.peerwire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Allocation;
import org.peerwire.Block;
import org.peerwire.Violation;

/** Each message as bytes spelled out, and what a reader promises beside reading. */
class FrameReaderTest {
  private static final HexFormat HEX = HexFormat.of();

  private static byte[] hex(String spaced) {
    return HEX.parseHex(spaced.replace(" ", ""));
  }

  private static List<Message> read(String spaced) {
    List<Message> read = new ArrayList<>();
    FrameReader.afterHandshake(FrameLimits.DEFAULT)
        .read(ByteBuffer.wrap(hex(spaced)), new MessageSink(read::add));
    return read;
  }

  private static void same(String spaced, Message message) {
    assertThat(read(spaced)).containsExactly(message);
    assertThat(Frames.bytesOf(List.of(message))).isEqualTo(hex(spaced));
  }

  @Test
  void messagesWithoutPayload() {
    same("00000000", new Message.KeepAlive());
    same("00000001 00", new Message.Choke());
    same("00000001 01", new Message.Unchoke());
    same("00000001 02", new Message.Interested());
    same("00000001 03", new Message.NotInterested());
    same("00000001 0e", new Message.HaveAll());
    same("00000001 0f", new Message.HaveNone());
  }

  @Test
  void messagesAboutAPiece() {
    same("00000005 04 00000102", new Message.Have(0x102));
    same("00000005 04 ffffffff", new Message.Have(-1));
    same("00000005 0d 00000007", new Message.SuggestPiece(7));
    same("00000005 11 00000008", new Message.AllowedFast(8));
    same("00000003 05 80 01", new Message.Bitfield(ByteBuffer.wrap(hex("80 01"))));
    same("00000001 05", new Message.Bitfield(ByteBuffer.wrap(new byte[0])));
  }

  @Test
  void messagesAboutABlock() {
    // piece 1, begin 0x4000, length 0x4000
    same("0000000d 06 00000001 00004000 00004000", new Message.Request(1, 0x4000, 0x4000));
    same("0000000d 08 00000001 00004000 00004000", new Message.Cancel(1, 0x4000, 0x4000));
    same("0000000d 10 00000001 00004000 00004000", new Message.RejectRequest(1, 0x4000, 0x4000));
    same(
        "0000000c 07 00000001 00004000 aabbcc",
        new Message.Piece(1, 0x4000, ByteBuffer.wrap(hex("aabbcc"))));
    same("00000009 07 00000001 00004000", new Message.Piece(1, 0x4000, ByteBuffer.allocate(0)));
  }

  @Test
  void theOthers() {
    same("00000003 09 1ae1", new Message.Port(6881));
    same("00000003 09 ffff", new Message.Port(65535));
    same("00000004 14 00 6465", new Message.Extended(0, ByteBuffer.wrap(hex("6465"))));
    same("00000002 14 ff", new Message.Extended(255, ByteBuffer.allocate(0)));
    same("00000003 63 0102", new Message.Unknown(0x63, ByteBuffer.wrap(hex("0102"))));
    same("00000001 ff", new Message.Unknown(255, ByteBuffer.allocate(0)));
  }

  @Test
  void messagesAboutHashesAreUnknownOnesWhereThereAreNone() {
    byte[] bytes = new byte[4 + 49];
    ByteBuffer.wrap(bytes).putInt(49).put((byte) MessageId.HASH_REQUEST);
    List<Message> read = new ArrayList<>();
    FrameReader.afterHandshake(FrameLimits.DEFAULT.withoutHashes())
        .read(ByteBuffer.wrap(bytes), new MessageSink(read::add));
    assertThat(read)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Unknown.class,
            unknown -> assertThat(unknown.payload().remaining()).isEqualTo(48));
  }

  @Test
  void aRefusalTellsWhatWasSeenAndWhere() {
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    ByteBuffer input = ByteBuffer.wrap(hex("00000001 01  00000004 04 000000"));
    FrameException e =
        catchThrowableOfType(
            FrameException.class, () -> reader.read(input, new MessageSink(m -> {})));
    assertThat(e.violation()).isEqualTo(Violation.FRAME_LENGTH);
    assertThat(e.detail()).isEqualTo("have (id 4) has length 4, expected 5");
    assertThat(e.context()).isEqualTo("0000000404000000");
    assertThat(reader.frameStart()).isEqualTo(5);
    assertThat(reader.frameId()).isEqualTo(MessageId.HAVE);
  }

  @Test
  void aBlockThatLiesWholeInTheInputIsPassedOnWhereItLies() {
    byte[] bytes = new byte[13 + 100];
    ByteBuffer.wrap(bytes).putInt(109).put((byte) MessageId.PIECE);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    List<ByteBuffer> parts = new ArrayList<>();
    FrameReader.afterHandshake(FrameLimits.DEFAULT)
        .read(
            input,
            new CopyingSink(new NullSink()) {
              @Override
              public void bytes(ByteBuffer part) {
                assertThat(part.position()).isEqualTo(13);
                parts.add(part);
              }
            });
    assertThat(parts).singleElement().isSameAs(input);
  }

  @Test
  void theOrderOfTheInputDoesNotMatterAndStays() {
    ByteBuffer input = ByteBuffer.wrap(hex("00000005 04 00000102")).order(ByteOrder.LITTLE_ENDIAN);
    List<Message> read = new ArrayList<>();
    FrameReader.afterHandshake(FrameLimits.DEFAULT).read(input, new MessageSink(read::add));
    assertThat(read).containsExactly(new Message.Have(0x102));
    assertThat(input.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void aSinkThatStopsTheReaderHearsNothingMore() {
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    List<Message> read = new ArrayList<>();
    MessageSink sink =
        new MessageSink(
            message -> {
              read.add(message);
              reader.stop();
            });
    reader.read(ByteBuffer.wrap(hex("00000001 01 00000001 00")), sink);
    reader.read(ByteBuffer.wrap(hex("00000001 02")), sink);
    assertThat(read).containsExactly(new Message.Unchoke());
  }

  @Test
  void readingAllocatesNothingAMessage() throws Exception {
    List<Message> said = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      said.add(new Message.Have(i));
      said.add(new Message.Request(i, 0, Block.LENGTH));
      said.add(new Message.Cancel(i, 0, Block.LENGTH));
      said.add(new Message.KeepAlive());
      said.add(new Message.Piece(i, 0, ByteBuffer.allocate(100)));
    }
    ByteBuffer input = ByteBuffer.wrap(Frames.bytesOf(said));
    FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
    NullSink sink = new NullSink();
    long bytes = Allocation.of(() -> reader.read(input.rewind(), sink));
    assertThat(sink.calls).isEqualTo(8L * said.size());
    assertThat(bytes).isLessThan(200);
  }

  @Test
  void aMessageOfAnyLengthIsJoinedFromItsParts() {
    for (int length = 3_500; length < 4_500; length++) {
      byte[] bits = new byte[length];
      bits[0] = 1;
      bits[length - 1] = (byte) length;
      Message message = new Message.Bitfield(ByteBuffer.wrap(bits));
      byte[] bytes = Frames.bytesOf(List.of(message, new Message.Have(length)));
      List<Message> read = new ArrayList<>();
      FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
      MessageSink sink = new MessageSink(read::add);
      reader.read(ByteBuffer.wrap(bytes, 0, 100), sink);
      reader.read(ByteBuffer.wrap(bytes, 100, bytes.length - 100), sink);
      assertThat(read).containsExactly(message, new Message.Have(length));
    }
  }
}
