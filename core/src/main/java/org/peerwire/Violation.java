package org.peerwire;

import static org.peerwire.Tolerance.CLOSE;
import static org.peerwire.Tolerance.EVENT;
import static org.peerwire.Tolerance.budget;
import static org.peerwire.Tolerance.budgetPerMinute;

/**
 * What a peer can do wrong, which specification says so, and what follows in each {@link Profile}.
 */
@SuppressWarnings("ImmutableEnumChecker") // a Tolerance is two numbers
public enum Violation {
  /** The handshake does not begin with the protocol's name. */
  HANDSHAKE_PROTOCOL(
      3, "the peer does not speak the BitTorrent protocol, or speaks it encrypted", CLOSE),
  /** The handshake names a torrent that this listener does not have; raised by the application. */
  UNKNOWN_INFO_HASH(3, "the peer asks for a torrent that is not here", CLOSE),
  /** The handshake answers with another torrent than the one asked for. */
  INFO_HASH_MISMATCH(3, "the peer answers with another info-hash", CLOSE),
  /** The peer id is not the one that was expected of this address. */
  PEER_ID_MISMATCH(3, "the peer is not the one expected at its address", EVENT),
  /** The peer id is our own. */
  SELF_CONNECTION(3, "the peer is ourselves", CLOSE),
  /** Another connection to the same peer exists; raised by the application. */
  DUPLICATE_PEER(3, "a connection to this peer exists", CLOSE),

  /** A declared length is beyond the limit of any message, or of messages of its kind. */
  FRAME_TOO_LARGE(3, "a message is larger than its kind may be", CLOSE),
  /** A declared length does not fit the kind of message. */
  FRAME_LENGTH(3, "a message does not have the length of its kind", CLOSE),
  /** A message whose id no specification names, or whose feature is off. */
  UNKNOWN_MESSAGE(3, "a message has an id that is not known here", budgetPerMinute(16), CLOSE),
  /** More than 10 keep-alives a second, for a minute. */
  KEEPALIVE_FLOOD(3, "the peer sends far more keep-alives than it needs", EVENT),

  /** A bitfield whose length is not the number of pieces divided by eight, rounded up. */
  BITFIELD_LENGTH(3, "a bitfield does not have the length of this torrent's", CLOSE),
  /** A bit behind the last piece is set. */
  BITFIELD_SPARE_BITS(3, "a bitfield has spare bits set", EVENT, CLOSE),
  /** A bitfield that is not the first word about pieces. */
  BITFIELD_LATE(3, "a bitfield comes late or twice", budget(1), CLOSE),
  /**
   * A bitfield comes again, with more pieces than before. aria2 says so instead of many haves, so
   * it is put up with far more often than one that takes pieces back.
   */
  BITFIELD_FOR_HAVES(3, "a bitfield comes again in place of haves", budgetPerMinute(600), CLOSE),
  /** A have for a piece that the torrent does not have. */
  HAVE_OUT_OF_RANGE(3, "a have names a piece that does not exist", CLOSE),
  /** A request for bytes that do not exist. */
  REQUEST_OUT_OF_RANGE(3, "a request asks for bytes that do not exist", budget(50)),
  /** A request for a larger block than is served. */
  REQUEST_TOO_LARGE(3, "a request asks for a larger block than is served", EVENT),
  /** The same request again while the first one is pending. */
  REQUEST_DUPLICATE(3, "a request is repeated while it is pending", budget(100)),
  /** Hundreds of requests while choked. */
  REQUEST_FLOOD(6, "the peer keeps requesting while it is choked", CLOSE),
  /** A block that nobody asked for, lately. */
  UNREQUESTED_BLOCK(6, "a block comes that was not requested", budget(8), CLOSE),
  /** A block outside of every piece. */
  BLOCK_OUT_OF_RANGE(3, "a block lies outside of its piece", CLOSE),
  /** A block of another length than the one requested at its place. */
  BLOCK_LENGTH(3, "a block does not have the length requested", budget(4)),
  /** A DHT port of 0. */
  PORT_ZERO(5, "the peer's DHT port is 0", EVENT),

  /** A message of the fast extension, which is not on. */
  FAST_NOT_NEGOTIATED(6, "a message of the fast extension, which is off", CLOSE),
  /** Bitfield, have-all and have-none, more than one of them. */
  HAVE_STATE_REPEATED(6, "the peer says twice what it has", budget(1), CLOSE),
  /** With the fast extension on, another message came before bitfield, have-all or have-none. */
  HAVE_STATE_MISSING(6, "the peer does not begin by saying what it has", EVENT, CLOSE),
  /** A reject of something that was not requested. */
  REJECT_UNREQUESTED(6, "a reject comes for what was not requested", budget(64)),
  /** An allowed-fast or suggest-piece for a piece that does not exist. */
  ALLOWED_FAST_OUT_OF_RANGE(6, "an allowed-fast or suggestion names no piece", budget(8)),

