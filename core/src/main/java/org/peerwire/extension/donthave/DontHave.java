package org.peerwire.extension.donthave;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.Violation;
import org.peerwire.wire.Extension;

/**
 * {@code lt_donthave} on one wire, in both roles (<a
 * href="https://www.bittorrent.org/beps/bep_0054.html">BEP 54</a>). What the peer takes back leaves
 * {@link org.peerwire.wire.PeerWire#peerPieces}; our requests for it end as {@code REJECTED}, with
 * the fast extension when the peer rejects them.
 *
 * <p>A peer may take back as many pieces a minute as there are; more is {@link
 * Violation#DONTHAVE_FLOOD}.
 */
public final class DontHave extends Extension {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /** How many a minute while the number of pieces is not known. */
  private static final int UNKNOWN_PIECES = 4096;

  private final Listener listener;
  private int count;
  private long since;

  /** Hears what the peer takes back. */
  @FunctionalInterface
  public interface Listener {
    /**
     * The peer has a piece no more that it had.
     *
     * @param piece piece index, from 0
     */
    void onDontHave(DontHave extension, int piece);
  }

  /** Keeps {@link org.peerwire.wire.PeerWire#peerPieces} right, and tells nobody. */
  public DontHave() {
    this((extension, piece) -> {});
  }

  /** Keeps {@link org.peerwire.wire.PeerWire#peerPieces} right, and tells. */
  public DontHave(Listener listener) {
    super("lt_donthave");
    this.listener = listener;
  }

  /**
   * We do not have a piece any more. Requests for it that are pending are dropped, or rejected if
   * the fast extension is on; later ones too.
   *
   * @return whether the peer was told; not if it does not speak the extension, or was never told
   *     that we have the piece
   */
  public boolean dontHave(int piece) {
    if (wire().isClosed() || !wire().pieces().contains(piece)) {
      return false;
    }
    boolean told = send(ByteBuffer.allocate(Integer.BYTES).putInt(piece).flip());
    return loseOurs(piece) && told;
  }

  @Override
  protected void onMessage(ByteBuffer payload) {
    if (isFlood()) {
      fail(Violation.DONTHAVE_FLOOD, count + " in a minute");
      return;
    }
    if (payload.remaining() != Integer.BYTES) {
      tolerates(Violation.EXTENSION_MALFORMED, "lt_donthave of " + payload.remaining() + " bytes");
      return;
    }
    int piece = payload.getInt();
    int end = wire().peerPieces().size();
    if (piece < 0 || piece >= (end == Pieces.UNKNOWN ? PieceSet.MAX_SIZE : end)) {
      String detail = "lt_donthave of piece " + Integer.toUnsignedString(piece);
      tolerates(Violation.EXTENSION_MALFORMED, detail);
    } else if (losePeers(piece)) {
      listener.onDontHave(this, piece);
    }
  }

  private boolean isFlood() {
    long now = now();
    if (count == 0 || now - since > MINUTE) {
      count = 0;
      since = now;
    }
    int pieces = wire().peerPieces().size();
    return ++count > (pieces == Pieces.UNKNOWN ? UNKNOWN_PIECES : Math.max(1, pieces));
  }
}
