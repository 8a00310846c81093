package org.peerwire.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.frame.Message;

/**
 * Random messages of every kind, with any numbers in their fields: all that a {@link
 * org.peerwire.frame.FrameReader} with default limits reads, in the order of a connection. Whether
 * a wire puts up with them is another matter.
 */
public final class MessageGenerator {
  private static final int KINDS = 22;
  private static final int[] UNKNOWN_IDS = {10, 11, 12, 18, 19, 24, 99, 255};

  private final SplitMix64 random;

  /** A generator; the same seed gives the same messages. */
  public MessageGenerator(SplitMix64 random) {
    this.random = random;
  }

  /** A handshake and then {@code count} messages. */
  public List<Message> connection(int count) {
    List<Message> messages = new ArrayList<>(count + 1);
    messages.add(
        new Message.Handshake(
            new Handshake(
                random.nextLong(),
                InfoHash.of(random.nextBytes(InfoHash.LENGTH)),
                PeerId.of(random.nextBytes(PeerId.LENGTH)))));
    for (int i = 0; i < count; i++) {
      messages.add(next());
    }
    return messages;
  }

  /** Any message but a handshake. */
  public Message next() {
    return switch (random.nextInt(KINDS)) {
      case 0 -> new Message.KeepAlive();
      case 1 -> new Message.Choke();
      case 2 -> new Message.Unchoke();
      case 3 -> new Message.Interested();
      case 4 -> new Message.NotInterested();
      case 5 -> new Message.Have(number());
      case 6 -> new Message.Bitfield(payload(200));
      case 7 -> new Message.Request(number(), number(), number());
      case 8, 9 -> new Message.Piece(number(), number(), payload(1 << 14));
      case 10 -> new Message.Cancel(number(), number(), number());
      case 11 -> new Message.Port(random.nextInt(1 << 16));
      case 12 -> new Message.SuggestPiece(number());
      case 13 -> new Message.HaveAll();
      case 14 -> new Message.HaveNone();
      case 15 -> new Message.RejectRequest(number(), number(), number());
      case 16 -> new Message.AllowedFast(number());
      case 17 -> new Message.Extended(random.nextInt(256), payload(6000));
      case 18 -> new Message.HashRequest(range());
      case 19 -> new Message.Hashes(range(), bytes(HashRange.HASH_LENGTH * random.nextInt(20)));
      case 20 -> new Message.HashReject(range());
      default ->
          new Message.Unknown(UNKNOWN_IDS[random.nextInt(UNKNOWN_IDS.length)], payload(5000));
    };
  }

  /** Mostly what real messages hold, sometimes the edges of 32 bits. */
  private int number() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Integer.MIN_VALUE;
      case 3 -> Integer.MAX_VALUE;
      case 4 -> random.nextInt();
      default -> random.nextInt(1 << 14);
    };
  }

  /** Mostly short, sometimes none, sometimes the longest. */
  private ByteBuffer payload(int most) {
    return switch (random.nextInt(8)) {
      case 0 -> bytes(0);
      case 1 -> bytes(most);
      case 2 -> bytes(random.nextInt(most));
      default -> bytes(random.nextInt(Math.min(most, 64)));
    };
  }

  private HashRange range() {
    return new HashRange(bytes(HashRange.HASH_LENGTH), number(), number(), number(), number());
  }

  private ByteBuffer bytes(int length) {
    return ByteBuffer.wrap(random.nextBytes(length));
  }
}