  /** A message of the extension protocol, which is not on. */
  EXTENSION_NOT_NEGOTIATED(10, "a message of the extension protocol, which is off", EVENT, CLOSE),
  /** An extension handshake, or a message of an extension, that can't be read. */
  EXTENSION_MALFORMED(10, "an extended message can't be read", budget(1)),
  /** A message of an extension that we did not offer, or do not offer any more. */
  EXTENSION_UNKNOWN_ID(10, "an extended message has an id that we did not name", budget(16)),
  /** Two extensions under one id; the one named last has it. */
  EXTENSION_DUPLICATE_ID(10, "two extensions have the same id", EVENT),
  /** Bytes follow a bencoded message. */
  EXTENSION_TRAILING(10, "something follows an extended message", EVENT),
  /** Lists and dictionaries nest too deeply. */
  BENCODE_DEPTH(10, "an extended message nests too deeply", EVENT),
  /** A string's length is no number, or more than there is. */
  BENCODE_STRING_LENGTH(10, "a string in an extended message has no valid length", EVENT),
  /** An integer is not written as one, or does not fit 64 bits. */
  BENCODE_INTEGER(10, "an integer in an extended message is not valid", EVENT),
  /** Keys of a dictionary are not sorted, or not unique; of equal keys the first counts. */
  BENCODE_NOT_CANONICAL(3, "a dictionary's keys are not sorted or not unique", EVENT),

  /** A ut_metadata message that can't be read. */
  METADATA_MALFORMED(9, "a metadata message can't be read", CLOSE),
  /** A block of metadata that nobody asked for. */
  METADATA_UNREQUESTED(9, "metadata comes that was not requested", budget(4)),
  /** A block of metadata that has not the length that follows from the size agreed on. */
  METADATA_BLOCK_LENGTH(9, "a block of metadata has not the length agreed on", CLOSE),
  /** Another size of the metadata than the one told before. */
  METADATA_SIZE_CHANGED(9, "the peer tells another size of the metadata than before", EVENT),
  /** All of the metadata came from one peer, and is not that of the torrent. */
  METADATA_HASH(9, "the metadata is not that of this torrent", CLOSE),
  /** Far more requests for metadata than there are blocks. */
  METADATA_FLOOD(9, "the peer keeps requesting metadata", CLOSE),

  /** A peer exchange message that can't be read, or a list in it that has not the right length. */
  PEX_MALFORMED(11, "a peer exchange message can't be read", EVENT),
  /** Far more peer exchange messages than one a minute. */
  PEX_FLOOD(11, "the peer sends more than one peer exchange message a minute", CLOSE),

  /** More takings back of a piece than there are pieces, in a minute. */
  DONTHAVE_FLOOD(54, "the peer keeps taking back what it has", CLOSE),

  /** A message about v2 hashes before the torrent is known to be v2. */
  HASH_NOT_NEGOTIATED(52, "a message about hashes of a torrent that has none", CLOSE),
  /** A request for hashes that no tree of the torrent has. */
  HASH_REQUEST_INVALID(52, "a request asks for hashes that do not exist", budget(32)),
  /** Hashes that nobody asked for, or not as many as were asked for. */
  HASHES_UNREQUESTED(52, "hashes come that were not requested", CLOSE),
  /** A hash reject without a request. */
  HASH_REJECT_UNREQUESTED(52, "a hash reject answers no request", budget(16)),
  /** Hashes that do not lead to the root of their file; raised by the application. */
  HASH_PROOF(52, "hashes do not lead to the root of their file", CLOSE),
  /**
   * A block that is proved, by the hashes of its file, not to be what it should be; raised by the
   * application.
   */
  CORRUPT_BLOCK(52, "a block is not what its hash says", CLOSE),

  /**
   * A public key of the encrypted handshake that gives the shared secret away, or is no key at all.
   */
  MSE_BAD_KEY(0, "the peer's encryption key is not one", CLOSE),
  /** What marks the end of the padding did not come in the bytes in which it has to. */
  MSE_SYNC(0, "the encrypted handshake does not go on behind its padding", CLOSE),
  /** The peer asks for a torrent that is not here, in the encrypted handshake. */
  MSE_UNKNOWN_TORRENT(0, "the peer asks, encrypted, for a torrent that is not here", CLOSE),
  /** The eight zero bytes that prove both sides to have the same keys are not zero. */
  MSE_VC(0, "the peer's encryption does not fit the torrent", CLOSE),
  /** No method that both sides take, or one selected that was not offered. */
  MSE_SELECT(0, "the peer and we have no encryption method in common", CLOSE),
  /** Padding of more than 512 bytes. */
  MSE_PAD(0, "the encrypted handshake has more padding than it may", CLOSE),
  /** More bytes sent along with the encrypted handshake than are taken. */
  MSE_INITIAL_PAYLOAD(0, "the encrypted handshake brings too many bytes along", CLOSE),
  /** Plaintext where we insist on encryption. */
  MSE_REQUIRED(0, "the peer does not encrypt, and that is required here", CLOSE),
  /**
   * The peer took a plaintext connection after the encrypted one failed: it can't do better, or
   * someone between us cuts the encrypted ones. Raised by the application, which dials.
   */
  MSE_DOWNGRADED(0, "the connection is plaintext since the encrypted one failed", EVENT);

  private final int bep;
  private final String sentence;
  private final Tolerance interop;
  private final Tolerance strict;

  Violation(int bep, String sentence, Tolerance both) {
    this(bep, sentence, both, both);
  }

  Violation(int bep, String sentence, Tolerance interop, Tolerance strict) {
    this.bep = bep;
    this.sentence = sentence;
    this.interop = interop;
    this.strict = strict;
  }

  /** What the peer did, in a few words for a person. */
  public String sentence() {
    return sentence;
  }

  /**
   * The number of the specification that is violated:
   * https://www.bittorrent.org/beps/bep_00NN.html; 0 for message stream encryption, which has none.
   */
  public int bep() {
    return bep;
  }

  /** What follows, unless a rule says that this very instance closes. */
  public Tolerance tolerance(Profile profile) {
    return profile == Profile.STRICT ? strict : interop;
  }
}
