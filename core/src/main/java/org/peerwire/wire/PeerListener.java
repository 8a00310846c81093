package org.peerwire.wire;

import java.nio.ByteBuffer;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.Pieces;
import org.peerwire.ViolationReport;
import org.peerwire.extension.ExtensionHandshake;

/**
 * What a peer says and does, one method a kind of event.
 *
 * <p>Order: {@link #onInfoHash}, {@link #onHandshake}, then events as they come, then {@link
 * #onClose}, once and last; only {@link #onDrained}, which tells of our output, may come sooner.
 * Events are raised by the thread that drives the transport, inside its calls; never by a verb, and
 * never two at once. Verbs may be called inside events. A listener that throws closes its wire.
 *
 * <p>A {@link ByteBuffer} given to an event is a view of the transport's input, valid until the
 * method returns and not to be written to; copy it to keep it.
 */
public interface PeerListener {
  /**
   * The first 48 bytes of the peer's handshake are in. A side that accepted the connection answers
   * here or in {@link #onHandshake}: some peers hold their peer id back until they have seen our
   * handshake, so here is safer.
   *
   * @param reserved the peer's eight reserved bytes as one big-endian number
   */
  default void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {}

  /** The peer's handshake is complete. */
  default void onHandshake(PeerWire wire, Handshake handshake) {}

  /** A keep-alive came. There is nothing to do. */
  default void onKeepAlive(PeerWire wire) {}

  /** The peer chokes us now. Without the fast extension our requests end right after this. */
  default void onChoke(PeerWire wire) {}

  /** The peer does not choke us any more: requests are welcome. */
  default void onUnchoke(PeerWire wire) {}

  /** The peer is interested now. */
  default void onInterested(PeerWire wire) {}

  /** The peer is not interested any more. */
  default void onNotInterested(PeerWire wire) {}

  /**
   * The peer has one more piece.
   *
   * @param piece piece index, from 0; in range when the layout is known
   */
  default void onHave(PeerWire wire, int piece) {}

  /**
   * The peer said what it has, by bitfield, have-all or have-none.
   *
   * @param pieces the same as {@link PeerWire#peerPieces}
   */
  default void onBitfield(PeerWire wire, Pieces pieces) {}

  /**
   * The peer asks for a block; answer with {@link PeerWire#respond}, now or later, or with {@link
   * PeerWire#reject}. It is called only for what may be answered (not while choking, not out of
   * range) and only as fast as the peer takes the answers. By default the request is rejected.
   */
  default void onRequest(PeerWire wire, int piece, int begin, int length) {
    wire.reject(piece, begin, length);
  }

  /**
   * The peer withdrew a request that was raised by {@link #onRequest}; an answer would be dropped.
   */
  default void onCancel(PeerWire wire, int piece, int begin, int length) {}

  /** A block came that we had asked for. Raised before the callback of the request. */
  default void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {}

  /** The peer rejected one of our requests. Raised before the callback of the request. */
  default void onReject(PeerWire wire, int piece, int begin, int length) {}

  /** The request at the head timed out. Raised after its callback. */
  default void onTimeout(PeerWire wire) {}

  /** The peer suggests to download this piece, which it has in memory. */
  default void onSuggestPiece(PeerWire wire, int piece) {}

  /** The peer allows us to request this piece even while it chokes us. It may not have it. */
  default void onAllowedFast(PeerWire wire, int piece) {}

  /**
   * The peer's DHT node.
   *
   * @param port UDP port, 1 to 65535
   */
  default void onPort(PeerWire wire, int port) {}

  /**
   * A message of the extension protocol, as it is; whatever is in use by {@link PeerWire#use} gets
   * it right after.
   *
   * @param extendedId 0 to 255; 0 is the extension handshake
   */
  default void onExtended(PeerWire wire, int extendedId, ByteBuffer payload) {}

  /**
   * The peer sent an extension handshake, its first or a later one. Raised after {@link
   * #onExtended}.
   *
   * @param peer all that it has told so far, the same as {@link PeerWire#peerExtensions}
   */
  default void onExtensionHandshake(PeerWire wire, ExtensionHandshake peer) {}

  /**
   * The peer asks for hashes of a v2 torrent, choked or not; answer with {@link PeerWire#hashes} or
   * {@link PeerWire#hashReject}. Only for ranges that {@link org.peerwire.PieceLayout#hasHashes}.
   * By default the request is rejected.
   */
  default void onHashRequest(PeerWire wire, HashRange range) {
    wire.hashReject(range);
  }

  /**
   * Hashes of a v2 torrent that we asked for, {@link HashRange#hashCount} of 32 bytes each. They
   * are not checked.
   */
  default void onHashes(PeerWire wire, HashRange range, ByteBuffer hashes) {}

  /** The peer rejected a hash request of ours. */
  default void onHashReject(PeerWire wire, HashRange range) {}

  /**
   * A message that is not known here, or bytes of one. It is not held: a long one is raised in
   * parts, as it comes.
   *
   * @param id 0 to 255
   * @param length of the whole payload, in bytes
   * @param offset of this part in the payload
   * @param part empty only if the payload is
   */
  default void onUnknownMessage(PeerWire wire, int id, int length, int offset, ByteBuffer part) {}

  /**
   * Bytes of requested blocks came.
   *
   * @param bytes how many
   */
  default void onDownload(PeerWire wire, int bytes) {}

  /**
   * Bytes of a block went to the transport.
   *
   * @param bytes how many
   */
  default void onUpload(PeerWire wire, int bytes) {}

  /** The peer broke a rule and is put up with. */
  default void onViolation(PeerWire wire, ViolationReport report) {}

  /** Nothing waits to be sent any more, after something did. */
  default void onDrained(PeerWire wire) {}

  /** The wire ended. Every pending request has ended before this. */
  default void onClose(PeerWire wire, CloseCause cause) {}
}
