package org.peerwire.contract;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.frame.Message;
import org.peerwire.testkit.Cutter;
import org.peerwire.testkit.MessageGenerator;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.testkit.WireBytes;
import org.peerwire.wire.WireOptions;

/**
 * What a peer says, in which parts, and how it goes.
 *
 * @param reads whether it takes what the wire sends
 */
record Script(List<ByteBuffer> parts, End end, boolean reads, WireOptions options) {
  static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  static final PeerId THEIRS = PeerId.ofAscii("-XX0000-bbbbbbbbbbbb");
  static final PieceLayout LAYOUT = PieceLayout.of(100 * 65_536L, 65_536);

  /** The wire closes when it hears of this piece. */
  static final int LAST_PIECE = 99;

  /** The block that the wire asks for when it is unchoked. */
  static final Block WANTED = new Block(7, Block.LENGTH, 1000);

  /** In real time, where an adapter has no other. */
  private static final Duration SOON = Duration.ofMillis(500);

  /** How a peer goes. */
  enum End {
    /** It ends its output. */
    ENDS,
    /** The connection fails. */
    FAILS,
    /** It says nothing more. */
    SILENT
  }

  /** A conversation, mostly lawful, that a seed replays. */
  static Script random(SplitMix64 random) {
    boolean fast = random.nextBoolean();
    List<Message> said = new ArrayList<>();
    said.add(new Message.Handshake(new Handshake(fast ? Feature.FAST.mask() : 0, TORRENT, THEIRS)));
    if (fast) {
      said.add(random.nextBoolean() ? new Message.HaveAll() : new Message.HaveNone());
    }
    int count = random.nextInt(30);
    int requests = 0;
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(9)) {
        case 0 -> said.add(new Message.KeepAlive());
        case 1 -> said.add(new Message.Interested());
        case 2 -> said.add(new Message.NotInterested());
        case 3 -> said.add(new Message.Unchoke());
        case 4 -> said.add(new Message.Choke());
        case 5 -> said.add(new Message.Have(random.nextInt(LAST_PIECE)));
        case 6 ->
            said.add(
                new Message.Piece(
                    WANTED.piece(), WANTED.begin(), ByteBuffer.allocate(WANTED.length())));
        case 7 -> said.add(new Message.Unknown(99, ByteBuffer.wrap(random.nextBytes(40))));
        default -> {
          // Fewer than the window, so that none has to wait for the peer to read.
          if (requests++ < 8) {
            said.add(new Message.Request(random.nextInt(100), 0, Block.LENGTH));
          }
        }
      }
    }
    if (random.oneIn(4)) {
      said.add(new Message.Have(LAST_PIECE));
    }
    if (random.oneIn(3)) {
      MessageGenerator anything = new MessageGenerator(random);
      for (int i = random.nextInt(10); i > 0; i--) {
        said.add(anything.next());
      }
    }
    byte[] bytes = WireBytes.of(said.toArray(new Message[0]));
    if (random.oneIn(3)) {
      bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
    }
    End end = random.nextBoolean() ? End.ENDS : End.FAILS;
    return new Script(List.of(ByteBuffer.wrap(bytes)), end, true, WireOptions.DEFAULT);
  }

  /** Nothing more comes behind these bytes, and the wire waits for no more than the options say. */
  static Script silent(byte[] bytes, WireOptions.Builder options) {
    return new Script(List.of(ByteBuffer.wrap(bytes)), End.SILENT, true, options.build());
  }

  /** The peer asks for much, and takes nothing of it. */
  static Script stalled(int requests, int window) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    said.writeBytes(handshake());
    said.writeBytes(WireBytes.of(new Message.HaveNone(), new Message.Interested()));
    for (int i = 0; i < requests; i++) {
      said.writeBytes(WireBytes.of(new Message.Request(i, 0, Block.LENGTH)));
    }
    return new Script(
        List.of(ByteBuffer.wrap(said.toByteArray())),
        End.SILENT,
        false,
        WireOptions.builder().uploadWindow(window).sendTimeout(SOON).build());
  }

  static byte[] handshake() {
    return WireBytes.of(new Message.Handshake(new Handshake(Feature.FAST.mask(), TORRENT, THEIRS)));
  }

  static Duration soon() {
    return SOON;
  }

  /** The same, in other parts. */
  Script cut(Cutter cutter) {
    List<ByteBuffer> cut = new ArrayList<>();
    for (ByteBuffer part : parts) {
      ByteBuffer rest = part.duplicate();
      while (rest.hasRemaining()) {
        int length = cutter.next(rest.remaining());
        cut.add(rest.slice(rest.position(), length));
        rest.position(rest.position() + length);
      }
    }
    return new Script(cut, end, reads, options);
  }
}
