package org.peerwire.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.Profile;
import org.peerwire.frame.FrameLimits;
import org.peerwire.frame.Message;
import org.peerwire.frame.OutputSink;
import org.peerwire.testkit.WireBytes;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;
import org.peerwire.wire.WireOptions;
import org.peerwire.wire.WireTransport;

/** What a peer can make a wire allocate, and where the bytes of a block lie. */
class MemoryTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  private static final PeerId THEIRS = PeerId.ofAscii("-XX0000-bbbbbbbbbbbb");
  private static final PeerListener DEAF = new PeerListener() {};

  /** Throws away what a wire sends. */
  private static final OutputSink NOWHERE =
      new OutputSink() {
        @Override
        public void control(ByteBuffer bytes) {}

        @Override
        public void block(ByteBuffer block) {}

        @Override
        public void region(BlockRegion region, int offset, int length) {
          region.release();
        }
      };

  private static PeerWire open(PeerListener listener, WireOptions options, Feature... features) {
    PeerWire wire = new PeerWire(listener, options);
    long reserved = 0;
    for (Feature each : features) {
      reserved |= each.mask();
    }
    wire.handshake(TORRENT, OURS);
    receive(wire, WireBytes.of(new Message.Handshake(new Handshake(reserved, TORRENT, THEIRS))));
    receive(wire, WireBytes.of(new Message.Unchoke()));
    drain(wire);
    return wire;
  }

  private static void receive(PeerWire wire, byte[] bytes) {
    wire.transport().receive(ByteBuffer.wrap(bytes), 0);
  }

  private static void drain(PeerWire wire) {
    WireTransport transport = wire.transport();
    transport.sent(transport.drainTo(NOWHERE, Long.MAX_VALUE), 0);
  }

  /** F01, F02, F03 and the bound B2: for each kind of message, whatever length it declares. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void aDeclaredLengthCostsFourKibibytesAtMost(Profile profile) {
    FrameLimits limits = FrameLimits.DEFAULT;
    int measured = 0;
    for (int id = 0; id <= 0x63; id++) {
      int limit =
          switch (id) {
            case 5 -> 1 + limits.bitfield();
            case 7 -> 9 + limits.block();
            case 20 -> limits.extended();
            case 22 -> 49 + 32 * limits.hashes();
            default -> limits.frame();
          };
      int[] lengths = {0, 1, 13, limit, limit + 1, limits.frame(), 0x7fffffff, 0x80000000, -1};
      for (int length : lengths) {
        // What is there of the message when it is measured: nothing, its head, or a little more.
        for (int arrived : new int[] {0, 1, 9, 64}) {
          int least = Integer.MAX_VALUE;
          for (int i = 0; i < 3; i++) {
            least = Math.min(least, cost(profile, id, length, arrived));
          }
          assertThat(least)
              .as("id %s, length %s, %s bytes of it", id, length, arrived)
              .isLessThanOrEqualTo(4 + arrived + 4096);
          measured++;
        }
      }
    }
    assertThat(measured).isEqualTo(100 * 9 * 4);
  }

  private static int cost(Profile profile, int id, int length, int arrived) {
    WireOptions options = WireOptions.builder().profile(profile).hashMessages(true).build();
    PeerWire wire = open(DEAF, options);
    wire.request(0, 0, 1 << 14, null);
    ByteBuffer input = ByteBuffer.allocate(4 + (length == 0 ? 0 : arrived)).putInt(length);
    if (input.hasRemaining()) {
      input.put((byte) id);
    }
    input.clear();
    WireTransport transport = wire.transport();
    long before = Allocated.now();
    transport.receive(input, 0);
    return (int) (Allocated.now() - before);
  }

  /** F02 with what follows: a peer that goes on sending behind a refused length pays alone. */
  @Test
  void whatFollowsARefusedLengthCostsNothing() {
    byte[] bytes = new byte[4 + 65_536];
    ByteBuffer.wrap(bytes).putInt(0x7fffffff);
    PeerWire wire = open(DEAF, WireOptions.DEFAULT);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    long before = Allocated.now();
    wire.transport().receive(input, 0);
    assertThat(Allocated.now() - before).isLessThan(4096);
    assertThat(wire.isClosed()).isTrue();
  }

  /** F08: a payload that nobody knows is not held, however long it is. */
  @Test
  void b10_whatAPeerHasBeforeMetadataIsABitmap() {
    PeerWire wire = open(DEAF, WireOptions.DEFAULT);
    int count = 200_000;
    ByteBuffer haves = ByteBuffer.allocate(9 * count);
    for (int i = 0; i < count; i++) {
      haves.putInt(5).put((byte) 4).putInt((i * 20) % 4_194_304);
    }
    long before = Allocated.now();
    wire.transport().receive(haves.flip(), 0);
    // It doubles as it grows: what is held in the end is 524,288 bytes.
    assertThat(Allocated.now() - before).isLessThan(3 * 524_288);
    assertThat(wire.peerPieces().count()).isEqualTo(count);
    assertThat(wire.isOpen()).isTrue();
  }

  @Test
  void anUnknownPayloadIsNotHeld() {
    PeerWire wire = open(DEAF, WireOptions.DEFAULT);
    receive(wire, WireBytes.hex("00100000 63"));
    ByteBuffer part = ByteBuffer.allocate(1000);
    wire.transport().receive(part, 0);
    // The virtual machine itself may take some, once, when it goes over to compiled code.
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long before = Allocated.now();
      for (int i = 0; i < 300; i++) {
        wire.transport().receive(part.clear(), 0);
      }
      least = Math.min(least, Allocated.now() - before);
    }
    assertThat(least).isLessThan(300);
  }

  // ---------------------------------------------------------------- no allocation per message

  /** Counts, and nothing else. */
  private static final class Counter implements PeerListener {
    int events;
    long bytes;

    @Override
    public void onHave(PeerWire wire, int piece) {
      events++;
    }

    @Override
    public void onKeepAlive(PeerWire wire) {
      events++;
    }

    @Override
    public void onInterested(PeerWire wire) {
      events++;
    }

    @Override
    public void onNotInterested(PeerWire wire) {
      events++;
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      events++;
    }

    @Override
    public void onCancel(PeerWire wire, int piece, int begin, int length) {
      events++;
    }

    @Override
    public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
      events++;
      bytes += block.remaining();
    }

    @Override
    public void onExtended(PeerWire wire, int extendedId, ByteBuffer payload) {
      events++;
      bytes += payload.remaining();
    }
  }

  private static final int MESSAGES = 100_000;
  private static final PieceLayout LAYOUT = PieceLayout.of(MESSAGES * 2L * 16, 16);

  /** All messages in inputs of so many bytes; few divides none of the messages' lengths. */
  private static long costOf(PeerWire wire, byte[] messages, int inputLength) {
    ByteBuffer input = ByteBuffer.wrap(messages);
    WireTransport transport = wire.transport();
    long before = Allocated.now();
    for (int at = 0; at < messages.length; at += inputLength) {
      transport.receive(input.limit(Math.min(messages.length, at + inputLength)).position(at), 0);
    }
    return Allocated.now() - before;
  }

  private static byte[] repeated(int times, IntFunction<Message[]> messages) {
    List<Message> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.addAll(List.of(messages.apply(i)));
    }
    return WireBytes.of(all.toArray(new Message[0]));
  }

  @Test
  void messagesWithoutPayloadAllocateNothing() {
    Counter counter = new Counter();
    PeerWire wire = open(counter, WireOptions.DEFAULT, Feature.EXTENSION_PROTOCOL);
    wire.layout(LAYOUT);
    wire.unchoke();
    for (int i = 0; i < LAYOUT.pieceCount(); i++) {
      wire.have(i);
    }
    drain(wire);
    Message extended = new Message.Extended(3, ByteBuffer.allocate(20));
    byte[] warm = repeated(100, i -> round(i, extended));
    byte[] messages = repeated(MESSAGES / 7, i -> round(100 + i, extended));
    costOf(wire, warm, 1 << 16);
    counter.events = 0;

    long cost = costOf(wire, messages, messages.length);

    assertThat(counter.events).isEqualTo(MESSAGES / 7 * 7);
    assertThat(cost).as("bytes for %s messages", MESSAGES).isLessThan(MESSAGES / 20);
  }

  private static Message[] round(int i, Message extended) {
    return new Message[] {
      new Message.Have(i),
      new Message.Request(i, 0, 16),
      new Message.Cancel(i, 0, 16),
      new Message.Interested(),
      new Message.NotInterested(),
      new Message.KeepAlive(),
      extended
    };
  }

  @Test
  void blocksAllocateNothing() {
    Counter counter = new Counter();
    WireOptions options = WireOptions.builder().maxRequests(1000).build();
    PeerWire wire = open(counter, options);
    wire.layout(LAYOUT);
    int[] ended = new int[1];
    byte[] messages =
        repeated(1000, i -> new Message[] {new Message.Piece(i, 0, ByteBuffer.allocate(16))});
    long cost = 0;
    for (int round = 0; round <= MESSAGES / 1000; round++) {
      for (int i = 0; i < 1000; i++) {
        wire.request(i, 0, 16, (outcome, piece, begin, block) -> ended[0]++);
      }
      drain(wire);
      long once = costOf(wire, messages, messages.length);
      cost += round == 0 ? 0 : once;
    }
    assertThat(ended[0]).isEqualTo(MESSAGES + 1000);
    assertThat(counter.bytes).isEqualTo(16L * (MESSAGES + 1000));
    assertThat(cost).as("bytes for %s blocks", MESSAGES).isLessThan(MESSAGES / 20);
  }

  // ---------------------------------------------------------------- blocks by reference

  /** A block that lies whole in the input is the input. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aContiguousBlockIsASliceOfTheInput(boolean direct) {
    List<Byte> seen = new ArrayList<>();
    byte[] bytes = WireBytes.of(new Message.Piece(0, 0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4})));
    ByteBuffer input = direct ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
    input.put(bytes).flip();
    PeerWire wire = open(DEAF, WireOptions.DEFAULT);
    wire.request(
        0,
        0,
        4,
        (outcome, piece, begin, block) -> {
          // Written through the input's other end, and seen through the block.
          input.put(13 + 1, (byte) 42);
          seen.add(block.get(block.position()));
          seen.add(block.get(block.position() + 1));
        });
    wire.transport().receive(input, 0);
    assertThat(seen).containsExactly((byte) 1, (byte) 42);
    assertThat(input.hasRemaining()).isFalse();
  }

  /** What was kept by copying is not touched when the input is used again. */
  @Test
  void aCopyOfABlockIsTheApplications() {
    PeerWire wire = open(DEAF, WireOptions.DEFAULT);
    var future = wire.request(0, 0, 4);
    byte[] bytes = WireBytes.of(new Message.Piece(0, 0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4})));
    receive(wire, bytes);
    Arrays.fill(bytes, (byte) 9);
    assertThat(future).isCompletedWithValue(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
  }

  /** A block that comes in parts is put together once, and its buffer is used again. */
  @Test
  void aBlockInPartsIsPutTogether() {
    List<String> got = new ArrayList<>();
    PeerWire wire = open(DEAF, WireOptions.DEFAULT);
    byte[] content = new byte[1 << 14];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 7);
    }
    byte[] message = WireBytes.of(new Message.Piece(0, 0, ByteBuffer.wrap(content)));
    for (int cut : new int[] {1, 3, 13, 14, 1000, 5000, 16_000}) {
      wire.request(
          0,
          0,
          1 << 14,
          (outcome, piece, begin, block) -> {
            assertThat(outcome).isEqualTo(RequestOutcome.BLOCK);
            got.add(cut + " " + block.equals(ByteBuffer.wrap(content)));
          });
      for (int at = 0; at < message.length; at += cut) {
        int length = Math.min(cut, message.length - at);
        wire.transport().receive(ByteBuffer.wrap(message, at, length), 0);
      }
    }
    assertThat(got).hasSize(7).allMatch(line -> line.endsWith("true"));
  }

  /** What we answer with leaves as the very memory we gave. */
  @Test
  void aBlockLeavesByReference() {
    PeerWire wire =
        open(
            new PeerListener() {
              @Override
              public void onRequest(PeerWire same, int piece, int begin, int length) {
                // Answered below.
              }
            },
            WireOptions.builder().features(Set.of()).build());
    wire.unchoke();
    receive(wire, WireBytes.of(new Message.Request(0, 0, 4)));
    byte[] memory = {0, 1, 2, 3, 4, 5};
    wire.respond(0, 0, ByteBuffer.wrap(memory, 1, 4));
    List<ByteBuffer> blocks = new ArrayList<>();
    wire.transport()
        .drainTo(
            new OutputSink() {
              @Override
              public void control(ByteBuffer bytes) {}

              @Override
              public void block(ByteBuffer block) {
                blocks.add(block);
              }

              @Override
              public void region(BlockRegion region, int offset, int length) {}
            },
            Long.MAX_VALUE);
    assertThat(blocks).hasSize(1);
    assertThat(blocks.get(0).array()).isSameAs(memory);
    assertThat(blocks.get(0)).isEqualTo(ByteBuffer.wrap(memory, 1, 4));
  }
}
