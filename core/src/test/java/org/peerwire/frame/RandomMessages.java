package org.peerwire.frame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.SplitMix64;

/** Random messages of every kind, with any values that their fields can hold. */
final class RandomMessages {
  /** How many kinds {@link #any} knows. */
  static final int KINDS = 21;

  private final SplitMix64 random;

  RandomMessages(long seed) {
    random = new SplitMix64(seed);
  }

  /** A handshake and then any messages. */
  List<Message> session(int messages) {
    List<Message> session = new ArrayList<>();
    session.add(handshake());
    for (int i = 0; i < messages; i++) {
      session.add(any());
    }
    return session;
  }

  Message handshake() {
    return new Message.Handshake(
        new org.peerwire.Handshake(
            random.nextLong(),
            InfoHash.of(random.bytes(InfoHash.LENGTH)),
            PeerId.of(random.bytes(PeerId.LENGTH))));
  }

  Message any() {
    return of(random.below(KINDS));
  }

  Message of(int kind) {
    return switch (kind) {
      case 0 -> new Message.KeepAlive();
      case 1 -> new Message.Choke();
      case 2 -> new Message.Unchoke();
      case 3 -> new Message.Interested();
      case 4 -> new Message.NotInterested();
      case 5 -> new Message.Have(number());
      case 6 -> new Message.Bitfield(bytes(1 + random.below(300)));
      case 7 -> new Message.Request(number(), number(), number());
      case 8 -> new Message.Piece(number(), number(), bytes(random.below(2000)));
      case 9 -> new Message.Cancel(number(), number(), number());
      case 10 -> new Message.Port(random.below(1 << 16));
      case 11 -> new Message.SuggestPiece(number());
      case 12 -> new Message.HaveAll();
      case 13 -> new Message.HaveNone();
      case 14 -> new Message.RejectRequest(number(), number(), number());
      case 15 -> new Message.AllowedFast(number());
      case 16 -> new Message.Extended(random.below(256), bytes(random.below(500)));
      case 17 -> new Message.HashRequest(range());
      case 18 -> new Message.Hashes(range(), bytes(HashRange.HASH_LENGTH * random.below(10)));
      case 19 -> new Message.HashReject(range());
      case 20 -> new Message.Unknown(24 + random.below(232), bytes(random.below(500)));
      default -> throw new IllegalArgumentException("kind " + kind);
    };
  }

  private HashRange range() {
    return new HashRange(bytes(HashRange.HASH_LENGTH), number(), number(), number(), number());
  }

  private int number() {
    return (int) random.nextLong() >>> random.below(32);
  }

  private ByteBuffer bytes(int length) {
    return ByteBuffer.wrap(random.bytes(length));
  }
}
