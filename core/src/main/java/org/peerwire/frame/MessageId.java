package org.peerwire.frame;

/**
 * The message ids and the lengths of their frames. The length counts the id byte and not the four
 * of itself.
 */
public final class MessageId {
  // https://www.bittorrent.org/beps/bep_0003.html
  /** {@code choke}, no payload. */
  public static final int CHOKE = 0;

  /** {@code unchoke}, no payload. */
  public static final int UNCHOKE = 1;

  /** {@code interested}, no payload. */
  public static final int INTERESTED = 2;

  /** {@code not interested}, no payload. */
  public static final int NOT_INTERESTED = 3;

  /** {@code have}: piece. */
  public static final int HAVE = 4;

  /** {@code bitfield}: one bit a piece. */
  public static final int BITFIELD = 5;

  /** {@code request}: piece, begin, length. */
  public static final int REQUEST = 6;

  /** {@code piece}: piece, begin, block. */
  public static final int PIECE = 7;

  /** {@code cancel}: piece, begin, length. */
  public static final int CANCEL = 8;

  // https://www.bittorrent.org/beps/bep_0005.html
  /** {@code port}: the DHT port, two bytes. */
  public static final int PORT = 9;

  // https://www.bittorrent.org/beps/bep_0006.html
  /** {@code suggest piece}: piece. */
  public static final int SUGGEST_PIECE = 13;

  /** {@code have all}, no payload. */
  public static final int HAVE_ALL = 14;

  /** {@code have none}, no payload. */
  public static final int HAVE_NONE = 15;

  /** {@code reject request}: piece, begin, length. */
  public static final int REJECT_REQUEST = 16;

  /** {@code allowed fast}: piece. */
  public static final int ALLOWED_FAST = 17;

  // https://www.bittorrent.org/beps/bep_0010.html
  /** {@code extended}: extended id, payload. */
  public static final int EXTENDED = 20;

  // https://www.bittorrent.org/beps/bep_0052.html
  /** {@code hash request}: a {@link org.peerwire.HashRange}. */
  public static final int HASH_REQUEST = 21;

  /** {@code hashes}: a {@link org.peerwire.HashRange} and the hashes. */
  public static final int HASHES = 22;

  /** {@code hash reject}: a {@link org.peerwire.HashRange}. */
  public static final int HASH_REJECT = 23;

  /** The length of the id, piece and begin that stand before a block. */
  static final int PIECE_HEADER = 9;

  /** The length of the id and the range that stand before hashes. */
  static final int HASHES_HEADER = 49;

  private static final String[] NAMES = {
    "choke",
    "unchoke",
    "interested",
    "not interested",
    "have",
    "bitfield",
    "request",
    "piece",
    "cancel",
    "port",
    "",
    "",
    "",
    "suggest piece",
    "have all",
    "have none",
    "reject request",
    "allowed fast",
    "",
    "",
    "extended",
    "hash request",
    "hashes",
    "hash reject"
  };

  private MessageId() {}

  /** Whether a specification names the id and this library reads its payload. */
  public static boolean isKnown(int id) {
    return id >= 0 && id < NAMES.length && !NAMES[id].isEmpty();
  }

  /**
   * The name of a message in the words of its specification, or {@code unknown}.
   *
   * @param id any number
   */
  public static String name(int id) {
    return isKnown(id) ? NAMES[id] : "unknown";
  }

  /** The frame length of the ids that have a fixed one, 0 for the others. */
  static int fixedLength(int id) {
    return switch (id) {
      case CHOKE, UNCHOKE, INTERESTED, NOT_INTERESTED, HAVE_ALL, HAVE_NONE -> 1;
      case PORT -> 3;
      case HAVE, SUGGEST_PIECE, ALLOWED_FAST -> 5;
      case REQUEST, CANCEL, REJECT_REQUEST -> 13;
      case HASH_REQUEST, HASH_REJECT -> HASHES_HEADER;
      default -> 0;
    };
  }
}
